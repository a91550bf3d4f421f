package tokenizer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func isASCIIPunct(r rune) bool {
	return '!' <= r && r <= '/' || ':' <= r && r <= '@' || '[' <= r && r <= '`' || '{' <= r && r <= '~'
}

func isPunct(r rune) bool { return isASCIIPunct(r) || r >= utf8.RuneSelf && unicode.IsPunct(r) }

// isCJK reports the ideograph blocks of tokenization.py: not Hangul, not kana.
func isCJK(r rune) bool {
	return r >= 0x3400 && (0x4E00 <= r && r <= 0x9FFF || r <= 0x4DBF ||
		0xF900 <= r && r <= 0xFAFF || 0x20000 <= r && r <= 0x2A6DF ||
		0x2A700 <= r && r <= 0x2CEAF || 0x2F800 <= r && r <= 0x2FA1F)
}

// isControl reports the categories Cc, Cf and Co, except tab and line ends.
func isControl(r rune) bool {
	if r == '\t' || r == '\n' || r == '\r' {
		return false
	}
	return unicode.IsControl(r) || r >= 0xAD && unicode.In(r, unicode.Cf, unicode.Co)
}

const (
	hangulBase   = 0xAC00 // the first of the syllables, Unicode 3.12
	hangulCount  = 11172
	jamoV, jamoT = 21, 28 // vowels; trailing consonants, with none
)

// decompose appends the full decomposition of one character: canonical for
// norm.NFD, compatibility for norm.NFKD.
func decompose(dst []rune, r rune, form norm.Form) []rune {
	if r < 0xA0 {
		return append(dst, r)
	}
	if s := r - hangulBase; 0 <= s && s < hangulCount {
		dst = append(dst, 0x1100+s/(jamoV*jamoT), 0x1161+s%(jamoV*jamoT)/jamoT)
		if t := s % jamoT; t > 0 {
			dst = append(dst, 0x11A7+t)
		}
		return dst
	}
	var room [utf8.UTFMax]byte
	d := form.Properties(room[:utf8.EncodeRune(room[:], r)]).Decomposition()
	if d == nil {
		return append(dst, r)
	}
	for len(d) > 0 {
		c, size := utf8.DecodeRune(d)
		dst = append(dst, c)
		d = d[size:]
	}
	return dst
}

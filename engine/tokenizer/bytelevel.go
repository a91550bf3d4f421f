package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A byteLevel is the model of GPT-2 and RoBERTa: BPE over the bytes of the
// text, so that no text is unknown. The vocabulary spells every byte as a
// printable character; a blank is "Ġ".
type byteLevel struct {
	*merges
	bytes [256]int32 // the symbol of a byte, -1 when the vocabulary lacks it
	trim  bool       // spans leave out the blanks around a token
}

// byteRunes is how GPT-2's encoder.py spells the bytes: printable Latin-1 as
// itself, the others as the characters from U+0100 on.
var byteRunes = func() (t [256]rune) {
	next := rune(0x100)
	for b := range t {
		if '!' <= b && b <= '~' || 0xA1 <= b && b <= 0xAC || 0xAE <= b {
			t[b] = rune(b)
			continue
		}
		t[b] = next
		next++
	}
	return t
}()

// runeBytes undoes byteRunes.
var runeBytes = func() map[rune]byte {
	t := make(map[rune]byte, len(byteRunes))
	for b, r := range byteRunes {
		t[r] = byte(b)
	}
	return t
}()

// newByteLevel looks the bytes up in v; unk stands for those it lacks.
func newByteLevel(m *merges, v *vocabulary, unk int32, trim bool) *byteLevel {
	b := &byteLevel{merges: m, trim: trim}
	for c := range b.bytes {
		if b.bytes[c] = v.id(string(byteRunes[c])); b.bytes[c] < 0 {
			b.bytes[c] = unk
		}
	}
	return b
}

// next returns the next pre-token; they leave no gaps.
func (b *byteLevel) next(text string, at int) (start, end int) {
	if at >= len(text) {
		return len(text), len(text)
	}
	return at, at + preToken(text[at:])
}

// pieces appends the pieces of one pre-token.
func (b *byteLevel) pieces(dst []piece, chunk string) []piece {
	var room [longWord]symbol
	s := room[:0]
	for i := range len(chunk) {
		if id := b.bytes[chunk[i]]; id >= 0 {
			s = append(s, symbol{id, int32(i), int32(i + 1)})
		}
	}
	for _, p := range b.join(s) {
		from, to := wholeRunes(chunk, int(p.start), int(p.end))
		if b.trim {
			from, to = trimBlanks(chunk, from, to)
		}
		dst = append(dst, piece{p.id, int32(from), int32(to), 0})
	}
	return dst
}

// wholeRunes widens a span to the characters it touches.
func wholeRunes(s string, from, to int) (int, int) {
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to++
	}
	return from, to
}

// trimBlanks narrows a span to leave out ' ' at both ends.
func trimBlanks(s string, from, to int) (int, int) {
	from = to - len(strings.TrimLeft(s[from:to], " "))
	return from, from + len(strings.TrimRight(s[from:to], " "))
}

// preToken returns the length of the first match of GPT-2's pattern
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// in s, which must not be empty.
func preToken(s string) int {
	if n := contraction(s); n > 0 {
		return n
	}
	k, size := kindAt(s, 0)
	if s[0] == ' ' && len(s) > 1 {
		if k2, size2 := kindAt(s, 1); k2 != blankKind {
			return kindEnd(s, 1+size2, k2)
		}
	}
	end := kindEnd(s, size, k)
	if k != blankKind || end == len(s) {
		return end
	}
	_, last := utf8.DecodeLastRuneInString(s[:end])
	if last == end {
		return end
	}
	return end - last // the last blank is left to the next word
}

// contraction returns the length of the English contraction s begins with.
func contraction(s string) int {
	if s[0] != '\'' || len(s) < 2 {
		return 0
	}
	switch s[1] {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(s) > 2 && (s[1:3] == "re" || s[1:3] == "ve" || s[1:3] == "ll") {
		return 3
	}
	return 0
}

// A kind is one of the character classes of GPT-2's pattern.
type kind byte

const (
	otherKind kind = iota
	letterKind
	numberKind
	blankKind
)

func kindOf(r rune) kind {
	switch {
	case unicode.IsLetter(r):
		return letterKind
	case unicode.IsNumber(r):
		return numberKind
	case unicode.IsSpace(r):
		return blankKind
	}
	return otherKind
}

// asciiKind is kindOf for the characters below U+0080.
var asciiKind = func() (t [utf8.RuneSelf]kind) {
	for r := range t {
		t[r] = kindOf(rune(r))
	}
	return t
}()

// kindAt returns the kind and size of the character at byte i.
func kindAt(s string, i int) (kind, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return asciiKind[c], 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	return kindOf(r), size
}

// kindEnd returns the end of the run of kind k that goes on at byte i.
func kindEnd(s string, i int, k kind) int {
	for i < len(s) {
		next, size := kindAt(s, i)
		if next != k {
			return i
		}
		i += size
	}
	return i
}

// joinBytes turns the spelling of bytes back into text.
func joinBytes(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		for _, r := range t {
			if c, ok := runeBytes[r]; ok {
				b.WriteByte(c)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An openaiText is the text side of the original GPT-1 code: text is repaired
// (ftfy), standardised (text_standardize in OpenAI's text_utils.py), cut into
// words (spaCy) and lower-cased. Of ftfy we have quotes, ligatures and wide
// characters; of spaCy's English rules those in english.go. The line ends of a
// text are words; other blanks only separate.
type openaiText struct{}

func (openaiText) lowers() bool { return true }

// next returns the next run of blanks that holds a line end, unless it begins
// or ends the text, or the next run of other characters.
func (openaiText) next(text string, at int) (start, end int) {
	for start = at; start < len(text); {
		blanks := len(text) - start - len(strings.TrimLeftFunc(text[start:], unicode.IsSpace))
		if blanks == 0 {
			rest := strings.IndexFunc(text[start:], unicode.IsSpace)
			if rest < 0 {
				return start, len(text)
			}
			return start, start + rest
		}
		end = start + blanks
		if start > 0 && end < len(text) && strings.IndexByte(text[start:end], '\n') >= 0 {
			return start, end
		}
		start = end
	}
	return start, start
}

// words calls f with the words of chunk, lower-cased.
func (openaiText) words(chunk string, f func(word)) {
	if r, _ := utf8.DecodeRuneInString(chunk); unicode.IsSpace(r) {
		f(word{[]byte("\n"), []int32{0}, []int32{int32(len(chunk))}})
		return
	}
	t := standardized(chunk)
	at := 0
	for _, n := range englishWords(t.runes, openaiMarks, false) {
		f(t.word(at, at+n))
		at += n
	}
}

// word returns characters from start to end, lower-cased.
func (t *tracked) word(start, end int) (w word) {
	for i := start; i < end; i++ {
		n := len(w.text)
		w.text = utf8.AppendRune(w.text, unicode.ToLower(t.runes[i]))
		for range len(w.text) - n {
			w.from = append(w.from, t.from[i])
			w.to = append(w.to, t.to[i])
		}
	}
	return w
}

// openaiMarks are the marks of which text_standardize makes every run of equal
// ones a word.
const openaiMarks = `-~!";?+,)(\/*[]}{|_`

// respelled are the characters that ftfy or text_standardize spell otherwise.
var respelled = map[rune]string{
	'‘': "'", '’': "'", '‚': "'", '‛': "'", '´': "'", '“': `"`, '”': `"`, '„': `"`, '‟': `"`,
	'—': "-", '–': "-", '―': "-", '…': "...",
	'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "ſt", 'ﬆ': "st", 'Ĳ': "IJ", 'ĳ': "ij",
}

// standardized respells chunk.
func standardized(chunk string) *tracked {
	in, out := track(chunk), newTracked(len(chunk))
	for i, r := range in.runes {
		to, ok := respelled[r]
		switch {
		case ok:
			out.putAll([]byte(to), in.from[i], in.to[i])
		case '！' <= r && r <= '～': // wide forms of ASCII
			out.put(r-'！'+'!', in.from[i], in.to[i])
		default:
			out.put(r, in.from[i], in.to[i])
		}
	}
	return out
}

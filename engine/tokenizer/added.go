package tokenizer

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An addedToken is cut from the text before the model sees it, in the field
// names of tokenizer.json.
type addedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"` // only between characters that are not part of a word
	LStrip     bool   `json:"lstrip"`      // swallows the blanks before it
	RStrip     bool   `json:"rstrip"`      // swallows the blanks after it
	Normalized bool   `json:"normalized"`  // compared after normalising, that is, without regard to case for a lower-casing model
	Special    bool   `json:"special"`     // dropped by Decode
}

// addedTokens finds added tokens in a text.
type addedTokens struct {
	list  []addedToken
	first [256][]int32 // by first byte: indexes into list, longest content first
	any   [256]bool    // whether first has an entry
	fold  bool         // the model lower-cases
	trim  bool         // spans leave out swallowed blanks
	names map[string]int32
}

func newAddedTokens(list []addedToken, fold, trim bool) *addedTokens {
	a := &addedTokens{list: list, fold: fold, trim: trim, names: make(map[string]int32, len(list))}
	for i, t := range list {
		a.names[t.Content] = int32(i)
		if t.Content == "" {
			continue
		}
		a.index(t.Content[0], int32(i))
		if c := swapCase(t.Content[0]); c != t.Content[0] && a.folds(&t) {
			a.index(c, int32(i))
		}
	}
	for _, l := range a.first {
		sort.SliceStable(l, func(i, j int) bool { return len(list[l[i]].Content) > len(list[l[j]].Content) })
	}
	return a
}

func (a *addedTokens) index(c byte, i int32) {
	a.first[c] = append(a.first[c], i)
	a.any[c] = true
}

func (a *addedTokens) folds(t *addedToken) bool { return a.fold && t.Normalized }

// named returns the added token with this content, nil when there is none.
func (a *addedTokens) named(content string) *addedToken {
	if i, ok := a.names[content]; ok {
		return &a.list[i]
	}
	return nil
}

// A cut is an added token in a text: its id, its span, and the bytes it takes
// away from the text with the blanks it swallows.
type cut struct {
	id         int32
	span       Span
	start, end int
}

// find returns the first added token at or after byte at; without one start
// and end are len(text).
func (a *addedTokens) find(text string, at int) cut {
	for i := at; i < len(text); i++ {
		if !a.any[text[i]] {
			continue
		}
		for _, k := range a.first[text[i]] {
			if t := &a.list[k]; a.matches(t, text, i) {
				return a.stretch(t, text, at, i)
			}
		}
	}
	return cut{start: len(text), end: len(text)}
}

// matches reports whether t stands at byte i.
func (a *addedTokens) matches(t *addedToken, text string, i int) bool {
	end := i + len(t.Content)
	if end > len(text) {
		return false
	}
	if got := text[i:end]; got != t.Content && !(a.folds(t) && strings.EqualFold(got, t.Content)) {
		return false
	}
	if !t.SingleWord {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !(i > 0 && isWordRune(before)) && !(end < len(text) && isWordRune(after))
}

// stretch cuts t at byte i, and the blanks around it not before byte from.
func (a *addedTokens) stretch(t *addedToken, text string, from, i int) cut {
	start, end := i, i+len(t.Content)
	if t.LStrip {
		start = from + len(strings.TrimRightFunc(text[from:i], unicode.IsSpace))
	}
	if t.RStrip {
		end = len(text) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
	}
	c := cut{t.ID, Span{start, end}, start, end}
	if a.trim {
		c.span = Span{i, i + len(t.Content)}
	}
	return c
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)
}

func swapCase(c byte) byte {
	if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
		return c ^ 0x20
	}
	return c
}

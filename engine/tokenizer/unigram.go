package tokenizer

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// unknownPenalty is how far an unknown character lies below the worst piece.
const unknownPenalty = 10

// A unigram is the model of XLNet: the most likely sequence of pieces under a
// unigram language model (Kudo 2018), found by Viterbi's algorithm. Blanks are
// part of the word after them, written "▁".
type unigram struct {
	trie    *trie
	scores  []float64 // by id, log probabilities
	unk     int32
	unknown float64 // score of an unknown character
	steps   []step
	plain   bool // the steps leave plain ASCII alone
	meta    metaspace
}

// A metaspace is the pre-tokenizer: blanks become mark, and a new word begins
// at each.
type metaspace struct {
	mark   rune
	prefix bool // text that does not begin with mark gets one
	split  bool // WhitespaceSplit stands before: only words, never a mark alone
}

// newUnigram indexes the pieces.
func newUnigram(v *vocabulary, scores []float64, unk int32, steps []step, meta metaspace) (*unigram, error) {
	if unk < 0 || int(unk) >= len(scores) {
		return nil, fmt.Errorf("unk_id is %d, expected one of the %d pieces", unk, len(scores))
	}
	u := &unigram{trie: newTrie(), scores: scores, unk: unk, steps: steps, plain: true, meta: meta}
	worst := math.Inf(1)
	for id, t := range v.tokens {
		if err := u.trie.insert(t, int32(id)); err != nil {
			return nil, err
		}
		worst = min(worst, scores[id])
	}
	u.unknown = worst - unknownPenalty
	for _, s := range steps {
		u.plain = u.plain && s.plain()
	}
	return u, nil
}

// next cuts before a blank when the character before it is surely not a blank
// itself, not even after normalising.
func (u *unigram) next(text string, at int) (start, end int) {
	for i := at + 1; i < len(text); i++ {
		if text[i] == ' ' && solidBefore(text, i) {
			return at, i
		}
	}
	return at, len(text)
}

// solidBefore reports whether the character before byte i stays a character
// that is not a blank.
func solidBefore(text string, i int) bool {
	if c := text[i-1]; c < utf8.RuneSelf {
		return ' ' < c && c <= '~'
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return unicode.IsLetter(r)
}

// pieces appends the pieces of the words of chunk.
func (u *unigram) pieces(dst []piece, chunk string) []piece {
	var text [2 * cacheWord]byte
	var from, to [2 * cacheWord]int32
	w := unigramWords{unigram: u, dst: dst, word: word{text[:0], from[:0], to[:0]}}
	if u.plain && isPlain(chunk) {
		for i := range len(chunk) {
			w.take(rune(chunk[i]), int32(i), int32(i+1))
		}
	} else {
		t := track(chunk)
		for _, s := range u.steps {
			t = s.apply(t)
		}
		for i, r := range t.runes {
			w.take(r, t.from[i], t.to[i])
		}
	}
	w.flush()
	return w.dst
}

// isPlain reports whether s is printable ASCII without "  ", "“" and "”".
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || i > 0 && c == s[i-1] && strings.IndexByte(" `'", c) >= 0 {
			return false
		}
	}
	return true
}

// unigramWords collects the words of a chunk.
type unigramWords struct {
	*unigram
	dst  []piece
	word word
	n    int32
}

// take adds one normalised character.
func (w *unigramWords) take(r rune, from, to int32) {
	switch {
	case w.meta.split && unicode.IsSpace(r):
		w.flush()
		return
	case r == ' ':
		r = w.meta.mark
	}
	if r == w.meta.mark {
		w.flush()
	} else if len(w.word.text) == 0 && w.meta.prefix && (w.meta.split || w.n == 0) {
		w.put(w.meta.mark, from, to)
	}
	w.put(r, from, to)
}

func (w *unigramWords) put(r rune, from, to int32) {
	n := len(w.word.text)
	w.word.text = utf8.AppendRune(w.word.text, r)
	for range len(w.word.text) - n {
		w.word.from = append(w.word.from, from)
		w.word.to = append(w.word.to, to)
	}
}

// flush appends the pieces of the word and begins the next.
func (w *unigramWords) flush() {
	if len(w.word.text) == 0 {
		return
	}
	w.dst = w.viterbi(w.dst, &w.word, w.n)
	w.n++
	w.word = word{w.word.text[:0], w.word.from[:0], w.word.to[:0]}
}

// A lattice is the best way to a byte: its score, the piece it ends with, and
// where that piece starts.
type lattice struct {
	score float64
	start int32 // -1 where no piece ends
	id    int32
}

// viterbi appends the pieces of w. Unknown characters that follow each other
// make one piece.
func (u *unigram) viterbi(dst []piece, w *word, n int32) []piece {
	var room [64]lattice
	best := append(room[:0], lattice{})
	for range w.text {
		best = append(best, lattice{start: -1})
	}
	for at := 0; at < len(w.text); {
		_, size := utf8.DecodeRune(w.text[at:])
		u.reach(best, w.text, at, size)
		at += size
	}
	first := len(dst)
	for end := len(w.text); end > 0; {
		b := best[end]
		from, to := w.span(int(b.start), end)
		if k := len(dst) - 1; b.id == u.unk && k >= first && dst[k].id == u.unk {
			dst[k].start = from
		} else {
			dst = append(dst, piece{b.id, from, to, n})
		}
		end = int(b.start)
	}
	for i, k := first, len(dst)-1; i < k; i, k = i+1, k-1 {
		dst[i], dst[k] = dst[k], dst[i]
	}
	return dst
}

// reach goes from byte at over every piece that begins there, or over the
// character of that size as unknown when it is no piece itself.
func (u *unigram) reach(best []lattice, text []byte, at, size int) {
	known := false
	node, so := int32(0), best[at].score
	for i := at; i < len(text); i++ {
		if node = u.trie.step(node, text[i]); node == 0 {
			break
		}
		if id := u.trie.value[node]; id >= 0 {
			best[i+1].offer(so+u.scores[id], at, id)
			known = known || i+1 == at+size
		}
	}
	if !known {
		best[at+size].offer(so+u.unknown, at, u.unk)
	}
}

// offer takes a better way.
func (l *lattice) offer(score float64, start int, id int32) {
	if l.start < 0 || score > l.score {
		*l = lattice{score, int32(start), id}
	}
}

// joinMetaspace turns mark back into blanks.
func joinMetaspace(mark rune, prefix bool) func([]string) string {
	return func(tokens []string) string {
		s := strings.ReplaceAll(strings.Join(tokens, ""), string(mark), " ")
		if prefix {
			s = strings.TrimPrefix(s, " ")
		}
		return s
	}
}

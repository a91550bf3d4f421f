package tokenizer

import (
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// sennrich is the example of Sennrich et al. 2016, section 3.2.
var sennrich = map[string]int{"low": 5, "lower": 2, "newest": 6, "widest": 3}

func TestTheMostFrequentPairIsJoinedFirst(t *testing.T) {
	tok, err := TrainWordPiece(maps.All(sennrich), WordPieceOptions{Size: 22, Alphabet: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for id := range tok.Size() {
		got = append(got, tok.Token(int32(id)))
	}
	// Counts at each step: e+s 9, es+t 9, o+w 7 (older than l+o), l+ow 7,
	// e+w 6 (older than w+est and n+e), n+ew 6.
	want := "[PAD] [UNK] [CLS] [SEP] [MASK] ##d ##e ##i ##o ##r ##s ##t ##w l n w ##es ##est ##ow low ##ew new"
	if got := strings.Join(got, " "); got != want {
		t.Errorf("vocabulary\n got %q\nwant %q", got, want)
	}
}

// naiveMerges is the textbook algorithm: recount everything at every step.
func naiveMerges(words [][]string, counts []int64, join func(a, b string) string, rank func(string) int32, steps int) []string {
	var out []string
	for range steps {
		seen := make(map[[2]string]int64)
		for w, s := range words {
			for i := range len(s) - 1 {
				seen[[2]string{s[i], s[i+1]}] += counts[w]
			}
		}
		var best [2]string
		for p, n := range seen {
			m := seen[best]
			if n > m || n == m && comparePairs(pair{rank(p[0]), rank(p[1])}, pair{rank(best[0]), rank(best[1])}) < 0 {
				best = p
			}
		}
		if seen[best] < 2 {
			break
		}
		out = append(out, join(best[0], best[1]))
		rank(out[len(out)-1])
		for w, s := range words {
			words[w] = joinNaively(s, best, join)
		}
	}
	return out
}

func joinNaively(s []string, p [2]string, join func(a, b string) string) (out []string) {
	for i := 0; i < len(s); i++ {
		if i+1 < len(s) && s[i] == p[0] && s[i+1] == p[1] {
			out = append(out, join(p[0], p[1]))
			i++
			continue
		}
		out = append(out, s[i])
	}
	return out
}

func TestTrainingAgreesWithRecountingAtEveryStep(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	counts := make(map[string]int)
	for range 300 {
		w := make([]byte, 1+rnd.IntN(9))
		for i := range w {
			w[i] = "aaabbc"[rnd.IntN(6)]
		}
		counts[string(w)] += 1 + rnd.IntN(5)
	}
	tok, err := TrainWordPiece(maps.All(counts), WordPieceOptions{Size: 120})
	if err != nil {
		t.Fatal(err)
	}
	const first = 5 + 6 // special tokens, a b c ##a ##b ##c
	ranks := make(map[string]int32)
	rank := func(s string) int32 {
		if _, ok := ranks[s]; !ok {
			ranks[s] = int32(len(ranks))
		}
		return ranks[s]
	}
	for id := range int32(first) {
		rank(tok.Token(id))
	}
	var words [][]string
	var seen []int64
	for _, w := range slices.Sorted(maps.Keys(counts)) {
		var s []string
		eachPiece(w, func(p string) { s = append(s, p) })
		words, seen = append(words, s), append(seen, int64(counts[w]))
	}
	want := naiveMerges(words, seen, func(a, b string) string { return a + b[2:] }, rank, 500)
	want = slices.Compact(want)
	for i := first; i < tok.Size(); i++ {
		if got := tok.Token(int32(i)); got != want[i-first] {
			t.Fatalf("piece %d joined is %q, want %q", i-first, got, want[i-first])
		}
	}
}

func TestTrainingDoesNotDependOnTheOrderOfTheWords(t *testing.T) {
	backwards := func(yield func(string, int) bool) {
		for _, w := range slices.Backward(slices.Sorted(maps.Keys(sennrich))) {
			if !yield(w, sennrich[w]) {
				return
			}
		}
	}
	vocab := func(words iter.Seq2[string, int]) []string {
		tok, err := TrainWordPiece(words, WordPieceOptions{Size: 40})
		if err != nil {
			t.Fatal(err)
		}
		return tok.(*coder).tokens
	}
	if a, b := vocab(maps.All(sennrich)), vocab(backwards); !slices.Equal(a, b) {
		t.Errorf("forwards %q, backwards %q", a, b)
	}
}

func TestRareCharactersAreLeftOutOfTheAlphabet(t *testing.T) {
	tok, err := TrainWordPiece(maps.All(map[string]int{"aab": 9, "Äx": 1}), WordPieceOptions{Size: 30, Alphabet: 2})
	if err != nil {
		t.Fatal(err)
	}
	if got := tokens(tok, tok.Encode("AAB x").IDs); !slices.Equal(got, []string{"aab", "[UNK]"}) {
		t.Errorf("tokens %q, want aab and [UNK]", got)
	}
}

func TestAVocabularyTooSmallForItsAlphabetIsRefused(t *testing.T) {
	_, err := TrainWordPiece(maps.All(sennrich), WordPieceOptions{Size: 10, Alphabet: 50})
	if err == nil || !strings.Contains(err.Error(), "no room for 16") {
		t.Errorf("error %v, want one that counts the 16 tokens needed", err)
	}
}

func TestTrainedBytePairsReadAnyTextAndJoinFrequentWords(t *testing.T) {
	tok, err := TrainBPE(maps.All(map[string]int{"the film": 9, "a film\xff": 3, "odd": 1}), BPEOptions{Size: 270})
	if err != nil {
		t.Fatal(err)
	}
	text := "the film \u4f60"
	ids := tok.Encode(text).IDs
	if got, want := tokens(tok, ids)[:2], []string{"the", "\u0120film"}; !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if got := tok.Decode(ids); got != text {
		t.Errorf("decoded %q, want %q", got, text)
	}
	dir := t.TempDir()
	if err := tok.Save(dir); err != nil {
		t.Fatal(err)
	}
	again, err := Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Encode(text).IDs; !slices.Equal(got, ids) {
		t.Errorf("ids after saving %v, want %v", got, ids)
	}
	if end, ok := tok.ID(endOfText); !ok || int(end) != tok.Size()-1 || tok.Size() > 270 {
		t.Errorf("%s has id %d of %d, want the last of at most 270", endOfText, end, tok.Size())
	}
	if _, err := TrainBPE(maps.All(map[string]int{"a": 1}), BPEOptions{Size: 256}); err == nil {
		t.Error("a vocabulary of 256 tokens is trained, want an error")
	}
}

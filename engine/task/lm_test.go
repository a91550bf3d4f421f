package task

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/enginetest"
	"defrost/engine/tokenizer"
)

// tokenizerOf opens that of a small backbone.
func tokenizerOf(t *testing.T, family string) tokenizer.Tokenizer {
	t.Helper()
	tok, err := tokenizer.Open(os.DirFS(enginetest.Backbone(t, family)))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// said lists the words that items ask for, in order.
func said(items []Item) []int32 {
	var words []int32
	for _, it := range items {
		for _, id := range it.Tags {
			if id != batch.Ignore {
				words = append(words, id)
			}
		}
	}
	return words
}

func TestWindowsSayEveryTokenOnce(t *testing.T) {
	text := strings.Repeat("the good film was a very dull play and ", 5)
	for _, c := range []struct {
		family string
		causal bool
		missed int // tokens at the beginning that nobody says
	}{{"gpt2", true, 0}, {"openai-gpt", true, 1}, {"bert", false, 0}, {"roberta", false, 0}} {
		tok := tokenizerOf(t, c.family)
		ids := tok.Encode(text).IDs
		for _, max := range []int{3, 4, 7, 16, 1000} {
			items := (&LM{causal: c.causal}).Encode(tok, datasets.Example{Text: text}, max)
			if got, want := said(items), ids[c.missed:]; !slices.Equal(got, want) {
				t.Errorf("%s, %d tokens: got %v, want %v", c.family, max, got, want)
			}
			for _, it := range items {
				if n := len(it.Sequence.IDs); n > max || n != len(it.Tags) {
					t.Errorf("%s: got a window of %d tokens and %d words, want as many and at most %d", c.family, n, len(it.Tags), max)
				}
			}
		}
		for _, short := range []string{"", "film"} {
			items := (&LM{causal: c.causal}).Encode(tok, datasets.Example{Text: short}, 8)
			if got, want := len(said(items)), max(0, len(tok.Encode(short).IDs)-c.missed); len(items) != 1 || got != want {
				t.Errorf("%s: got %d windows and %d words of %q, want one and %d", c.family, len(items), got, short, want)
			}
		}
	}
}

func TestLateTokensAreSaidWithHalfAWindowInView(t *testing.T) {
	tok := tokenizerOf(t, "gpt2")
	items := (&LM{causal: true}).Encode(tok, datasets.Example{Text: strings.Repeat("good film ", 40)}, 10)
	for i, it := range items[1:] {
		if seen := slices.IndexFunc(it.Tags, func(id int32) bool { return id != batch.Ignore }); seen < 4 {
			t.Errorf("got the first word of window %d after %d tokens, want 4 or more before it", i+1, seen)
		}
	}
}

func TestChunksLoseNoToken(t *testing.T) {
	texts := []string{"the good film", "", "a dull play and a cold room", "song", strings.Repeat("very ", 30)}
	for _, c := range []struct {
		family string
		causal bool
	}{{"gpt2", true}, {"openai-gpt", true}, {"bert", false}, {"roberta", false}} {
		tok, l := tokenizerOf(t, c.family), &LM{causal: c.causal}
		for _, max := range []int{3, 5, 8, 64} {
			var items []Item
			var want []int32
			for i, text := range texts {
				ids := tok.Encode(text).IDs
				for _, it := range l.Encode(tok, datasets.Example{Text: text}, max) {
					it.Example = i
					items = append(items, it)
				}
				if mark := beginning(tok); c.causal && mark >= 0 && i > 0 {
					want = append(want, mark)
				}
				want = append(want, ids...)
			}
			if c.family == "openai-gpt" {
				want = want[1:] // nothing stands before it
			}
			chunks := l.Pack(items, max)
			if got := said(chunks); !slices.Equal(got, want) {
				t.Errorf("%s, %d tokens: got %v, want %v", c.family, max, got, want)
			}
			for i, it := range chunks {
				if n := len(it.Sequence.IDs); n > max || c.causal && n < max && i < len(chunks)-1 {
					t.Errorf("%s: got chunk %d of %d tokens, want %d", c.family, i, n, max)
				}
			}
		}
	}
}

// TestWordsAreHiddenAsOftenAsDevlinDid counts over 60,000 tokens: 15 in 100 are asked for, and of
// those 80 are masked, 10 show another word and 10 themselves.
func TestWordsAreHiddenAsOftenAsDevlinDid(t *testing.T) {
	tok, l := tokenizerOf(t, "bert"), &LM{}
	items := l.Encode(tok, datasets.Example{Text: strings.Repeat("good film ", 30000)}, 102)
	b := l.Collate(items)
	l.Hide(b, items, 7, 1)
	tokens := len(said(items))
	counts := map[string]int{}
	for k, r := range b.Firsts {
		switch b.IDs[r] {
		case tok.Specials().MASK:
			counts["masked"]++
		case b.Tags[k]:
			counts["kept"]++
		default:
			counts["other"]++
		}
	}
	asked := len(b.Firsts)
	other := 0.1 * (1 - 1/float64(tok.Size())) // a random word may be the right one, or the mask
	for name, c := range map[string][2]float64{
		"asked": {float64(asked) / float64(tokens), 0.15}, "masked": {float64(counts["masked"]) / float64(asked), 0.8 + 0.1/float64(tok.Size())},
		"other": {float64(counts["other"]) / float64(asked), other - 0.1/float64(tok.Size())}, "kept": {float64(counts["kept"]) / float64(asked), 0.1 + 0.1/float64(tok.Size())},
	} {
		if math.Abs(c[0]-c[1]) > 0.012 {
			t.Errorf("got %.4f %s, want about %.4f", c[0], name, c[1])
		}
	}
	for r, id := range b.IDs {
		if !slices.Contains(b.Firsts, int32(r)) && r < 500 && id == tok.Specials().MASK {
			t.Errorf("got a mask at %d, where nothing is asked for", r)
		}
	}
}

func TestOtherWordsAreHiddenInEveryStep(t *testing.T) {
	tok, l := tokenizerOf(t, "bert"), &LM{}
	items := l.Encode(tok, datasets.Example{Text: strings.Repeat("the good film was dull ", 20)}, 64)
	rows := func(step uint64) []int32 {
		b := l.Collate(items)
		if !l.Hide(b, items, 7, step) {
			t.Fatal("got the batch as it was, want other words hidden")
		}
		for k, r := range b.Firsts { // every word comes back
			b.IDs[r] = b.Tags[k]
		}
		if want := pack(items).IDs; !slices.Equal(b.IDs, want) {
			t.Errorf("got %v, want %v", b.IDs, want)
		}
		return b.Firsts
	}
	if a, b := rows(1), rows(2); slices.Equal(a, b) {
		t.Errorf("got rows %v in both steps, want others", a)
	}
	if a, b := rows(3), rows(3); !slices.Equal(a, b) {
		t.Errorf("got rows %v, then %v, want the same of one step", a, b)
	}
	if a, b := l.Collate(items), l.Collate(items); !slices.Equal(a.IDs, b.IDs) || !slices.Equal(a.Firsts, b.Firsts) {
		t.Errorf("got %v, then %v, want the same words hidden in every evaluation", a.Firsts, b.Firsts)
	}
	if c := (&LM{causal: true}); c.Hide(l.Collate(items), items, 7, 1) {
		t.Error("got words hidden from a causal model, want none")
	}
}

func TestEveryWindowIsAskedForAWord(t *testing.T) {
	tok, l := tokenizerOf(t, "bert"), &LM{}
	for range 5 {
		items := l.Encode(tok, datasets.Example{Text: "film"}, 8)
		if b := l.Collate(items); !slices.Equal(b.Firsts, []int32{1}) || !slices.Equal(b.Tags, items[0].Tags[1:2]) {
			t.Errorf("got rows %v and words %v, want the one there is", b.Firsts, b.Tags)
		}
	}
	empty := l.Encode(tok, datasets.Example{}, 8)
	if b := l.Collate(empty); len(b.Firsts) != 1 || b.Tags[0] != batch.Ignore {
		t.Errorf("got rows %v and words %v of no text, want one that does not count", b.Firsts, b.Tags)
	}
}

// TestPerplexityIsThatOfTheHand counts two texts: 2 tokens of probability 1/2 and 1/8, 1 of 1/4.
func TestPerplexityIsThatOfTheHand(t *testing.T) {
	l := &LM{causal: true, breaks: true}
	items := []Item{{Tags: []int32{5, batch.Ignore, 6}}, {Tags: []int32{7}}}
	for i := range items {
		items[i].Sequence.IDs = make([]int32, len(items[i].Tags))
	}
	costs := []float32{float32(math.Ln2), 9, float32(3 * math.Ln2), float32(2 * math.Ln2)}
	got := l.Read(Said{Items: items, Batch: l.Collate(items), Out: [][]float32{costs}})
	if got[0].Tokens != 2 || math.Abs(got[0].Loss-4*math.Ln2) > 1e-6 || got[1].Tokens != 1 {
		t.Fatalf("got %+v, want 2 tokens of 4 ln 2 and 1", got)
	}
	s := l.NewScore()
	s.Add(datasets.Example{Text: "abc defg"}, l.Join(datasets.Example{}, got[:1]))
	s.Add(datasets.Example{Text: "hi"}, got[1])
	for name, want := range map[string]float64{"loss": 2 * math.Ln2, "perplexity": 4, "word_perplexity": 4, "bits_per_byte": 0.6} {
		if v := s.Values()[name]; math.Abs(v-want) > 1e-6 {
			t.Errorf("%s: got %v, want %v", name, v, want)
		}
	}
	s.Add(datasets.Example{Text: "one two\nthree\n"}, Prediction{Loss: 4 * math.Ln2, Tokens: 3})
	if v := s.Values()["word_perplexity"]; math.Abs(v-math.Exp(10*math.Ln2/8)) > 1e-6 {
		t.Errorf("got %v per word, want 10 ln 2 over 3 and 3 words and 2 ends of lines", v)
	}
	for _, name := range []string{"perplexity", "word_perplexity", "bits_per_byte"} {
		if !Better(name, 3, 4) {
			t.Errorf("got 4 better than 3 in %s, want less to be better", name)
		}
	}
	if c := l.Show(datasets.Example{Text: "abc", Pair: "d"}, got[0]); c.Text != "abc d" || c.Predicted != "perplexity 4.00" || *c.Said != 2 {
		t.Errorf("got %+v, want both texts and a perplexity of 4", c)
	}
}

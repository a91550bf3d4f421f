package engine

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/enginetest"
	"defrost/engine/tokenizer"
	"defrost/engine/words"
)

func TestStaticVectorsOpenAsASpaceOfWords(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "few.txt")
	enginetest.Write(t, file, "the 3 4\ncat 0 2\nParis 6 8\n")
	s, err := OpenWords(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Words, []string{"the", "cat", "Paris"}) || s.Dim != 2 {
		t.Errorf("got %v of %d numbers, want the words of the file alone", s.Words, s.Dim)
	}
	near, err := s.Near("Paris", 2)
	if err != nil || near[0].Word != "the" || math.Abs(near[0].Cosine-1) > 1e-6 {
		t.Errorf("got %v, %v near Paris, want the, which has its direction", near, err)
	}
}

func TestExportedVectorsOpenAgain(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	file := filepath.Join(dir, "few.txt")
	enginetest.Write(t, file, "the 0.1 -4\ncat 1e-7 2\n")
	for _, name := range []string{"again.txt", "again.bin"} {
		n, err := ExportWords(ctx, file, filepath.Join(dir, name))
		if err != nil || n != 2 {
			t.Fatalf("%s: got %d words, %v, want 2", name, n, err)
		}
		first, err := readWords(ctx, file)
		if err != nil {
			t.Fatal(err)
		}
		second, err := readWords(ctx, filepath.Join(dir, name))
		if err != nil || !slices.Equal(second.Words, first.Words) || !slices.Equal(second.Data, first.Data) {
			t.Errorf("%s: got %v, %v, want %v", name, second, err, first)
		}
	}
}

func TestBackbonesWithoutWordVectorsAreRefused(t *testing.T) {
	if _, err := OpenWords(context.Background(), enginetest.Bert(t)); err == nil || !strings.Contains(err.Error(), "expected static word vectors") {
		t.Errorf("got %v, want an error that says what is expected", err)
	}
}

// loadedModel is a small model of a family with random weights.
func loadedModel(t *testing.T, family string) *Model {
	t.Helper()
	m, err := OpenModel(context.Background(), enginetest.Backbone(t, family))
	if err == nil {
		err = m.Load(7, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAWordInContextIsTheSameInAnyBatch reads texts together, over the border of a batch, and alone.
func TestAWordInContextIsTheSameInAnyBatch(t *testing.T) {
	ctx := context.Background()
	everyFamily(t, func(t *testing.T, family string) {
		m := loadedModel(t, family)
		texts := slices.Repeat([]string{"the good film", "nothing of it here", "good, the film was bad (good)"}, 12)
		all, err := m.InContext(ctx, "good", texts, LastLayer)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 36 {
			t.Fatalf("got the word %d times, want 3 times in 12 texts", len(all))
		}
		for i, o := range all {
			if got := texts[o.Text][o.Start:o.End]; !strings.EqualFold(got, "good") || len(o.Vector) != m.Shape().Width {
				t.Fatalf("got %q with %d numbers, want good with %d", got, len(o.Vector), m.Shape().Width)
			}
			alone, err := m.InContext(ctx, "good", texts[o.Text:o.Text+1], LastLayer)
			if err != nil {
				t.Fatal(err)
			}
			same := alone[0].Vector
			if alone[0].Start != o.Start {
				same = alone[1].Vector
			}
			if d := farthest(o.Vector, same); d > 1e-4 {
				t.Errorf("occurrence %d: got a vector %g from the one alone, want the same", i, d)
			}
		}
		moved := farthest(all[0].Vector, all[1].Vector)
		if static := family == "vectors"; static != m.Static() || static != (moved == 0) {
			t.Errorf("got vectors %g apart in two sentences, want them equal for static vectors alone", moved)
		}
	})
}

func farthest(a, b []float32) float64 {
	far := 0.0
	for i := range a {
		far = max(far, math.Abs(float64(a[i]-b[i])))
	}
	return far
}

func TestEveryLayerIsRead(t *testing.T) {
	m := loadedModel(t, "bert")
	var last []float32
	for layer := range m.Shape().Layers + 1 {
		found, err := m.InContext(context.Background(), "film", []string{"the film was good"}, layer)
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && farthest(last, found[0].Vector) == 0 {
			t.Errorf("layer %d: got the vector of the layer below, want its own", layer)
		}
		last = found[0].Vector
	}
	top, err := m.InContext(context.Background(), "film", []string{"the film was good"}, LastLayer)
	if err != nil || farthest(last, top[0].Vector) != 0 {
		t.Errorf("got (%v) another last layer, want the highest", err)
	}
}

func TestAWordIsTheMeanOfItsPieces(t *testing.T) {
	cut := tokenizer.Encoding{Spans: []tokenizer.Span{{}, {Start: 0, End: 2}, {Start: 2, End: 5}, {Start: 6, End: 9}}, Special: []bool{true, false, false, false}}
	states := []float32{100, 100, 1, 2, 3, 6, 50, 50}
	if got := meanOver(states, cut, tokenizer.Span{Start: 0, End: 5}, 2); !slices.Equal(got, []float32{2, 4}) {
		t.Errorf("got %v, want the mean [2 4] of the second and third row", got)
	}
	if got := meanOver(states, cut, tokenizer.Span{Start: 20, End: 25}, 2); got != nil {
		t.Errorf("got %v beyond the pieces, want nothing", got)
	}
}

func TestWholeWordsAreFoundHoweverCased(t *testing.T) {
	for _, c := range []struct {
		text, word string
		want       []int // where they start
	}{
		{"Bank, bank; the BANK's banks embank bank", "bank", []int{0, 6, 16, 36}},
		{"he ran, then ran away", "ran away", []int{13}},
		{"Öl und öl, Erdöl", "öl", []int{0, 8}},
		{"bank2 2bank", "bank", nil},
		{"", "bank", nil},
		{"\xffbank\xff", "bank", []int{1}},
	} {
		var got []int
		for _, s := range wholeWords(c.text, c.word) {
			got = append(got, s.Start)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: got %v, want %v", c.word, c.text, got, c.want)
		}
	}
}

func TestWordsAloneMakeASpaceOfAnyBackbone(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		m := loadedModel(t, family)
		s, err := m.WordsAlone(context.Background(), []string{"film", "good", "bad", ""}, LastLayer)
		if err != nil || !slices.Equal(s.Words, []string{"film", "good", "bad"}) {
			t.Fatalf("got %+v, %v, want the three words", s, err)
		}
		found, err := m.InContext(context.Background(), "good", []string{"good"}, LastLayer)
		if err != nil {
			t.Fatal(err)
		}
		near, err := s.NearVector(found[0].Vector, 1)
		if err != nil || near[0].Word != "good" || near[0].Cosine < 0.9999 {
			t.Errorf("got %v, %v, want the word itself", near, err)
		}
	})
}

func TestWordsThatCannotBeLookedForAreRefused(t *testing.T) {
	m, ctx, text := loadedModel(t, "bert"), context.Background(), []string{"the film"}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	for want, call := range map[string]func() error{
		"the word is empty":             func() error { _, err := m.InContext(ctx, " ", text, LastLayer); return err },
		`"dog" stands in none of the 1`: func() error { _, err := m.InContext(ctx, "dog", text, LastLayer); return err },
		"layer is 99, expected 0":       func() error { _, err := m.InContext(ctx, "film", text, 99); return err },
		"layer is -2, expected 0":       func() error { _, err := m.WordsAlone(ctx, text, -2); return err },
		"found 0 words":                 func() error { _, err := m.WordsAlone(ctx, nil, LastLayer); return err },
		"context canceled":              func() error { _, err := m.WordsAlone(stopped, text, LastLayer); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// TestTheEngineReadsBenchmarks holds the names that front ends use to those of package words.
func TestTheEngineReadsBenchmarks(t *testing.T) {
	pairs, err := ReadWordPairs(strings.NewReader("a b 1"))
	if err != nil || len(pairs) != 1 {
		t.Errorf("got pairs %v, %v, want one", pairs, err)
	}
	sections, err := ReadAnalogies(strings.NewReader(": x\na b c d"))
	if err != nil || len(sections) != 1 {
		t.Errorf("got sections %v, %v, want one", sections, err)
	}
	if got := TotalAnalogies([]words.SectionScore{{Right: 1}, {Right: 2}}); got.Right != 3 {
		t.Errorf("got %d right, want 3", got.Right)
	}
	if p, err := Project([][]float32{{1, 0}, {0, 1}}); err != nil || len(p.X) != 2 {
		t.Errorf("got %v, %v, want two places", p, err)
	}
}

package pretrain

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"defrost/engine/batch"
)

// TestEveryWordIsAskedForFromBothSides reads the labels of one sentence back as words.
func TestEveryWordIsAskedForFromBothSides(t *testing.T) {
	l := started(t, languageOptions(t, "bilm"))
	m := l.obj.(*bilm)
	q := m.sequence("The dog near the old house always barks at dusk.") // "dusk" is not in the text
	m.pack([]batch.Sequence{q}, 0)
	var forward, backward []string
	for i, place := range m.said {
		word := "-"
		if place != batch.Ignore {
			word = m.words[place].word
		}
		if i%2 == 0 {
			forward = append(forward, word)
		} else {
			backward = append(backward, word)
		}
	}
	if got, want := strings.Join(forward, " "), "The dog near the old house always barks at - . </S> -"; got != want {
		t.Errorf("forward: got %s, want %s", got, want)
	}
	if got, want := strings.Join(backward, " "), "- <S> The dog near the old house always barks at - ."; got != want {
		t.Errorf("backward: got %s, want %s", got, want)
	}
	if got, want := m.labels(), 22; got != want {
		t.Errorf("got %d labels, want %d", got, want)
	}
}

// TestPassagesWithoutATokenAreLeftOut reads what a tokenizer makes nothing of: a batch of that alone
// would ask for nothing.
func TestPassagesWithoutATokenAreLeftOut(t *testing.T) {
	for objective, texts := range map[string][]string{
		"mlm": {"", " \t ", "\u0000\u200b\ufffd", "[SEP] [CLS]"}, // signs that WordPiece drops
		"clm": {""}, "bilm": {"", " \t "},                        // bytes and characters say all others
	} {
		l := started(t, languageOptions(t, objective))
		for _, text := range texts {
			if q := l.obj.sequence(text); len(q.IDs) > 0 {
				t.Errorf("%s: got tokens %v of %q, want none", objective, q.IDs, text)
			}
		}
		if q := l.obj.sequence("The dog near the old house barks."); len(q.IDs) < 4 {
			t.Errorf("%s: got tokens %v of a sentence, want all", objective, q.IDs)
		}
	}
}

func TestLabelsFindTheirPlaceAmongTheCandidates(t *testing.T) {
	words := make([]wordCount, 1000)
	for i := range words {
		words[i] = wordCount{count: 1000/(i+1) + 1}
	}
	d := newLogUniform(words)
	labels := []int32{5, batch.Ignore, 999, 5, 0}
	drawn := make([]int, len(words))
	const rounds = 3000
	for round := range uint64(rounds) {
		among, placed := d.candidates(rand.New(rand.NewPCG(7, round)), 50, labels, nil)
		for i, l := range labels {
			if l == batch.Ignore {
				if placed[i] != batch.Ignore {
					t.Fatalf("got place %d for no label", placed[i])
				}
			} else if among.Words[placed[i]] != l {
				t.Fatalf("got word %d at the place of label %d", among.Words[placed[i]], l)
			}
		}
		sorted := slices.Clone(among.Words)
		slices.Sort(sorted)
		if len(slices.Compact(sorted)) != len(among.Words) {
			t.Fatal("a word is among the candidates twice")
		}
		for _, w := range among.Words {
			drawn[w]++
		}
	}
	among, _ := d.candidates(rand.New(rand.NewPCG(7, 0)), 50000, []int32{batch.Ignore}, nil)
	if len(among.Words) < 900 {
		t.Errorf("got %d words of 50,000 draws, want nearly all 1000", len(among.Words))
	}
	for _, w := range []int{3, 40, 300} { // not among the labels, which count as drawn by their frequency
		if got, want := float64(drawn[w])/rounds, math.Exp(float64(d.chance(int32(w), 50, 0))); math.Abs(got-want) > 0.03 {
			t.Errorf("word %d: got among the candidates in %.3f of all draws, want %.3f", w, got, want)
		}
	}
}

// TestHiddenWordsAreDrawnAnewEachTime counts what mlm does to a text.
func TestHiddenWordsAreDrawnAnewEachTime(t *testing.T) {
	l := started(t, languageOptions(t, "mlm"))
	m := l.obj.(*mlm)
	q := m.sequence(l.stream.texts[0])
	var seqs []batch.Sequence
	for range 40 {
		seqs = append(seqs, q)
	}
	b := m.pack(seqs, 3)
	masked, kept := 0, 0
	for i, r := range m.rows {
		switch b.IDs[r] {
		case m.tok.Specials().MASK:
			masked++
		case m.words[i]:
			kept++
		}
		if w, s := m.words[i], m.tok.Specials(); slices.Contains([]int32{s.CLS, s.SEP, s.PAD, s.BOS, s.EOS}, w) {
			t.Fatalf("token %q is asked for", m.tok.Token(w))
		}
	}
	n := float64(len(m.rows))
	for name, share := range map[string][2]float64{
		"asked for": {n / float64(b.Tokens()), askedShare}, "masked": {float64(masked) / n, 0.8}, "kept": {float64(kept) / n, 0.1},
	} {
		if math.Abs(share[0]-share[1]) > 0.05 {
			t.Errorf("%s: got %.3f, want %.2f", name, share[0], share[1])
		}
	}
	was := slices.Clone(m.rows)
	if m.pack(seqs, 4); slices.Equal(m.rows, was) {
		t.Error("two readings hid the same tokens")
	}
}

func TestPassagesEndWhereTextsDo(t *testing.T) {
	var s Source
	s.Sentences = []string{"One one.", "Two two.", "Three three.", "Four four.", "Five five."}
	s.breaks = []int{3}
	got := s.passages(45)
	want := []string{"One one. Two two. Three three.", "Four four. Five five."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAStreamGoesOnWhereAnotherWas(t *testing.T) {
	texts := strings.Fields(strings.Repeat("a bb ccc dddd eeeee ffffff ggggggg ", 40))
	read := func(text string) batch.Sequence { return batch.Sequence{IDs: make([]int32, len(text))} }
	one := &stream{texts: texts, seed: 7, tokens: 20, read: read}
	var want [][]batch.Sequence
	at, turn := 0, 0
	for i := range 60 {
		if i == 25 {
			at, turn = one.at, one.turn
		}
		seqs, err := one.next()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, seqs)
	}
	two := &stream{texts: texts, seed: 7, tokens: 20, read: read}
	two.seek(at, turn)
	for i := range 35 {
		got, err := two.next()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want[25+i], func(a, b batch.Sequence) bool { return len(a.IDs) == len(b.IDs) }) {
			t.Fatalf("batch %d differs", i)
		}
	}
}

func TestATextThatCannotBeReadIsAnError(t *testing.T) {
	s := &stream{texts: []string{"x"}, tokens: 8, read: func(string) batch.Sequence { return batch.Sequence{} }}
	if _, err := s.next(); err == nil {
		t.Error("got no error, want one")
	}
}

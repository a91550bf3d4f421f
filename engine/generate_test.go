package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/enginetest"
	"defrost/engine/gemm"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// speaking is a small causal model whose weights are far enough apart to prefer some tokens.
func speaking(t *testing.T, family string) *Model {
	t.Helper()
	m, err := OpenModel(context.Background(), enginetest.Backbone(t, family))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range backbone.Params(m.bb) {
		if p.Init == nn.Normal {
			p.Std = 0.5
		}
		p.Reset(3)
	}
	return m
}

// scoresOf reads all of ids at once, without a cache.
func scoresOf(t *testing.T, m *Model, ids []int32) []float32 {
	t.Helper()
	b := nn.NewBuilder(false)
	last := b.Apply(&op.Pool{Kind: op.PoolLast, Cols: m.Shape().Width}, m.bb.Build(b).Last)
	prog, err := b.Build(nil, head.NewCausalLM(m.bb.(backbone.Speaker).Output().Words).Logits(b, last))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Run(batch.Pack([]batch.Sequence{{IDs: ids}}), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(prog.Output(0))
}

func TestWritingWithACacheSaysWhatReadingEverythingAgainDoes(t *testing.T) {
	for _, family := range []string{"gpt2", "openai-gpt"} {
		m := speaking(t, family)
		ids := m.tok.Encode("a very good film").IDs
		w, err := newWriter(m.bb.(backbone.Continuer), 0)
		if err != nil {
			t.Fatal(err)
		}
		for next := ids; len(ids) < m.Shape().Positions; {
			got, err := w.read(next)
			if err != nil {
				t.Fatal(err)
			}
			want := scoresOf(t, m, ids)
			for i := range want {
				if math.Abs(float64(got[i]-want[i])) > 1e-4 {
					t.Fatalf("%s: got score %v of token %d after %d, want %v", family, got[i], i, len(ids), want[i])
				}
			}
			if likeliest(got) != likeliest(want) {
				t.Fatalf("%s: got token %d after %d, want %d", family, likeliest(got), len(ids), likeliest(want))
			}
			next = []int32{likeliest(want)}
			ids = append(ids, next[0])
		}
	}
}

func TestGeneratedTextIsTheLikeliestAndEndsAtTheLastPosition(t *testing.T) {
	m := speaking(t, "openai-gpt")
	ids := m.tok.Encode("the song was").IDs
	var want []int32
	for all := slices.Clone(ids); len(all) <= m.Shape().Positions; all = append(all, want[len(want)-1]) {
		want = append(want, likeliest(scoresOf(t, m, all)))
	}
	var got []int32
	text, err := m.Generate(context.Background(), "the song was", GenerateOptions{Tokens: 1000}, func(tok Token) { got = append(got, int32(tok.ID)) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) || text != m.tok.Decode(want) {
		t.Errorf("got %v %q, want %v %q", got, text, want, m.tok.Decode(want))
	}
}

func TestGenerationStopsWhereItIsTold(t *testing.T) {
	m := speaking(t, "gpt2")
	count := func(ctx context.Context, prompt string, o GenerateOptions) (n int) {
		if _, err := m.Generate(ctx, prompt, o, func(Token) { n++ }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	// A table without differences makes all tokens alike, so that the first one, which ends a text, wins.
	ended := speaking(t, "gpt2")
	clear(ended.bb.(backbone.Speaker).Output().Words.Value)
	if text, err := ended.Generate(context.Background(), "good", GenerateOptions{}, nil); err != nil || text != "" {
		t.Errorf("got %q and error %v after the end of the text, want nothing", text, err)
	}
	if got := count(context.Background(), "a film", GenerateOptions{Tokens: 3, Temperature: 50}); got > 3 {
		t.Errorf("got %d tokens, want at most 3", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := count(ctx, "a film", GenerateOptions{}); got != 0 {
		t.Errorf("got %d tokens of a request that was given up, want none", got)
	}
	count(context.Background(), "", GenerateOptions{Tokens: 2}) // begins with the mark between texts
}

func TestTheSameSeedDrawsTheSameText(t *testing.T) {
	m := speaking(t, "openai-gpt")
	write := func(o GenerateOptions) string {
		text, err := m.Generate(context.Background(), "a meal", o, nil)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	wild := GenerateOptions{Tokens: 12, Temperature: 5, Seed: 1}
	other := wild
	other.Seed = 2
	if a, b, c := write(wild), write(wild), write(other); a != b || a == c {
		t.Errorf("got %q, %q and with another seed %q, want the first two alike", a, b, c)
	}
	tame := wild
	tame.TopK = 1
	if got, want := write(tame), write(GenerateOptions{Tokens: 12}); got != want {
		t.Errorf("got %q from the one likeliest token, want %q", got, want)
	}
}

func TestDrawingKeepsToTopKAndTopP(t *testing.T) {
	scores := []float32{0, float32(math.Log(4)), float32(math.Log(3)), float32(math.Log(2))} // 0.1 0.4 0.3 0.2
	for _, c := range []struct {
		k    int
		p    float64
		want []int32
	}{{0, 0, []int32{0, 1, 2, 3}}, {2, 0, []int32{1, 2}}, {0, 0.39, []int32{1}}, {0, 0.65, []int32{1, 2}}, {3, 0.9, []int32{1, 2, 3}}, {9, 1, []int32{0, 1, 2, 3}}} {
		counts := map[int32]int{}
		ch := newChooser(GenerateOptions{Temperature: 1, TopK: c.k, TopP: c.p, Seed: 5}, nil)
		for range 4000 {
			counts[ch.of(scores)]++
		}
		var got []int32
		for id := range counts {
			got = append(got, id)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("top_k %d, top_p %v: got tokens %v, want %v", c.k, c.p, got, c.want)
		}
		if len(c.want) == 4 && math.Abs(float64(counts[1])/4000-0.4) > 0.04 {
			t.Errorf("got token 1 in %d of 4000 draws, want about 1600", counts[1])
		}
	}
}

func TestGenerationRefusesWhatItCannotDo(t *testing.T) {
	for _, c := range []struct {
		family, prompt string
		o              GenerateOptions
		want           string
	}{
		{"bert", "a film", GenerateOptions{}, "expected a causal model"},
		{"elmo", "a film", GenerateOptions{}, "generate: "},
		{"openai-gpt", "", GenerateOptions{}, "has 0 tokens"},
		{"gpt2", strings.Repeat(" film", 40), GenerateOptions{}, "expected 1 to the 32 positions"},
		{"gpt2", "a film", GenerateOptions{Tokens: -1}, "tokens is -1"},
		{"gpt2", "a film", GenerateOptions{Temperature: -1}, "temperature is -1"},
		{"gpt2", "a film", GenerateOptions{TopP: 2}, "top_p is 2"},
		{"gpt2", "a film", GenerateOptions{TopK: -2}, "top_k is -2"},
	} {
		_, err := speaking(t, c.family).Generate(context.Background(), c.prompt, c.o, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q in it", c.family, err, c.want)
		}
	}
}

// TestTheBestScoresAreEnoughToChoose hides all scores but as many of the highest as the options ask for.
func TestTheBestScoresAreEnoughToChoose(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const v = 300
	for _, o := range []GenerateOptions{
		{}, {Repetition: 1.3}, {Temperature: 0.8, TopK: 7}, {Temperature: 1.5, TopK: 12, TopP: 0.7}, {Temperature: 1, TopK: 3, Repetition: 4},
	} {
		o.Tokens = 20
		prompt := []int32{1, 2, 3, 4, 5}
		n := o.best(len(prompt))
		if n < 1 || n > o.TopK+len(prompt)+o.Tokens+1 {
			t.Fatalf("%+v: got %d scores, want a few", o, n)
		}
		some, all := newChooser(o, prompt), newChooser(o, prompt)
		for i := range o.Tokens {
			scores := make([]float32, v)
			for id := range scores {
				scores[id] = float32(math.Round(3*rng.NormFloat64()) + float64(id%2)) // some are equal
			}
			for _, id := range all.text { // what was written is likely to be likely
				scores[id] += 4
			}
			ranked := slices.Sorted(slices.Values(scores))
			hidden := slices.Clone(scores)
			for id, s := range scores {
				if s < ranked[v-n] {
					hidden[id] = float32(math.Inf(-1))
				}
			}
			if got, want := some.of(hidden), all.of(scores); got != want {
				t.Fatalf("%+v: got token %d at %d, want %d", o, got, i, want)
			}
		}
	}
	for _, o := range []GenerateOptions{{Beams: 3}, {Temperature: 1}, {Temperature: 1, TopP: 0.5}, {Repetition: 0.9}} {
		if n := o.best(5); n != 0 {
			t.Errorf("%+v: got %d scores, want all", o, n)
		}
	}
}

// TestWritersOfTheBestScoresWriteTheSame writes with a vocabulary that is worth looking through.
func TestWritersOfTheBestScoresWriteTheSame(t *testing.T) {
	shape := benchShape{family: "gpt2", layers: 2, width: 64, heads: 2, ffn: 128, vocabulary: 6000, slots: 64}
	bb, err := shape.backbone()
	if err != nil {
		t.Fatal(err)
	}
	write := func(best int) (ids []int32, hidden int) {
		w, err := newWriter(bb.(backbone.Continuer), best)
		if err != nil {
			t.Fatal(err)
		}
		defer w.prog.Close()
		for next := []int32{5, 17, 800}; len(ids) < 40; next = ids[len(ids)-1:] {
			scores, err := w.read(next)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range scores {
				if math.IsInf(float64(s), -1) {
					hidden++
				}
			}
			ids = append(ids, likeliest(scores))
		}
		return ids, hidden
	}
	want, _ := write(0)
	got, hidden := write(1)
	if !slices.Equal(got, want) {
		t.Errorf("got tokens %v, want %v", got, want)
	}
	if gemm.FastBF16() != (hidden > 0) {
		t.Errorf("got %d scores left out, want some where bfloat16 is fast: %v", hidden, gemm.FastBF16())
	}
}

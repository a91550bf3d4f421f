package engine

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
)

// recorded are a small GPT-2 with random weights and what transformers wrote with it, greedily and
// with beams.
func recorded(t *testing.T) *Model {
	t.Helper()
	m, err := OpenModel(context.Background(), filepath.Join("testdata", "generate"))
	if err == nil {
		err = m.Load(0, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// write is Generate on tokens.
func (m *Model) write(t *testing.T, prompt []int32, o GenerateOptions) []int32 {
	t.Helper()
	w, err := newWriter(m.bb.(backbone.Continuer), o.best(len(prompt)))
	if err != nil {
		t.Fatal(err)
	}
	defer w.prog.Close()
	how := m.writeOn
	if o.Beams > 1 {
		how = m.search
	}
	var shown []int32
	ids, err := how(t.Context(), w, prompt, o, func(id int32) { shown = append(shown, id) })
	if err != nil || !slices.Equal(ids, shown) {
		t.Fatalf("got %v with %v shown and error %v, want all shown", ids, shown, err)
	}
	return ids
}

func TestWritingIsThatOfTransformers(t *testing.T) {
	m := recorded(t)
	data, err := os.ReadFile(filepath.Join("testdata", "generate", "cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Prompt, Want []int32
		Tokens       int
		Beams        int
		Length       float64
		Repetition   float64
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	ended := 0
	for i, c := range cases {
		o := GenerateOptions{Tokens: c.Tokens, Beams: c.Beams, Length: c.Length, Repetition: c.Repetition}
		if got := m.write(t, c.Prompt, o); !slices.Equal(got, c.Want) {
			t.Errorf("case %d, %+v: got %v, want %v", i, o, got, c.Want)
		}
		if len(c.Want) < c.Tokens {
			ended++
		}
	}
	if len(cases) < 24 || ended < 4 {
		t.Errorf("got %d cases of which %d end by themselves, want 24 and 4", len(cases), ended)
	}
}

// TestEnoughBeamsFindTheLikeliestText tries every text of up to three tokens.
func TestEnoughBeamsFindTheLikeliestText(t *testing.T) {
	m := recorded(t)
	const tokens = 3
	prompt := []int32{5, 9}
	eos, v := m.tok.Specials().EOS, m.Shape().Vocabulary
	var best []int32
	top := math.Inf(-1)
	var follow func(ids []int32, sum float64)
	follow = func(ids []int32, sum float64) {
		p := logProbabilities(scoresOf(t, m, slices.Concat(prompt, ids)))
		for id := range int32(v) {
			score, text := sum+float64(p[id]), append(slices.Clone(ids), id)
			if id != eos && len(text) < tokens {
				if len(text) < 2 || score/tokens > top { // the rest only lowers the sum
					follow(text, score)
				}
				continue
			}
			if mean := score / float64(len(text)); mean > top {
				top, best = mean, slices.DeleteFunc(text, func(id int32) bool { return id == eos })
			}
		}
	}
	follow(nil, 0)
	if got := m.write(t, prompt, GenerateOptions{Tokens: tokens, Beams: 400}); !slices.Equal(got, best) {
		t.Errorf("got %v, want %v of mean log-probability %v", got, best, top)
	}
}

func TestBeamsFindATextThatIsAtLeastAsLikely(t *testing.T) {
	m := speaking(t, "openai-gpt")
	prompt := m.tok.Encode("the good").IDs
	likelihood := func(ids []int32) float64 {
		sum := 0.0
		for i, id := range ids {
			sum += float64(logProbabilities(scoresOf(t, m, slices.Concat(prompt, ids[:i])))[id])
		}
		return sum
	}
	greedy := m.write(t, prompt, GenerateOptions{Tokens: 8})
	if beams := m.write(t, prompt, GenerateOptions{Tokens: 8, Beams: 6}); likelihood(beams) < likelihood(greedy) {
		t.Errorf("got %v of log-probability %v, want at least the %v of %v", beams, likelihood(beams), likelihood(greedy), greedy)
	}
}

func TestRepetitionIsPaidFor(t *testing.T) {
	scores := []float32{2, -1, 4, 0}
	got := discouraged(scores, []int32{0, 1, 0, 3}, 2)
	if want := []float32{1, -2, 4, 0}; !slices.Equal(got, want) {
		t.Errorf("got scores %v, want %v", got, want)
	}
	if got := discouraged(scores, []int32{0, 1}, 1); &got[0] != &scores[0] {
		t.Errorf("got %v, want the scores as they are", got)
	}
	m := recorded(t)
	twice := func(o GenerateOptions) int {
		seen := map[int32]bool{}
		n := 0
		for _, id := range m.write(t, []int32{7, 10, 3}, o) {
			if seen[id] {
				n++
			}
			seen[id] = true
		}
		return n
	}
	if a, b := twice(GenerateOptions{Tokens: 30}), twice(GenerateOptions{Tokens: 30, Repetition: 5}); b >= a {
		t.Errorf("got %d repeated tokens with the penalty and %d without, want fewer", b, a)
	}
}

func TestSearchesThatCannotWorkAreRefused(t *testing.T) {
	for _, c := range []struct {
		o    GenerateOptions
		want string
	}{
		{GenerateOptions{Beams: -1}, "beams is -1"}, {GenerateOptions{Repetition: -1}, "repetition is -1"},
		{GenerateOptions{Beams: 3, Temperature: 1}, "temperature is 1"},
	} {
		_, err := recorded(t).Generate(t.Context(), "a", c.o, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want %q in it", err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if text, err := recorded(t).Generate(ctx, "a", GenerateOptions{Beams: 3}, nil); text != "" || err != nil {
		t.Errorf("got %q and error %v of a request that was given up, want nothing", text, err)
	}
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/enginetest"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// explained opens a run that was trained on the topics.
func explained(t *testing.T, family string) (*Explainer, *Run) {
	t.Helper()
	r := familyRecipe(t, family)
	r.Data = enginetest.Topics(t, 48)
	run := trained(t, r)
	e, err := ExplainRun(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return e, run
}

// TestExplainersSayWhatPredictorsSay holds the kept program against the predictor's, text after text.
func TestExplainersSayWhatPredictorsSay(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		e, run := explained(t, family)
		p, err := OpenPredictor(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"a very good film", "", "the meal was cold and the song was very very bright and good and fine and fine and fine and warm"} {
			got, err := e.Predict(text)
			if err != nil {
				t.Fatal(err)
			}
			want, err := p.Predict([]string{text, "film"}) // no program runs without a token
			if err != nil {
				t.Fatal(err)
			}
			if got.Label != want[0].Label || !slices.Equal(got.Probabilities, want[0].Probabilities) {
				t.Errorf("%q: got %v, want %v", text, got, want[0])
			}
		}
	})
}

// TestOcclusionIsTheFallOfTheProbability takes tokens away by hand.
func TestOcclusionIsTheFallOfTheProbability(t *testing.T) {
	for family, without := range map[string]string{"bert": "a very [MASK] film", "elmo": "a very film"} {
		e, _ := explained(t, family)
		h, err := e.Occlusion(context.Background(), "a very cold film")
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(h.Tokens, func(t Token) bool { return t.Text == "cold" })
		if got := "a very cold film"[h.Tokens[at].Start:h.Tokens[at].End]; got != "cold" {
			t.Errorf("%s: the token stands for %q, want cold", family, got)
		}
		left, err := e.Predict(without)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(left.Probabilities, func(p LabelProb) bool { return p.Label == h.Label })
		if want := h.P - left.Probabilities[i].P; math.Abs(h.Scores[at]-want) > 1e-6 {
			t.Errorf("%s: got %v, want the fall %v", family, h.Scores[at], want)
		}
		if h.Scores[0] != 0 || !h.Tokens[0].Special {
			t.Errorf("%s: got %v for %v, want 0 for a special token", family, h.Scores[0], h.Tokens[0])
		}
	}
}

func TestOcclusionOfManyTokensIsGivenUpOnRequest(t *testing.T) {
	e, _ := explained(t, "bert")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Occlusion(ctx, "a good film"); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("got error %v, want one that says it was given up", err)
	}
}

// TestGradientIsTheSlopeAlongTheEmbedding scales each word's vector by central differences: the slope
// of the score in that scale is gradient x input. No two tokens of the text are alike.
func TestGradientIsTheSlopeAlongTheEmbedding(t *testing.T) {
	for _, family := range []string{"bert", "distilbert", "roberta", "xlnet", "openai-gpt", "gpt2", "vectors"} {
		e, _ := explained(t, family)
		const text = "a very cold film"
		h, err := e.Gradient(text)
		if err != nil {
			t.Fatal(err)
		}
		class := slices.Index(e.labels, h.Label)
		words := e.tap.words
		for i, token := range h.Tokens {
			row := words.Value[token.ID*e.tap.Cols : (token.ID+1)*e.tap.Cols]
			was := slices.Clone(row)
			score := func(scale float32) float64 {
				for c := range row {
					row[c] = was[c] * scale
				}
				words.Changed()
				if _, err := e.says.Run(e.pack([]batch.Sequence{e.sequence(text, e.max)}), nn.Step{}); err != nil {
					t.Fatal(err)
				}
				return float64(e.says.Output(0)[class])
			}
			const step = 1e-2
			want := (score(1+step) - score(1-step)) / (2 * step)
			score(1)
			if math.Abs(h.Scores[i]-want) > 2e-3*(1+math.Abs(want)) {
				t.Errorf("%s: token %d %q: got %v, want the slope %v", family, i, token.Text, h.Scores[i], want)
			}
		}
	}
}

func TestEveryFamilyOwesItsPredictionToSomeToken(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		e, _ := explained(t, family)
		for _, text := range []string{"a very good meal", ""} {
			h, err := e.Gradient(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(h.Scores) != len(h.Tokens) {
				t.Fatalf("got %d scores of %d tokens", len(h.Scores), len(h.Tokens))
			}
			if text != "" && !slices.ContainsFunc(h.Scores, func(s float64) bool { return s != 0 }) {
				t.Error("no token has a gradient")
			}
		}
		for _, p := range backbone.Params(e.model.bb) {
			if p.Grad != nil {
				t.Fatalf("%s got a gradient", p.Name)
			}
		}
	})
}

func TestAttentionSumsToOneAndIsMissingWhereThereIsNone(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		e, err := ExplainBackbone(context.Background(), enginetest.Backbone(t, family))
		if err != nil {
			t.Fatal(err)
		}
		a, err := e.Attention("the film was very good")
		if err != nil {
			t.Fatal(err)
		}
		if want := e.model.Shape().Heads; family != "elmo" && family != "vectors" && (a.Layers != 2 || a.Heads != want) {
			t.Errorf("got %d layers of %d heads, want 2 of %d", a.Layers, a.Heads, want)
		} else if family == "elmo" && a.Layers != 0 {
			t.Errorf("got %d layers of attention in an LSTM", a.Layers)
		}
		for layer := range a.Layers {
			for i := range a.Tokens {
				for head := range a.Heads {
					if sum := sum32(a.Row(layer, head, i)); math.Abs(sum-1) > 1e-5 {
						t.Errorf("layer %d head %d row %d sums to %v, want 1", layer, head, i, sum)
					}
				}
				if sum := sum32(a.Mean(layer, i)); math.Abs(sum-1) > 1e-5 {
					t.Errorf("layer %d row %d of the mean sums to %v, want 1", layer, i, sum)
				}
			}
		}
		if e.Causal() && a.Row(0, 0, 0)[1] != 0 {
			t.Error("the first token sees the second")
		}
	})
}

func sum32(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum
}

// TestAttentionIsComputedFromTheHiddenStates makes the first layer's queries and keys from what the
// embeddings say and holds their softmax against what was kept.
func TestAttentionIsComputedFromTheHiddenStates(t *testing.T) {
	e, err := ExplainBackbone(context.Background(), enginetest.Bert(t))
	if err != nil {
		t.Fatal(err)
	}
	const text = "the film was very good"
	a, err := e.Attention(text)
	if err != nil {
		t.Fatal(err)
	}
	b := nn.NewBuilder(false)
	prog, err := b.Build(nil, e.model.bb.Build(b).All[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Run(e.pack([]batch.Sequence{e.sequence(text, 0)}), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	l := e.model.bb.(*backbone.Bert).Encoder[0]
	width := e.model.Shape().Width
	q, k := projected(prog.Output(0), l.Query, width), projected(prog.Output(0), l.Key, width)
	dim := width / a.Heads
	for head := range a.Heads {
		for i := range a.Tokens {
			scores := make([]float32, len(a.Tokens))
			for j := range scores {
				for d := head * dim; d < (head+1)*dim; d++ {
					scores[j] += q[i*width+d] * k[j*width+d] / float32(math.Sqrt(float64(dim)))
				}
			}
			for j, want := range softmax64(scores) {
				if got := float64(a.Row(0, head, i)[j]); math.Abs(got-want) > 1e-6 {
					t.Fatalf("head %d, %d looks at %d: got %v, want %v", head, i, j, got, want)
				}
			}
		}
	}
}

// projected is x W^T + b, written out.
func projected(x []float32, l nn.Linear, width int) []float32 {
	y := make([]float32, len(x))
	for n := range len(x) / width {
		for o := range width {
			sum := float64(l.B.Value[o])
			for i := range width {
				sum += float64(x[n*width+i]) * float64(l.W.Value[o*width+i])
			}
			y[n*width+o] = float32(sum)
		}
	}
	return y
}

func TestLikelyNextTokensAreThoseOfTheSoftmax(t *testing.T) {
	for _, family := range []string{"gpt2", "openai-gpt"} {
		m := speaking(t, family)
		e := &Explainer{model: m, name: family}
		for _, text := range []string{"the film was", "the film"} {
			got, err := e.Next(text, 5)
			if err != nil {
				t.Fatal(err)
			}
			want := softmax64(scoresOf(t, m, m.tok.Encode(text).IDs))
			if got[0].Token.ID != most(want) || len(got) != 5 {
				t.Errorf("%s: got %v first of %d, want %d of 5", family, got[0], len(got), most(want))
			}
			for i, c := range got {
				if math.Abs(c.P-want[c.Token.ID]) > 1e-6 || i > 0 && c.P > got[i-1].P {
					t.Errorf("%s: got %v after %v, want probability %v in falling order", family, c, got[:i], want[c.Token.ID])
				}
			}
		}
	}
	e := &Explainer{model: speaking(t, "bert"), name: "bert"}
	if _, err := e.Next("a film", 3); err == nil || !strings.Contains(err.Error(), "expected a causal model") {
		t.Errorf("got error %v from a masked model, want one that asks for a causal one", err)
	}
}

func TestLargestLeavesNaNOut(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		values []float64
		k      int
		want   []int
	}{{[]float64{1, 3, 2}, 2, []int{1, 2}}, {[]float64{nan, 1, nan, 2}, 3, []int{3, 1}}, {nil, 2, nil}, {[]float64{1, 1}, 5, []int{0, 1}}, {[]float64{4}, 0, nil}} {
		if got := largest(c.values, c.k); !slices.Equal(got, c.want) {
			t.Errorf("%v, %d: got %v, want %v", c.values, c.k, got, c.want)
		}
	}
}

func TestNearestExamplesComeFromBeforeAndAfter(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		_, run := explained(t, family)
		for name, open := range map[string]func(context.Context, string, int) (*Gallery, error){"before": GalleryBefore, "after": GalleryAfter} {
			g, err := open(context.Background(), run.Dir, 20)
			if err != nil {
				t.Fatal(err)
			}
			for _, ex := range g.examples[:3] {
				near, err := g.Nearest(ex.Text, 4)
				if err != nil {
					t.Fatal(err)
				}
				same := slices.ContainsFunc(near, func(n Near) bool { return n.Text == ex.Text })
				if len(near) != 4 || !same || math.Abs(near[0].Cosine-1) > 1e-4 || near[3].Cosine > near[0].Cosine {
					t.Errorf("%s: %q is close to %v, want itself at 1 among four", name, ex.Text, near)
				}
			}
		}
	})
}

// TestBeforeIsTheStateBeforeTheFirstStep compares with the weights of the backbone's own file.
func TestBeforeIsTheStateBeforeTheFirstStep(t *testing.T) {
	_, run := explained(t, "bert")
	g, err := GalleryBefore(context.Background(), run.Dir, 8)
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenModel(context.Background(), eventsOf(run)[0].(Started).Recipe.Backbone)
	if err == nil {
		err = m.Load(0, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	own := backbone.Params(m.bb)
	for i, p := range backbone.Params(g.explainer.model.bb) {
		if p.Name != own[i].Name || p.Name != "pooler.dense.weight" && p.Name != "pooler.dense.bias" && !slices.Equal(p.Value, own[i].Value) {
			t.Errorf("%s differs from the pre-trained %s", p.Name, own[i].Name)
		}
	}
}

func TestPairsAreAnsweredThoughNotExplained(t *testing.T) {
	r := familyRecipe(t, "bert")
	r.Data, r.Task = pairs(t), "classify"
	e, err := ExplainRun(trained(t, r).Dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Predict("the film was good\tthe film was bad")
	if err != nil || p.Label == "" || len(p.Probabilities) != 2 {
		t.Errorf("got %v and error %v, want a label of two", p, err)
	}
	if _, err := e.Predict("one text"); err == nil || !strings.Contains(err.Error(), "expected two") {
		t.Errorf("got error %v for one text, want one that asks for two", err)
	}
	if _, err := e.Occlusion(context.Background(), "one text"); err == nil || !strings.Contains(err.Error(), "has no labels") || len(e.Labels()) > 0 {
		t.Errorf("got error %v and labels %v, want none to explain", err, e.Labels())
	}
}

// pairs writes rows of two texts that say the same, or not.
func pairs(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i := range 40 {
		adjectives := []string{"good", "bad"}
		fmt.Fprintf(&b, "{\"premise\": \"the film %d was good\", \"hypothesis\": \"the film was %s\", \"label\": \"%s\"}\n", i, adjectives[i%2], []string{"yes", "no"}[i%2])
	}
	path := filepath.Join(t.TempDir(), "pairs.jsonl")
	enginetest.Write(t, path, b.String())
	return path
}

func TestExplainingWhatIsNoRunSaysSo(t *testing.T) {
	dir := t.TempDir()
	if _, err := ExplainRun(dir); err == nil || !strings.Contains(err.Error(), "holds no checkpoint yet") {
		t.Errorf("got error %v, want one that names the missing checkpoint", err)
	}
	best := filepath.Join(dir, checkpointsDir, "best")
	if err := os.MkdirAll(best, 0o755); err != nil {
		t.Fatal(err)
	}
	enginetest.Write(t, filepath.Join(best, stateFile), "{}")
	enginetest.Write(t, filepath.Join(best, taskFile), `{"task": "classify", "labels": [`)
	if _, err := ExplainRun(dir); err == nil || !strings.Contains(err.Error(), "unexpected end of JSON") {
		t.Errorf("got error %v from a task file that is cut, want one that says so", err)
	}
	e, err := ExplainBackbone(context.Background(), enginetest.Bert(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Predict("a film"); err == nil || !strings.Contains(err.Error(), "has no labels") {
		t.Errorf("got error %v from a backbone alone, want one that says it has no labels", err)
	}
}

// BenchmarkExplaining asks the embedded backbone about a sentence, as each key does.
func BenchmarkExplaining(b *testing.B) {
	m, err := OpenModel(context.Background(), "pocket-bert")
	if err == nil {
		err = m.Load(0, false)
	}
	tk, taskErr := task.Open(task.Saved{Task: "sentiment", Labels: []string{"negative", "positive"}})
	if err = errors.Join(err, taskErr); err != nil {
		b.Fatal(err)
	}
	h, err := m.newHead(tk, "linear", "mean", 0)
	if err != nil {
		b.Fatal(err)
	}
	e := &Explainer{model: m, name: "pocket-bert", task: tk, head: h, labels: tk.Labels(), max: 128}
	const text = "The remake isn't half-bad, surprisingly watchable, and its second half is far better than the first."
	for name, ask := range map[string]func() error{
		"predict":   func() error { _, err := e.Predict(text); return err },
		"occlusion": func() error { _, err := e.Occlusion(context.Background(), text); return err },
		"gradient":  func() error { _, err := e.Gradient(text); return err },
		"attention": func() error { _, err := e.Attention(text); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

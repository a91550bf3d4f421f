package engine

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/enginetest"
)

// layered are rows of three layers, of which the middle one alone tells the label.
func layered(n, h int) (x [][]float32, gold []int32) {
	rng := rand.New(rand.NewPCG(1, 2))
	x = [][]float32{make([]float32, n*h), make([]float32, n*h), make([]float32, n*h)}
	for r := range n {
		class := int32(r % 3)
		gold = append(gold, class)
		for k := range x {
			for c := range h {
				x[k][r*h+c] = float32(rng.NormFloat64())
			}
		}
		x[1][r*h+int(class)] += 2
	}
	return x, gold
}

func TestALinearProbeComesToItsOptimum(t *testing.T) {
	const n, h, penalty = 300, 8, 0.01
	x, gold := layered(n, h)
	gold[5] = batch.Ignore
	states := x[1:2]
	p := newLinearProbe(h, 3, 1)
	p.learn(states, gold, penalty)
	grads := like([][]float32{p.w, p.b, p.s})
	p.gradients(states, gold, penalty, grads)
	for i, g := range append(grads[0], grads[1]...) {
		if g > 1e-3 || g < -1e-3 {
			t.Errorf("got gradient %v at place %d, want 0", g, i)
		}
	}
	if cost := p.cost(states, gold); cost > 0.6 {
		t.Errorf("got a cost of %v, want less than 0.6", cost)
	}
}

func TestAMixLooksWhereTheLabelIs(t *testing.T) {
	x, gold := layered(300, 8)
	p := newLinearProbe(8, 3, 3)
	p.learn(x, gold, 0.01)
	if shares := p.shares(); shares[1] < 0.8 {
		t.Errorf("got shares %v, want most of the middle layer", shares)
	}
}

// TestMixGradientsAreThoseOfTheCost compares with differences.
func TestMixGradientsAreThoseOfTheCost(t *testing.T) {
	x, gold := layered(30, 8)
	p := newLinearProbe(8, 3, 3)
	p.learn(x, gold, 0.1)
	p.s = []float32{0.3, -0.2, 0.1}
	grads := like([][]float32{p.w, p.b, p.s})
	p.gradients(x, gold, 0, grads)
	for k := range p.s {
		const step = 1e-2
		was := p.s[k]
		p.s[k] = was + step
		above := p.cost(x, gold)
		p.s[k] = was - step
		below := p.cost(x, gold)
		p.s[k] = was
		if got, want := float64(grads[2][k]), (above-below)/(2*step); got-want > 1e-3 || want-got > 1e-3 {
			t.Errorf("share %d: got gradient %v, want %v", k, got, want)
		}
	}
}

func TestEveryLayerIsProbed(t *testing.T) {
	for name, c := range map[string]struct{ data, metric string }{
		"labels": {enginetest.Reviews(t, 120), "accuracy"}, "tags": {"ner", "f1"},
	} {
		t.Run(name, func(t *testing.T) {
			o := ProbeOptions{Backbone: enginetest.Bert(t), Data: c.data, Limit: 60, Seed: 1}
			got, err := ProbeLayers(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, l := range append(got.Layers, got.Mix.LayerProbe) {
				names = append(names, l.Layer)
				if l.Both.Name != c.metric || l.Both.Value < 0 || l.Both.Low > l.Both.Value || l.Both.High < l.Both.Value {
					t.Errorf("%s: got %+v, want %s within its interval", l.Layer, l.Both, c.metric)
				}
			}
			if want := "embeddings encoder.0 encoder.1 mix"; strings.Join(names, " ") != want {
				t.Errorf("got layers %v, want %s", names, want)
			}
			again, err := ProbeLayers(context.Background(), o)
			if err != nil || !reflect.DeepEqual(got, again) {
				t.Errorf("got %+v (%v) the second time, want %+v", again, err, got)
			}
			if name == "labels" && got.Layers[0].Both.Value < 0.9 {
				t.Errorf("got %+v of the embeddings, want nearly all right: words of praise decide", got.Layers[0].Both)
			}
		})
	}
}

func TestDataWithoutLabelsCannotBeProbed(t *testing.T) {
	_, err := ProbeLayers(context.Background(), ProbeOptions{Backbone: enginetest.Bert(t), Data: "qa"})
	if err == nil || !strings.Contains(err.Error(), "one label for each text, or with tags") {
		t.Errorf("got error %v, want one that says what can be probed", err)
	}
}

// TestARunTellsWhatItsMixTook trains an ELMo, whose layers a task learns to average.
func TestARunTellsWhatItsMixTook(t *testing.T) {
	events := eventsOf(trained(t, familyRecipe(t, "elmo")))
	var first, last *MixState
	for _, e := range events {
		switch e := e.(type) {
		case Loaded:
			first = mixIn(e.Layers)
		case Evaluated:
			if e.Layers != nil {
				last = mixIn(e.Layers)
			}
		}
	}
	if first == nil || last == nil || len(last.Layers) != 3 || last.Layers[2] != "lstm.1" {
		t.Fatalf("got mixes %+v and %+v, want shares of three layers", first, last)
	}
	sum := 0.0
	for k, share := range last.Shares {
		sum += float64(share)
		if share == first.Shares[k] {
			t.Errorf("%s: got a share of %v before and after, want it learnt", last.Layers[k], share)
		}
	}
	if sum < 0.999 || sum > 1.001 || last.Gamma == first.Gamma {
		t.Errorf("got shares %v with gamma %v, want a sum of 1 and gamma moved from %v", last.Shares, last.Gamma, first.Gamma)
	}
}

func mixIn(layers []LayerState) *MixState {
	for _, l := range layers {
		if l.Mix != nil {
			return l.Mix
		}
	}
	return nil
}

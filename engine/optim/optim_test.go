package optim

import (
	"math"
	"strings"
	"testing"

	"defrost/engine/nn"
)

// encoder returns the layers of a small model: embeddings, three encoder layers, pooler, head.
func encoder() []nn.Layer {
	param := func(name string, init nn.Init) *nn.Param {
		p := nn.NewParam(init, 2, 3)
		p.Name = name
		return p
	}
	layers := []nn.Layer{{Name: "embeddings", Kind: "embeddings", Params: []*nn.Param{param("embeddings.word", nn.Normal)}}}
	for _, l := range []string{"encoder.0", "encoder.1", "encoder.2"} {
		layers = append(layers, nn.Layer{Name: l, Kind: "encoder", Params: []*nn.Param{
			param(l+".dense.weight", nn.Normal), param(l+".dense.bias", nn.Zeros), param(l+".LayerNorm.weight", nn.Ones),
		}})
	}
	return append(layers,
		nn.Layer{Name: "pooler", Kind: "pooler", Params: []*nn.Param{param("pooler.weight", nn.Normal)}},
		nn.Layer{Name: "head", Kind: "head", Params: []*nn.Param{param("classifier.weight", nn.Normal)}})
}

// learning lists the layers of which something is chosen; a star marks those chosen in part.
func learning(layers []nn.Layer, chosen map[*nn.Param]bool) string {
	var out []string
	for _, l := range layers {
		n := 0
		for _, p := range l.Params {
			if chosen[p] {
				n++
			}
		}
		switch {
		case n == len(l.Params):
			out = append(out, l.Name)
		case n > 0:
			out = append(out, l.Name+"*")
		}
	}
	return strings.Join(out, " ")
}

func TestSpecsSelectLayers(t *testing.T) {
	for _, c := range []struct{ train, freeze, want string }{
		{"all", "", "embeddings encoder.0 encoder.1 encoder.2 pooler head"},
		{"head", "", "pooler head"},
		{"last:1", "", "encoder.2 pooler head"},
		{"last:0", "", "pooler head"},
		{"last:3", "", "encoder.0 encoder.1 encoder.2 pooler head"},
		{"first:1", "", "embeddings encoder.0 head"},
		{"embeddings", "", "embeddings head"},
		{"bias", "", "encoder.0* encoder.1* encoder.2* head"},
		{"norm", "", "encoder.0* encoder.1* encoder.2* head"},
		{"encoder.1", "", "encoder.1 head"},
		{"encoder.*", "", "encoder.0 encoder.1 encoder.2 head"},
		{"*.bias", "", "encoder.0* encoder.1* encoder.2* head"},
		{"embeddings, encoder.2", "", "embeddings encoder.2 head"},
		{"", "first:2", "encoder.2 pooler head"},
		{"all", "encoder.1,head", "embeddings encoder.0 encoder.2"},
	} {
		layers := encoder()
		chosen, err := FreezePlan{Train: Spec(c.train), Freeze: Spec(c.freeze)}.Learns(layers)
		if err != nil {
			t.Errorf("train %q freeze %q: %v", c.train, c.freeze, err)
			continue
		}
		if got := learning(layers, chosen); got != c.want {
			t.Errorf("train %q freeze %q: got %s, want %s", c.train, c.freeze, got, c.want)
		}
	}
}

func TestBadSpecsSayWhatWasExpected(t *testing.T) {
	for _, spec := range []string{"encoder.9", "last:4", "last:x", "middle:2", "none", "[", "Embeddings"} {
		if _, err := (FreezePlan{Train: Spec(spec)}).Learns(encoder()); err == nil || !strings.Contains(err.Error(), "expected") && spec != "[" {
			t.Errorf("%q: got error %v, want one that says what was expected", spec, err)
		}
	}
}

func TestGradualThawingGoesFromTheTop(t *testing.T) {
	layers := encoder()
	plan := FreezePlan{Train: "all", ThawEvery: 2}
	for epoch, want := range map[int]string{
		1: "pooler head", 2: "pooler head", 3: "encoder.2 pooler head", 5: "encoder.1 encoder.2 pooler head",
		9: "embeddings encoder.0 encoder.1 encoder.2 pooler head", 99: "embeddings encoder.0 encoder.1 encoder.2 pooler head",
	} {
		now, err := plan.Thawed(layers, epoch)
		if err != nil {
			t.Fatal(err)
		}
		if got := learning(layers, now); got != want {
			t.Errorf("epoch %d: got %s, want %s", epoch, got, want)
		}
	}
}

func TestLearningRateFallsWithDepth(t *testing.T) {
	layers := encoder()
	plan := FreezePlan{LR: 1, HeadLR: 5, LayerDecay: 0.5}
	for i, want := range []float64{0.125, 0.25, 0.5, 1, 1, 5} {
		if got := plan.Rate(layers, i); got != want {
			t.Errorf("%s: got rate %v, want %v", layers[i].Name, got, want)
		}
	}
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		kind string
		step int
		want float64
	}{
		{"linear", 0, 1. / 11}, {"linear", 9, 10. / 11}, {"linear", 10, 1}, {"linear", 55, 0.5}, {"linear", 100, 0},
		{"cosine", 10, 1}, {"cosine", 55, 0.5}, {"constant", 10, 1}, {"constant", 99, 1},
		{"stlr", 0, 1. / 32}, {"stlr", 10, 1}, {"stlr", 100, 1. / 32},
	} {
		s := Schedule{Kind: c.kind, Warmup: 0.1, Steps: 100}
		if got := s.Factor(c.step); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s at step %d: got %v, want %v", c.kind, c.step, got, c.want)
		}
	}
}

// one returns a single thawed parameter of value 1 and gradient g.
func one(g float32) ([]Group, *nn.Param) {
	p := nn.NewParam(nn.Normal, 1, 1)
	p.Value[0] = 1
	p.Thaw()
	p.Grad[0] = g
	return []Group{{Params: []*nn.Param{p}, LR: 0.1}}, p
}

// TestAdamWFollowsItsFormula compares two steps with the update written out in double precision.
func TestAdamWFollowsItsFormula(t *testing.T) {
	groups, p := one(0.5)
	opt, _ := New("adamw", Options{WeightDecay: 0.01})
	w, m, v := 1.0, 0.0, 0.0
	for step := 1; step <= 2; step++ {
		opt.Step(groups, 1, 1)
		m, v = beta1*m+(1-beta1)*0.5, defaultBeta2*v+(1-defaultBeta2)*0.25
		mh, vh := m/(1-math.Pow(beta1, float64(step))), v/(1-math.Pow(defaultBeta2, float64(step)))
		w = w*(1-0.1*0.01) - 0.1*mh/(math.Sqrt(vh)+eps)
		if math.Abs(float64(p.Value[0])-w) > 1e-5 {
			t.Errorf("step %d: got %v, want %v", step, p.Value[0], w)
		}
	}
}

// TestLAMBFollowsItsFormula does the same for a parameter of two values, whose updates share the ratio
// of the norms of the parameter and of its update.
func TestLAMBFollowsItsFormula(t *testing.T) {
	const decay, lr = 0.3, 0.1
	g := [2]float64{0.5, -2}
	p := nn.NewParam(nn.Normal, 1, 2)
	p.Value[0], p.Value[1] = 3, 4
	p.Thaw()
	opt, _ := New("lamb", Options{WeightDecay: decay})
	w, m, v := [2]float64{3, 4}, [2]float64{}, [2]float64{}
	for step := 1; step <= 3; step++ {
		p.Grad[0], p.Grad[1] = float32(g[0]), float32(g[1])
		opt.Step([]Group{{Params: []*nn.Param{p}, LR: lr}}, 1, 1)
		var u [2]float64
		for i := range u {
			m[i], v[i] = beta1*m[i]+(1-beta1)*g[i], defaultBeta2*v[i]+(1-defaultBeta2)*g[i]*g[i]
			mh, vh := m[i]/(1-math.Pow(beta1, float64(step))), v[i]/(1-math.Pow(defaultBeta2, float64(step)))
			u[i] = mh/(math.Sqrt(vh)+eps) + decay*w[i]
		}
		trust := math.Hypot(w[0], w[1]) / math.Hypot(u[0], u[1])
		for i := range w {
			w[i] -= lr * trust * u[i]
			if math.Abs(float64(p.Value[i])-w[i]) > 1e-5 {
				t.Errorf("step %d: got %v, want %v", step, p.Value, w)
			}
		}
	}
}

func TestOptimizersGoDownhill(t *testing.T) {
	for _, kind := range []string{"adamw", "sgd", "lamb"} {
		groups, p := one(0)
		opt, err := New(kind, Options{})
		if err != nil {
			t.Fatal(err)
		}
		groups[0].LR = 0.02
		for range 400 {
			p.Grad[0] = 2 * (p.Value[0] - 0.25)
			opt.Step(groups, 1, 1)
		}
		if got := p.Value[0]; math.Abs(float64(got)-0.25) > 0.05 {
			t.Errorf("%s: got %v after 400 steps, want about 0.25", kind, got)
		}
	}
}

// TestUntouchedRowsOfASparseTableStay holds lazy updates: no decay, no drift without a gradient.
func TestUntouchedRowsOfASparseTableStay(t *testing.T) {
	p := nn.NewParam(nn.Normal, 4, 2)
	p.Reset(7)
	p.Sparse = true
	p.Thaw()
	before := append([]float32(nil), p.Value...)
	p.Rows.Add(2, 4)
	p.Grad[4], p.Grad[5] = 1, -1
	groups := []Group{{Params: []*nn.Param{p}, LR: 0.1}}
	opt, _ := New("adamw", Options{WeightDecay: 0.1})
	opt.Step(groups, 1, 1)
	for i, was := range before {
		if moved := p.Value[i] != was; moved != (i == 4 || i == 5) {
			t.Errorf("value %d: moved is %v", i, moved)
		}
	}
	if got, want := Measure(groups).Global, math.Sqrt2; math.Abs(got-want) > 1e-6 {
		t.Errorf("got norm %v, want %v", got, want)
	}
	ZeroGrad(groups)
	if p.Grad[4] != 0 || len(p.Rows.List) != 0 {
		t.Errorf("got gradient %v and rows %v after ZeroGrad, want none", p.Grad[4], p.Rows.List)
	}
}

func TestClippingBringsTheNormDownToTheLimit(t *testing.T) {
	groups, p := one(3)
	norm := Measure(groups).Global
	if got := float64(ClipScale(norm, 1)) * float64(p.Grad[0]); math.Abs(got-1) > 1e-5 {
		t.Errorf("got gradient %v after clipping to 1", got)
	}
	if got := ClipScale(0.5, 1); got != 1 {
		t.Errorf("got factor %v below the limit, want 1", got)
	}
}

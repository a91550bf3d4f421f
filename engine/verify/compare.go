package verify

import (
	"fmt"
	"io/fs"
	"math"
	"strings"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
)

// compare runs the model of fsys with the head that its weights hold.
func (g *golden) compare(v *Verification, fsys fs.FS) error {
	if err := g.layout(); err != nil {
		return err
	}
	bb, family, err := backbone.Describe(fsys)
	if err != nil {
		return err
	}
	src, err := checkpoint.Open(fsys)
	if err != nil {
		return err
	}
	defer src.Close()
	h, err := publishedHead(family, bb, src, g.rows)
	if err != nil {
		return err
	}
	v.Architecture = family.Name + "-" + h.name
	params := append(backbone.Params(bb), h.params...)
	report, err := backbone.Load(src, family, params, 0)
	if err != nil {
		return err
	}
	if err := allFilled(report, bb); err != nil {
		return err
	}
	for _, p := range params {
		p.Thaw()
	}
	return g.run(v, family, bb, h, params)
}

// allFilled refuses a reference that leaves parameters to chance; an unused pooler is none.
func allFilled(r backbone.Report, bb backbone.Backbone) error {
	pooler := map[string]bool{}
	for _, l := range bb.Layers() {
		for _, p := range l.Params {
			pooler[p.Name] = l.Kind == "pooler"
		}
	}
	for _, name := range r.Fresh {
		if !pooler[name] {
			return fmt.Errorf("parameter %s is not in the weights", name)
		}
	}
	return nil
}

// run computes the batch forward and backward and compares all that comes out.
func (g *golden) run(v *Verification, family backbone.Family, bb backbone.Backbone, h *published, params []*nn.Param) error {
	b := nn.NewBuilder(true)
	hidden := bb.Build(b)
	logits, loss := h.build(b, hidden)
	keep := append([]*nn.Node{logits}, hidden.All...)
	for _, o := range h.more {
		keep = append(keep, o.node)
	}
	prog, err := b.Build(loss, keep...)
	if err != nil {
		return err
	}
	packed, err := g.batch(h)
	if err != nil {
		return err
	}
	got, err := prog.Run(packed, nn.Step{})
	if err != nil {
		return err
	}
	if err := g.outputs(v, h, prog, len(hidden.All), float64(got)); err != nil {
		return err
	}
	grads := map[string][]float32{}
	for _, p := range params {
		grads[p.Name] = p.Grad
		if g.whole && strings.HasSuffix(p.Name, "word_embeddings.weight") {
			clearPadding(p, packed)
		}
	}
	return g.gradients(v, grads, family.Canonical)
}

// outputs compares loss, logits and hidden states.
func (g *golden) outputs(v *Verification, h *published, prog *nn.Program, states int, loss float64) error {
	want, err := g.floats("out.loss")
	if err != nil {
		return err
	}
	v.LossAbs = float64(math.Abs(loss - float64(want[0])))
	if v.LogitsMaxAbs, err = g.logitsDifference(h.columns, prog.Output(0)); err != nil {
		return err
	}
	for i := range states {
		d, size, err := g.compared(fmt.Sprintf("out.hidden.%d", i), prog.Output(i+1))
		if err != nil {
			return err
		}
		if i == states-1 {
			v.HiddenMaxAbs = d
		} else {
			v.StatesMaxRel = max(v.StatesMaxRel, d/max(size, 1))
		}
	}
	for i, o := range h.more {
		d, err := g.difference(o.name, prog.Output(1+states+i))
		if err != nil {
			return err
		}
		v.LogitsMaxAbs = max(v.LogitsMaxAbs, d)
	}
	return nil
}

// gradients compares every grad.* tensor with ours of that name, once canonical.
func (g *golden) gradients(v *Verification, ours map[string][]float32, canonical func(string) string) error {
	least, err := g.largestGradient()
	if err != nil {
		return err
	}
	for _, t := range g.src.Tensors() {
		name, ok := strings.CutPrefix(t.Name, "grad.")
		if !ok {
			continue
		}
		v.GradsExpected++
		got := ours[canonical(name)]
		if got == nil {
			continue
		}
		want, err := g.floats(t.Name)
		if err != nil {
			return err
		}
		if len(want) != len(got) {
			return fmt.Errorf("%s has %d values, expected %d", t.Name, len(want), len(got))
		}
		v.GradMaxRel = max(v.GradMaxRel, difference(got, want, noise*least))
		v.GradsChecked++
	}
	return nil
}

// largestGradient is the largest entry of all reference gradients.
func (g *golden) largestGradient() (float64, error) {
	largest := math.SmallestNonzeroFloat32
	for _, t := range g.src.Tensors() {
		if !strings.HasPrefix(t.Name, "grad.") {
			continue
		}
		want, err := g.floats(t.Name)
		if err != nil {
			return 0, err
		}
		for _, x := range want {
			largest = math.Max(largest, math.Abs(float64(x)))
		}
	}
	return largest, nil
}

// noise is the share of the model's largest gradient below which a reference is nothing but
// rounding: the key's bias, for example, has an exact gradient of 0.
const noise = 1e-3

// difference is the largest difference over the largest entry of want, or over least when that
// is larger.
func difference(got, want []float32, least float64) float64 {
	diff, scale := 0.0, least
	for i := range want {
		diff = math.Max(diff, math.Abs(float64(got[i])-float64(want[i])))
		scale = math.Max(scale, math.Abs(float64(want[i])))
	}
	return diff / scale
}

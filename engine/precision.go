package engine

import (
	"fmt"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/gemm"
	"defrost/engine/op"
)

// precisions are the numbers in which the products with a backbone's weights can be computed. Heads,
// attention, norms, losses and the optimizer compute in float32 always.
var precisions = map[string]op.Precision{"f32": op.Float32, "bf16-frozen": op.BF16Frozen, "bf16": op.BF16}

// Precisions lists the choices of Recipe.Precision, the most exact first.
func Precisions() []string { return []string{"f32", "bf16-frozen", "bf16"} }

// setPrecision makes the backbone's products those of a recipe.
func (m *Model) setPrecision(name string) { setPrecision(m.bb, name) }

func setPrecision(bb backbone.Backbone, name string) {
	for _, p := range backbone.Params(bb) {
		p.SetPrecision(precisions[name])
	}
}

// inBF16 lists the matrices whose products are computed in bfloat16 as things are now, so that a
// checkpoint predicts in the numbers that its run was judged by.
func (m *Model) inBF16() []string {
	var names []string
	for _, p := range backbone.Params(m.bb) {
		if len(p.Shape) > 1 && p.InBF16() {
			names = append(names, p.Name)
		}
	}
	return names
}

// computeInBF16 is the inverse of inBF16.
func (m *Model) computeInBF16(names []string) {
	for _, p := range backbone.Params(m.bb) {
		if slices.Contains(names, p.Name) {
			p.SetPrecision(op.BF16)
		}
	}
}

// notePrecision says what products in bfloat16 cost on a machine that has no instruction for them.
func (t *trainer) notePrecision() {
	if t.r.Precision != "f32" && gemm.BF16() == "rounded" {
		t.emit(Note{Text: fmt.Sprintf("precision %s saves no time here: this processor has no AVX512-BF16, so factors are rounded and multiplied as float32", t.r.Precision)})
	}
}

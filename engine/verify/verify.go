// Package verify compares a model of ours with its reference implementation.
package verify

import (
	"fmt"
	"os"
)

// Tolerances of Dir: what separates float32 arithmetic in another order from a wrong formula.
const (
	hiddenTolerance = 1e-4 // absolute, hidden states and logits
	lossTolerance   = 1e-5 // absolute
	gradTolerance   = 1e-3 // relative to the largest entry of the tensor
)

// goldenFile holds inputs (in.*), outputs (out.*) and gradients (grad.*) of a reference.
const goldenFile = "golden.safetensors"

// A Verification compares a model of ours with its reference.
type Verification struct {
	Dir           string  `json:"dir"`
	Architecture  string  `json:"architecture"`
	HiddenMaxAbs  float64 `json:"hidden_max_abs"`
	LogitsMaxAbs  float64 `json:"logits_max_abs"`
	LossAbs       float64 `json:"loss_abs"`
	GradMaxRel    float64 `json:"grad_max_rel"`
	GradsChecked  int     `json:"grads_checked"`
	GradsExpected int     `json:"grads_expected"`
	OK            bool    `json:"ok"`
	Rounding      bool    `json:"rounding,omitempty"` // ok, since rounding alone moves this model as far
}

// Dir runs the model of dir forward and backward, dropout off, on the inputs of its
// golden.safetensors and compares hidden states, logits, loss and every gradient.
func Dir(dir string) (Verification, error) {
	v := Verification{Dir: dir}
	g, err := openGolden(dir)
	if err != nil {
		return v, fmt.Errorf("verify: %s: %w", dir, err)
	}
	defer g.src.Close()
	fsys, compare := os.DirFS(dir), g.compare
	if isElmo(fsys) {
		compare = g.compareElmo
	}
	if err := compare(&v, fsys); err != nil {
		return v, fmt.Errorf("verify: %s: %w", dir, err)
	}
	if v.GradsChecked != v.GradsExpected {
		return v, nil
	}
	if v.OK = v.within(figures{}); v.OK || g.subject.prog == nil {
		return v, nil
	}
	rounding, err := g.subject.rounding()
	if err != nil {
		return v, fmt.Errorf("verify: %s: %w", dir, err)
	}
	v.Rounding = v.within(rounding)
	v.OK = v.Rounding
	return v, nil
}

// within holds the figures to the tolerances, or to what rounding does to this model if that is more.
func (v Verification) within(rounding figures) bool {
	return v.HiddenMaxAbs <= allowed(hiddenTolerance, rounding.hidden) && v.LogitsMaxAbs <= allowed(hiddenTolerance, rounding.logits) &&
		v.LossAbs <= allowed(lossTolerance, rounding.loss) && v.GradMaxRel <= allowed(gradTolerance, rounding.grad)
}

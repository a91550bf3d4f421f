// Package verify compares a model of ours with its reference implementation.
package verify

import (
	"fmt"
	"os"
)

// Tolerances of Dir: what separates float32 arithmetic in another order from a wrong formula.
const (
	hiddenTolerance = 1e-4 // absolute, last hidden state and logits; inner states relative to their largest entry
	lossTolerance   = 1e-5 // absolute
	gradTolerance   = 1e-3 // relative to the largest entry of the tensor
)

// goldenFile holds inputs (in.*), outputs (out.*) and gradients (grad.*) of a reference.
const goldenFile = "golden.safetensors"

// A Verification compares a model of ours with its reference.
type Verification struct {
	Dir           string  `json:"dir"`
	Architecture  string  `json:"architecture"`
	HiddenMaxAbs  float64 `json:"hidden_max_abs"` // of the last hidden state; of all of ELMo's, whose mix reads them all
	StatesMaxRel  float64 `json:"states_max_rel"` // of the states below, by their largest entry where that exceeds 1
	LogitsMaxAbs  float64 `json:"logits_max_abs"`
	LossAbs       float64 `json:"loss_abs"`
	GradMaxRel    float64 `json:"grad_max_rel"`
	GradsChecked  int     `json:"grads_checked"`
	GradsExpected int     `json:"grads_expected"`
	OK            bool    `json:"ok"`
}

// Dir runs the model of dir forward and backward, dropout off, on the inputs of its
// golden.safetensors and compares hidden states, logits, loss and every gradient. A residual stream
// may grow to hundreds before the last layer norm brings it back, and what float32 can tell apart
// grows with it: states inside the stack are held to their own size.
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
	v.OK = v.GradsChecked == v.GradsExpected && v.within()
	return v, nil
}

// within holds the figures to the tolerances.
func (v Verification) within() bool {
	return v.HiddenMaxAbs <= hiddenTolerance && v.StatesMaxRel <= hiddenTolerance && v.LogitsMaxAbs <= hiddenTolerance &&
		v.LossAbs <= lossTolerance && v.GradMaxRel <= gradTolerance
}

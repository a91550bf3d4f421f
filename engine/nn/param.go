package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"defrost/engine/gemm"
	"defrost/engine/op"
)

// A Param is one named tensor of a model.
type Param struct {
	op.Weight
	Init  Init    // how a fresh one is filled
	Std   float64 // standard deviation of Normal; 0 means 0.02
	Decay bool    // weight decay applies: matrices yes, biases and norms no
}

// An Init fills a fresh tensor.
type Init int

// Initialisations.
const (
	Normal Init = iota // N(0, Std), by default 0.02 as BERT and GPT
	Zeros
	Ones
)

// initStd is the standard deviation of BERT's and GPT's initialisation.
const initStd = 0.02

// NewParam returns a parameter of the given shape, not yet filled.
func NewParam(init Init, shape ...int) *Param {
	n := 1
	for _, d := range shape {
		n *= d
	}
	p := &Param{Init: init, Decay: init == Normal}
	p.Shape, p.Value = shape, make([]float32, n)
	return p
}

// Reset fills the parameter afresh. The numbers depend on the seed and the name alone, so that a
// model is the same whatever else is initialised beside it.
func (p *Param) Reset(seed uint64) {
	switch p.Init {
	case Normal:
		std := p.Std
		if std == 0 {
			std = initStd
		}
		rng := rand.New(rand.NewPCG(seed, hash(p.Name)))
		for i := range p.Value {
			p.Value[i] = float32(rng.NormFloat64() * std)
		}
	case Zeros:
		clear(p.Value)
	case Ones:
		for i := range p.Value {
			p.Value[i] = 1
		}
	}
	p.Changed()
}

// Thaw gives the parameter a gradient; Freeze takes it away.
func (p *Param) Thaw() {
	if p.Grad == nil {
		p.Grad = make([]float32, len(p.Value))
		p.Changed()
	}
}

// Freeze drops the gradient buffer.
func (p *Param) Freeze() { p.Grad = nil; p.Rows = op.RowSet{} }

// Check says whether all values are finite.
func (p *Param) Check() error {
	if finite(p.Value) {
		return nil
	}
	for i, v := range p.Value {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("nn: %s: value %d is %v, expected a finite number", p.Name, i, v)
		}
	}
	return nil
}

// checkChunk is how many values one worker looks at: a model has a hundred million.
const checkChunk = 1 << 18

// finite looks at exponents alone, which are all ones in infinities and NaNs.
func finite(values []float32) bool {
	const ones = 0x7f800000
	var found atomic.Bool
	gemm.Parallel(len(values), checkChunk, func(lo, hi int) {
		largest := uint32(0)
		for _, v := range values[lo:hi] {
			largest = max(largest, math.Float32bits(v)&ones)
		}
		if largest == ones {
			found.Store(true)
		}
	})
	return !found.Load()
}

// hash is FNV-1a over a name.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

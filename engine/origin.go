package engine

import (
	"math"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/vec"
)

// An origin is where a run's weights came from. It reads them again when asked how far they moved,
// so that no second copy of the model is kept in memory.
type origin struct {
	model    *Model
	seed     int64
	scratch  bool
	shuffled bool
	from     string
}

// open returns a reader of initial values; fresh parameters are made again from their seed.
func (o origin) open(family backbone.Family) (initial func(p *nn.Param, dst []float32) error, done func() error, err error) {
	src, err := o.source()
	if err != nil {
		return nil, nil, err
	}
	names := map[string]string{}
	done = func() error { return nil }
	if src != nil {
		for _, t := range src.Tensors() {
			if canonical := family.Canonical(t.Name); names[canonical] == "" {
				names[canonical] = t.Name
			}
		}
		done = src.Close
	}
	initial = func(p *nn.Param, dst []float32) error {
		if name, ok := names[p.Name]; ok && shapeFits(src, name, p.Shape) {
			err := src.Read(name, dst)
			if o.shuffled {
				shuffleValues(p.Name, dst, o.seed)
			}
			return err
		}
		fresh := &nn.Param{Init: p.Init, Std: p.Std}
		fresh.Name, fresh.Value = p.Name, dst
		fresh.Reset(uint64(o.seed))
		return nil
	}
	return initial, done, nil
}

func (o origin) source() (checkpoint.Source, error) {
	switch {
	case o.from != "":
		return o.model.ofRun(o.from)
	case o.scratch:
		return nil, nil
	}
	return o.model.weights()
}

func shapeFits(src checkpoint.Source, name string, shape []int) bool {
	for _, t := range src.Tensors() {
		if t.Name == name {
			return slices.Equal(t.Shape, shape)
		}
	}
	return false
}

// fitting are the parameters that src has with the same shape.
func fitting(src checkpoint.Source, family backbone.Family, params []*nn.Param) []*nn.Param {
	shapes := map[string][]int{}
	for _, t := range src.Tensors() {
		shapes[family.Canonical(t.Name)] = t.Shape
	}
	var list []*nn.Param
	for _, p := range params {
		if slices.Equal(shapes[p.Name], p.Shape) {
			list = append(list, p)
		}
	}
	return list
}

// states describes every layer: what learns, its rate, last gradient norm, and no drift yet.
func (t *trainer) states() []LayerState {
	list := make([]LayerState, len(t.layers))
	for i, l := range t.layers {
		list[i] = LayerState{
			Name: l.Name, Kind: l.Kind, Params: l.Count(), Trainable: l.Trainable(),
			GradNorm: Number(t.norms.Layers[l.Name]), Mix: mixOf(t.layers, i),
		}
		if list[i].Trainable > 0 {
			list[i].LR = Number(t.plan.Rate(t.layers, i))
		} else {
			list[i].GradNorm = 0
		}
	}
	return list
}

// drifted is states with how far each layer moved: ||w - w0|| / ||w0|| over all its parameters,
// measured on frozen layers too.
func (t *trainer) drifted() ([]LayerState, error) {
	initial, done, err := t.initial.open(t.model.family)
	if err != nil {
		return nil, err
	}
	defer done()
	list := t.states()
	for i, l := range t.layers {
		moved, size := 0.0, 0.0
		for _, p := range l.Params {
			w0 := make([]float32, p.Len())
			if err := initial(p, w0); err != nil {
				return nil, err
			}
			m, s := distance(p.Value, w0)
			moved, size = moved+m, size+s
		}
		if moved > 0 {
			list[i].Drift = Number(math.Sqrt(moved / math.Max(size, math.SmallestNonzeroFloat64)))
		}
	}
	return list, nil
}

// distance returns ||w - w0||^2 and ||w0||^2; w0 is overwritten.
func distance(w, w0 []float32) (moved, size float64) {
	const piece = 1 << 16
	n := (len(w) + piece - 1) / piece
	m, s := make([]float64, n), make([]float64, n)
	gemm.Parallel(n, 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			a, b := w[i*piece:min((i+1)*piece, len(w))], w0[i*piece:min((i+1)*piece, len(w))]
			s[i] = vec.SumSquares(b)
			vec.Sub(b, a, b)
			m[i] = vec.SumSquares(b)
		}
	})
	for i := range m {
		moved, size = moved+m[i], size+s[i]
	}
	return moved, size
}

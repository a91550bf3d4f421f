package op

import (
	"fmt"
	"hash"
	"hash/fnv"
	"runtime/debug"
	"sync/atomic"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Fused is a Kernel as a Gorgonia operation. Its graph inputs are the activations, then the
// weights. SymDiff makes one back operation, which runs Kernel.Backward and returns the first
// wanted gradient; pick operations hand out the others, since SymDiff knows no tuples.
type Fused struct {
	kernel  Kernel
	pass    *Pass
	id      uint64
	acts    int
	weights []*Weight
	want    []bool // per graph input: takes a gradient
	readers int    // kernels that read the output; once they ran it can go, unless they need it again
	keep    bool   // the output is read after the step

	prefix   *Prefix // of the program, or nil
	skips    bool    // can be skipped when the prefix remembers the batch
	frontier bool    // the last kernel that can

	out   []float32
	value view
	in    [][]float32
	done  int      // readers that ran
	from  []*Fused // producers of the activations
}

var lastID atomic.Uint64

// Apply adds kernel to the graph of its inputs. want says which inputs take a gradient:
// activations with a thawed weight below them, and thawed weights.
func Apply(k Kernel, p *Pass, acts, weights gorgonia.Nodes, want []bool) (*gorgonia.Node, *Fused, error) {
	f := &Fused{kernel: k, pass: p, id: lastID.Add(1), acts: len(acts), weights: k.Weights(), want: want}
	for _, a := range acts {
		producer, _ := a.Op().(*Fused)
		f.from = append(f.from, producer)
		if producer != nil {
			producer.readers++
		}
	}
	node, err := gorgonia.ApplyOp(f, append(append(gorgonia.Nodes{}, acts...), weights...)...)
	return node, f, err
}

// Keep makes the output survive until the end of the step and returns a function that reads it.
func (f *Fused) Keep() func() []float32 {
	f.keep = true
	return func() []float32 { return f.out }
}

// Live says that a gradient passes through the operation.
func (f *Fused) Live() bool {
	for _, w := range f.want {
		if w {
			return true
		}
	}
	return false
}

// Arity is the number of graph inputs.
func (f *Fused) Arity() int { return len(f.want) }

// Type is matrix -> ... -> matrix, or -> scalar for a loss.
func (f *Fused) Type() hm.Type {
	types := make([]hm.Type, 0, len(f.want)+1)
	for range f.acts {
		types = append(types, matrixType)
	}
	for _, w := range f.weights {
		types = append(types, gorgonia.TensorType{Dims: len(w.Shape), Of: tensor.Float32})
	}
	if f.kernel.Width() == 1 && isLoss(f.kernel) {
		return hm.NewFnType(append(types, tensor.Float32)...)
	}
	return hm.NewFnType(append(types, matrixType)...)
}

var matrixType = gorgonia.TensorType{Dims: 2, Of: tensor.Float32}

// A Loss is a kernel whose output is the scalar that is differentiated.
type Loss interface{ Loss() }

func isLoss(k Kernel) bool { _, ok := k.(Loss); return ok }

// nominalRows stands in shapes for N, which differs from batch to batch: one graph serves them all.
const nominalRows = 2

// InferShape gives the nominal shape; the number of rows of a value is the batch's.
func (f *Fused) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	if isLoss(f.kernel) {
		return tensor.ScalarShape(), nil
	}
	return tensor.Shape{nominalRows, f.kernel.Width()}, nil
}

// Do runs Kernel.Forward. A panic becomes an error: the tape runs in a goroutine of Gorgonia's.
func (f *Fused) Do(values ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer rescue(f, &err)
	f.in = f.in[:0]
	for _, value := range values[:f.acts] {
		f.in = append(f.in, floats(value))
	}
	f.done = 0
	f.forward()
	f.releaseInputs()
	if f.out == nil {
		return matrix([]float32{0}, 1), nil // stands for what was not computed and nobody reads
	}
	if isLoss(f.kernel) {
		return gorgonia.NewF32(f.out[0]), nil
	}
	return f.value.of(f.out, f.kernel.Width()), nil
}

// forward runs the kernel, unless the prefix remembers what it would say.
func (f *Fused) forward() {
	if f.skips && f.prefix.hit {
		f.out = f.prefix.recall(f)
		return
	}
	f.pass.Live = f.Live()
	f.out = f.kernel.Forward(f.pass, f.in)
	if f.frontier {
		f.prefix.remember(f)
	}
}

// DiffWRT lists the inputs that take a gradient.
func (f *Fused) DiffWRT(int) []bool { return f.want }

// SymDiff adds the back operation and its picks.
func (f *Fused) SymDiff(inputs gorgonia.Nodes, output, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	back := &back{of: f, id: lastID.Add(1), values: make([]view, len(inputs))}
	node, err := gorgonia.ApplyOp(back, append(append(gorgonia.Nodes{}, inputs[:f.acts]...), output, grad)...)
	if err != nil {
		return nil, err
	}
	grads := make(gorgonia.Nodes, len(inputs))
	for i, w := range f.want {
		switch {
		case !w:
		case i == f.first():
			grads[i] = node
		default:
			if grads[i], err = gorgonia.ApplyOp(&pick{back: back, id: lastID.Add(1), i: i}, node); err != nil {
				return nil, err
			}
		}
	}
	return grads, nil
}

func (f *Fused) first() int {
	for i, w := range f.want {
		if w {
			return i
		}
	}
	return -1
}

// The rest of gorgonia.Op: a fused operation returns its own buffer and never writes to an input.

func (f *Fused) ReturnsPtr() bool      { return true }
func (f *Fused) CallsExtern() bool     { return false }
func (f *Fused) OverwritesInput() int  { return -1 }
func (f *Fused) WriteHash(h hash.Hash) { fmt.Fprintf(h, "fused %d", f.id) }
func (f *Fused) Hashcode() uint32      { return hashcode(f) }
func (f *Fused) String() string        { return fmt.Sprintf("%T#%d", f.kernel, f.id) }

// back runs Kernel.Backward. Its inputs are the activations of the forward operation, its output and
// the output's gradient. Weights are not among them: nobody writes to one during a step, and the tape
// makes a list of every operation's inputs in every step.
type back struct {
	of    *Fused
	id    uint64
	grads [][]float32 // per activation

	values []view // of the gradients, per graph input
}

func (b *back) Arity() int { return b.of.acts + 2 }

func (b *back) Type() hm.Type {
	f := b.of
	types := make([]hm.Type, 0, b.Arity()+1)
	for range f.acts {
		types = append(types, matrixType)
	}
	out := hm.Type(matrixType)
	if isLoss(f.kernel) {
		out = tensor.Float32
	}
	return hm.NewFnType(append(types, out, out, b.typeOf(f.first()))...)
}

// typeOf is the type of the gradient of graph input i: that of the input.
func (b *back) typeOf(i int) hm.Type {
	if i < b.of.acts {
		return matrixType
	}
	return gorgonia.TensorType{Dims: len(b.of.weights[i-b.of.acts].Shape), Of: tensor.Float32}
}

func (b *back) shapeOf(i int, inputs []gorgonia.DimSizer) tensor.Shape {
	if i >= b.of.acts {
		return tensor.Shape(b.of.weights[i-b.of.acts].Shape).Clone()
	}
	return inputs[i].(tensor.Shape).Clone()
}

func (b *back) InferShape(inputs ...gorgonia.DimSizer) (tensor.Shape, error) {
	return b.shapeOf(b.of.first(), inputs), nil
}

func (b *back) Do(values ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer rescue(b, &err)
	f := b.of
	dout := gradient(values[len(values)-1])
	f.pass.Live = true
	f.recall()
	b.grads = f.kernel.Backward(f.pass, dout, f.want[:f.acts])
	f.pass.Give(dout)
	if !f.keep {
		f.pass.Give(f.out)
	}
	return b.value(f.first()), nil
}

// value is the gradient of graph input i.
func (b *back) value(i int) gorgonia.Value {
	if i >= b.of.acts {
		w := b.of.weights[i-b.of.acts]
		return b.values[i].of(w.Grad, w.Shape[len(w.Shape)-1])
	}
	g := b.grads[i]
	if from := b.of.from[i]; from != nil {
		return b.values[i].of(g, from.kernel.Width())
	}
	return b.values[i].of(g, len(g))
}

func (b *back) ReturnsPtr() bool      { return true }
func (b *back) CallsExtern() bool     { return false }
func (b *back) OverwritesInput() int  { return -1 }
func (b *back) WriteHash(h hash.Hash) { fmt.Fprintf(h, "back %d", b.id) }
func (b *back) Hashcode() uint32      { return hashcode(b) }
func (b *back) String() string        { return fmt.Sprintf("back of %v", b.of) }

// pick hands out the gradient of graph input i after back ran.
type pick struct {
	back *back
	id   uint64
	i    int
}

func (k *pick) Arity() int { return 1 }
func (k *pick) Type() hm.Type {
	return hm.NewFnType(k.back.typeOf(k.back.of.first()), k.back.typeOf(k.i))
}

func (k *pick) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	if k.i < k.back.of.acts {
		return tensor.Shape{nominalRows, k.back.of.from[k.i].kernel.Width()}, nil
	}
	return k.back.shapeOf(k.i, nil), nil
}

func (k *pick) Do(...gorgonia.Value) (v gorgonia.Value, err error) {
	defer rescue(k, &err)
	return k.back.value(k.i), nil
}

func (k *pick) ReturnsPtr() bool      { return true }
func (k *pick) CallsExtern() bool     { return false }
func (k *pick) OverwritesInput() int  { return -1 }
func (k *pick) WriteHash(h hash.Hash) { fmt.Fprintf(h, "pick %d", k.id) }
func (k *pick) Hashcode() uint32      { return hashcode(k) }
func (k *pick) String() string        { return fmt.Sprintf("pick %d of %v", k.i, k.back) }

// A view is the tensor around a buffer, kept for the next step: the arena hands out the same
// buffers again while batches keep their size.
type view struct {
	tensor *tensor.Dense
	data   []float32
}

// of is data as a matrix of some width.
func (v *view) of(data []float32, width int) *tensor.Dense {
	if v.tensor == nil || len(data) != len(v.data) || &data[0] != &v.data[0] {
		v.tensor, v.data = matrix(data, width), data
	}
	return v.tensor
}

func matrix(data []float32, width int) *tensor.Dense {
	return tensor.New(tensor.WithShape(len(data)/width, width), tensor.WithBacking(data))
}

// gradient reads the gradient of an output: the loss's is a scalar.
func gradient(v gorgonia.Value) []float32 {
	if scalar, ok := v.(*gorgonia.F32); ok {
		return []float32{float32(*scalar)}
	}
	return floats(v)
}

// floats are the numbers of a matrix. Value.Data would allocate.
func floats(v gorgonia.Value) []float32 { return v.(*tensor.Dense).Float32s() }

func hashcode(o gorgonia.Op) uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// rescue turns a panic into an error that says where it happened.
func rescue(where fmt.Stringer, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("op: %s: %v\n%s", where, r, debug.Stack())
	}
}

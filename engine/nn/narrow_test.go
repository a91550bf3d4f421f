package nn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/op"
)

// An encoder is word embeddings and post-norm transformer layers.
type encoder struct {
	Words  Embedding   `name:"words"`
	Layers []tinyLayer `name:"layer"`
	Out    Linear      `name:"out"`
}

type tinyLayer struct {
	All   []Linear    `name:"linear"` // query, key, value, mixed, up, down
	Norms []LayerNorm `name:"norm"`
}

const tinyWidth, tinyInner = 8, 12

func newEncoder(layers int) (*encoder, []*Param) {
	e := &encoder{Words: NewEmbedding(9, tinyWidth), Out: NewLinear(tinyWidth, 2)}
	for range layers {
		l := tinyLayer{Norms: []LayerNorm{NewLayerNorm(tinyWidth), NewLayerNorm(tinyWidth)}}
		for range 4 {
			l.All = append(l.All, NewLinear(tinyWidth, tinyWidth))
		}
		l.All = append(l.All, NewLinear(tinyWidth, tinyInner), NewLinear(tinyInner, tinyWidth))
		e.Layers = append(e.Layers, l)
	}
	params := Params("", e)
	for _, p := range params {
		p.Reset(7)
		for i := range p.Value {
			p.Value[i] *= 20
		}
	}
	return e, params
}

// build returns the loss of pooled states, and the last states.
func (e *encoder) build(b *Builder, pool op.Pooling, causal bool) (loss, logits, last *Node) {
	last = e.states(b, causal)
	loss, logits = e.judge(b, b.Apply(&op.Pool{Kind: pool, Cols: tinyWidth}, last))
	return loss, logits, last
}

// judge is a classifier on three rows.
func (e *encoder) judge(b *Builder, x *Node) (loss, logits *Node) {
	logits = e.Out.Apply(b, x, op.Identity)
	return b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, logits), logits
}

// states are those of the last layer.
func (e *encoder) states(b *Builder, causal bool) *Node {
	x := b.Apply(&op.Embedding{Cols: tinyWidth, Tables: []op.Table{e.Words.Table(func(b *batch.Batch) []int32 { return b.IDs })}})
	for _, l := range e.Layers {
		qkv := SideBySide(b, x, op.Identity, l.All[0], l.All[1], l.All[2])
		ctx := b.Apply(&op.Attention{Heads: 2, Cols: tinyWidth, Causal: causal}, qkv)
		h := l.Norms[0].Close(b, l.All[3].Apply(b, ctx, op.Identity), x, 1e-5, 0)
		x = l.Norms[1].Close(b, l.All[5].Apply(b, l.All[4].Apply(b, h, op.GELU), op.Identity), h, 1e-5, 0)
	}
	return x
}

func textsBatch() *batch.Batch {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3, 8}}, {IDs: []int32{4}}, {IDs: []int32{5, 6, 7, 1, 0}}})
	b.Classes = []int32{0, 1, 1}
	return b
}

// TestLastLayerIsComputedWhereItIsRead compares with the same network of which all last states are
// asked for: the same logits to the last bit, the same gradients but for the order of sums.
func TestLastLayerIsComputedWhereItIsRead(t *testing.T) {
	for _, pool := range []op.Pooling{op.PoolFirst, op.PoolLast} {
		for _, causal := range []bool{false, true} {
			for _, frozen := range []int{0, 1, 17} { // nothing, the embeddings, the first layer too
				t.Run(fmt.Sprintf("%s causal %v frozen %d", pool, causal, frozen), func(t *testing.T) {
					e, params := newEncoder(2)
					for _, p := range params[frozen:] {
						p.Thaw()
					}
					b := NewBuilder(true)
					loss, logits, last := e.build(b, pool, causal)
					wantLogits, wantGrads := outcome(t, b, params, loss, logits, last)
					b = NewBuilder(true)
					loss, logits, _ = e.build(b, pool, causal)
					gotLogits, gotGrads := outcome(t, b, params, loss, logits)
					if !slices.Equal(gotLogits, wantLogits) {
						t.Errorf("got logits %v, want %v", gotLogits, wantLogits)
					}
					near(t, gotGrads, wantGrads)
				})
			}
		}
	}
}

func near(t *testing.T, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5 {
			t.Fatalf("gradient %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

// TestGatheredRowsAreComputedAlone compares a network of which three tokens are asked with the same
// one of which all states are asked for.
func TestGatheredRowsAreComputedAlone(t *testing.T) {
	e, params := newEncoder(2)
	for _, p := range params {
		p.Thaw()
	}
	ask := func(few bool) (logits, grads []float32, rows int) {
		b := NewBuilder(true)
		last := e.states(b, false)
		counted := &rowCounter{Kernel: last.kernel}
		last.kernel = counted
		loss, out := e.judge(b, b.Apply(&op.Gather{
			Rows: func(*batch.Batch) []int32 { return []int32{9, 0, 5} }, Cols: tinyWidth, Few: few,
		}, last))
		logits, grads = outcome(t, b, params, loss, out)
		return logits, grads, counted.rows
	}
	logits, grads, rows := ask(true)
	want, wantGrads, all := ask(false)
	if rows != 3 || all != 10 {
		t.Errorf("got %d and %d rows in the last norm, want 3 where few are read and 10 otherwise", rows, all)
	}
	if !slices.Equal(logits, want) {
		t.Errorf("got logits %v, want %v", logits, want)
	}
	near(t, grads, wantGrads)
}

func outcome(t *testing.T, b *Builder, params []*Param, loss *Node, outputs ...*Node) (logits, grads []float32) {
	t.Helper()
	p, err := b.Build(loss, outputs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range params {
		clear(p.Grad)
	}
	run(t, p, textsBatch())
	for _, p := range params {
		grads = append(grads, p.Grad...)
	}
	return slices.Clone(p.Output(0)), grads
}

// TestOnlyWhatOneRowIsReadOfIsNarrowed counts the rows that reach the network's last norm.
func TestOnlyWhatOneRowIsReadOfIsNarrowed(t *testing.T) {
	rows := func(pool op.Pooling, keep bool) int {
		e, _ := newEncoder(2)
		b := NewBuilder(false)
		loss, _, last := e.build(b, pool, false)
		counted := &rowCounter{Kernel: last.kernel}
		last.kernel = counted
		roots := []*Node{}
		if keep {
			roots = append(roots, last)
		}
		p, err := b.Build(loss, roots...)
		if err != nil {
			t.Fatal(err)
		}
		run(t, p, textsBatch())
		return counted.rows
	}
	if got := rows(op.PoolFirst, false); got != 3 {
		t.Errorf("got %d rows in the last norm below a pooling of [CLS], want one per text", got)
	}
	if got := rows(op.PoolMean, false); got != 10 {
		t.Errorf("got %d rows below a mean, want all 10", got)
	}
	if got := rows(op.PoolFirst, true); got != 10 {
		t.Errorf("got %d rows of states that are asked for, want all 10", got)
	}
}

// A rowCounter notes how many rows its kernel was given.
type rowCounter struct {
	op.Kernel
	rows int
}

func (k *rowCounter) RowWise() {}

func (k *rowCounter) Forward(p *op.Pass, in [][]float32) []float32 {
	k.rows = len(in[0]) / tinyWidth
	return k.Kernel.Forward(p, in)
}

package nn

import (
	"math"
	"strings"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/op"
)

// A net is an embedding, two linear layers and a classifier, as small as they come.
type net struct {
	Words Embedding `name:"words"`
	One   Linear    `name:"layer.0"`
	Two   Linear    `name:"layer.1"`
	Out   Linear    `name:"out"`
}

func newNet() (*net, []*Param) {
	n := &net{NewEmbedding(5, 4), NewLinear(4, 4), NewLinear(4, 4), NewLinear(4, 2)}
	params := Params("", n)
	for _, p := range params {
		p.Reset(7)
		for i := range p.Value {
			p.Value[i] *= 20 // large enough for gradients to show
		}
	}
	return n, params
}

func (n *net) program(t *testing.T, train bool) *Program {
	t.Helper()
	return n.programOn(t, NewBuilder(train))
}

func (n *net) programOn(t *testing.T, b *Builder) *Program {
	t.Helper()
	x := b.Apply(&op.Embedding{Cols: 4, Tables: []op.Table{n.Words.Table(func(b *batch.Batch) []int32 { return b.IDs })}})
	x = n.One.Apply(b, x, op.GELU)
	y := n.Two.Apply(b, x, op.GELU)
	joined := b.Apply(&op.Residual{Cols: 4}, y, x) // x has two readers: its gradients must add up
	logits := n.Out.Apply(b, b.Apply(&op.Pool{Kind: op.PoolMean, Cols: 4}, joined), op.Identity)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, logits)
	p, err := b.Build(loss, logits)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func someBatch() *batch.Batch {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3}}, {IDs: []int32{4, 1}}})
	b.Classes = []int32{0, 1}
	return b
}

func run(t *testing.T, p *Program, b *batch.Batch) float64 {
	t.Helper()
	loss, err := p.Run(b, Step{})
	if err != nil {
		t.Fatal(err)
	}
	return float64(loss)
}

// TestGradientsOfAProgramAreSlopes checks the whole graph, fan-out included, by central differences.
func TestGradientsOfAProgramAreSlopes(t *testing.T) {
	n, params := newNet()
	for _, p := range params {
		p.Thaw()
	}
	prog := n.program(t, true)
	run(t, prog, someBatch())
	eval := n.program(t, false)
	for _, p := range params {
		for i := 0; i < p.Len(); i += 3 {
			const h = 1e-2
			was := p.Value[i]
			p.Value[i] = was + h
			up := run(t, eval, someBatch())
			p.Value[i] = was - h
			down := run(t, eval, someBatch())
			p.Value[i] = was
			if want := (up - down) / (2 * h); math.Abs(float64(p.Grad[i])-want) > 2e-3 {
				t.Errorf("%s[%d]: got gradient %v, want %v", p.Name, i, p.Grad[i], want)
			}
		}
	}
}

func TestFrozenParametersGetNoGradientAndChangeNoOther(t *testing.T) {
	n, params := newNet()
	for _, p := range params {
		p.Thaw()
	}
	run(t, n.program(t, true), someBatch())
	want := append([]float32(nil), n.Two.W.Grad...)

	n, params = newNet()
	n.Two.W.Thaw()
	run(t, n.program(t, true), someBatch())
	for i, got := range n.Two.W.Grad {
		if got != want[i] {
			t.Fatalf("gradient %d: got %v with all else frozen, want %v", i, got, want[i])
		}
	}
	for _, p := range params {
		if p != n.Two.W && p.Grad != nil {
			t.Errorf("%s is frozen and has a gradient", p.Name)
		}
	}
}

func TestOneProgramServesBatchesOfAnySize(t *testing.T) {
	n, _ := newNet()
	prog := n.program(t, false)
	small := batch.Pack([]batch.Sequence{{IDs: []int32{2}}})
	small.Classes = []int32{1}
	first := run(t, prog, someBatch())
	run(t, prog, small)
	if again := run(t, prog, someBatch()); again != first {
		t.Errorf("got loss %v after a smaller batch, want %v", again, first)
	}
}

func TestAPanicInAKernelIsAnError(t *testing.T) {
	n, _ := newNet()
	prog := n.program(t, false)
	b := someBatch()
	b.IDs[0] = 99 // no such row
	if _, err := prog.Run(b, Step{}); err == nil || !strings.Contains(err.Error(), "Embedding") {
		t.Errorf("got error %v, want one that names the embedding", err)
	}
	run(t, prog, someBatch()) // and the program goes on
}

func TestNamesAreJoinedFromTags(t *testing.T) {
	_, params := newNet()
	var got []string
	for _, p := range params {
		got = append(got, p.Name)
	}
	want := "words.weight layer.0.weight layer.0.bias layer.1.weight layer.1.bias out.weight out.bias"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestFreshValuesDependOnSeedAndNameOnly(t *testing.T) {
	a, b := NewParam(Normal, 3, 4), NewParam(Normal, 3, 4)
	a.Name, b.Name = "layer.weight", "layer.weight"
	a.Reset(7)
	b.Reset(7)
	if a.Value[5] != b.Value[5] {
		t.Errorf("got %v and %v for one seed and name", a.Value[5], b.Value[5])
	}
	if b.Reset(8); a.Value[5] == b.Value[5] {
		t.Error("seeds 7 and 8 gave the same value")
	}
}

// TestTappedProgramTellsWhatALossOwesToItsInput taps the embeddings of a frozen net and moves rows of
// the table, which no two tokens share.
func TestTappedProgramTellsWhatALossOwesToItsInput(t *testing.T) {
	n, params := newNet()
	b := NewBuilder(true)
	var tap *op.Tap
	b.Listen(func(k op.Kernel) *op.Tap {
		if _, ok := k.(*op.Embedding); !ok {
			return nil
		}
		tap = op.NewTap("tap", k.Width())
		return tap
	})
	prog := n.programOn(t, b)
	one := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3}}, {IDs: []int32{4, 0}}})
	one.Classes = []int32{0, 1}
	run(t, prog, one)
	eval, words := n.program(t, false), n.Words.W
	for i, id := range one.IDs {
		for c := range 4 {
			const h = 1e-2
			at := int(id)*4 + c
			was := words.Value[at]
			words.Value[at] = was + h
			up := run(t, eval, one)
			words.Value[at] = was - h
			down := run(t, eval, one)
			words.Value[at] = was
			if want := (up - down) / (2 * h); math.Abs(float64(tap.Grad[i*4+c])-want) > 2e-3 || tap.Value[i*4+c] != was {
				t.Errorf("token %d column %d: got gradient %v of %v, want %v of %v", i, c, tap.Grad[i*4+c], tap.Value[i*4+c], want, was)
			}
		}
	}
	for _, p := range params {
		if p.Grad != nil {
			t.Errorf("%s is frozen and has a gradient", p.Name)
		}
	}
}

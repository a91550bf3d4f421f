package head

import (
	"math"
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// speaker is the smallest language model: embeddings and their own output layer.
func speaker(t *testing.T, lm *LM, words nn.Embedding, train bool) *nn.Program {
	t.Helper()
	b := nn.NewBuilder(train)
	x := lookUp(b, words)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Tags }, Cols: lm.Words()}, lm.Logits(b, x))
	prog, err := b.Build(loss)
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

func lookUp(b *nn.Builder, words nn.Embedding) *nn.Node {
	return b.Apply(&op.Embedding{Cols: words.W.Shape[1], Tables: []op.Table{
		words.Table(func(b *batch.Batch) []int32 { return b.IDs }),
	}})
}

func spoken() *batch.Batch {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{2, 0, 5}}, {IDs: []int32{1, 2}}})
	b.Tags = b.Next(nil)
	return b
}

func table(rows, cols int) nn.Embedding {
	e := nn.NewEmbedding(rows, cols)
	e.W.Name, e.W.Std = "words", 0.5
	e.W.Reset(3)
	return e
}

// TestBothUsesOfATiedTableMeetInOneGradient compares it with the slope of the loss: a row that
// is only predicted, one that is only read, one that is both.
func TestBothUsesOfATiedTableMeetInOneGradient(t *testing.T) {
	words := table(7, 4)
	for name, lm := range map[string]*LM{
		"causal": NewCausalLM(words.W), "masked": NewMaskedLM("bert", words.W, op.GELU, 1e-12),
	} {
		params := append([]*nn.Param{words.W}, lm.Layer().Params...)
		for _, p := range params {
			if p != words.W {
				p.Std = 0.5
				p.Reset(4)
			}
			p.Freeze()
			p.Thaw()
		}
		prog := speaker(t, lm, words, true)
		if _, err := prog.Run(spoken(), nn.Step{}); err != nil {
			t.Fatal(err)
		}
		grads := make([][]float32, len(params)) // every run below adds to the gradients
		for i, p := range params {
			grads[i] = slices.Clone(p.Grad)
		}
		for k, p := range params {
			for i, got := range grads[k] {
				if want := slope(t, prog, p, i); math.Abs(float64(got)-want) > 2e-3 {
					t.Errorf("%s: got gradient %v of %s at %d, want %v", name, got, p.Name, i, want)
				}
			}
		}
	}
}

// slope is the central difference of the loss in one value.
func slope(t *testing.T, prog *nn.Program, p *nn.Param, i int) float64 {
	t.Helper()
	const h = 1e-2
	old := p.Value[i]
	var loss [2]float64
	for k, step := range []float32{-h, h} {
		p.Value[i] = old + step
		p.Changed()
		l, err := prog.Run(spoken(), nn.Step{})
		if err != nil {
			t.Fatal(err)
		}
		loss[k] = float64(l)
	}
	p.Value[i] = old
	p.Changed()
	return (loss[1] - loss[0]) / (2 * h)
}

// TestTiedTableStaysDense holds that a program without the head, built later, does not make the
// optimizer forget the rows that only the head moves.
func TestTiedTableStaysDense(t *testing.T) {
	words := table(7, 4)
	words.W.Thaw()
	b := nn.NewBuilder(true)
	lookUp(b, words)
	if !words.W.Sparse {
		t.Fatal("got a dense gradient of a table that is only looked up, want sparse")
	}
	speaker(t, NewCausalLM(words.W), words, true)
	lookUp(nn.NewBuilder(false), words)
	if words.W.Sparse {
		t.Error("got a sparse gradient of a tied table, want dense")
	}
}

func TestMaskedHeadsHavePublishedNames(t *testing.T) {
	for family, want := range map[string][]string{
		"bert": {
			"cls.predictions.transform.dense.weight", "cls.predictions.transform.dense.bias",
			"cls.predictions.transform.LayerNorm.weight", "cls.predictions.transform.LayerNorm.bias", "cls.predictions.bias",
		},
		"roberta":    {"lm_head.dense.weight", "lm_head.dense.bias", "lm_head.layer_norm.weight", "lm_head.layer_norm.bias", "lm_head.bias"},
		"distilbert": {"vocab_transform.weight", "vocab_transform.bias", "vocab_layer_norm.weight", "vocab_layer_norm.bias", "vocab_projector.bias"},
	} {
		params := NewMaskedLM(family, table(5, 4).W, op.GELU, 1e-12).Layer().Params
		if len(params) != len(want) {
			t.Errorf("%s: got %d parameters, want %d", family, len(params), len(want))
			continue
		}
		for i, p := range params {
			if p.Name != want[i] {
				t.Errorf("%s: got %s, want %s", family, p.Name, want[i])
			}
		}
	}
}

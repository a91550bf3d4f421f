package head

import (
	"math"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// reading is what a decoder reads in these tests: one row of a table per token.
func reading(b *nn.Builder, table nn.Embedding) *nn.Node {
	return b.Apply(&op.Embedding{Cols: table.W.Shape[1], Tables: []op.Table{
		table.Table(func(b *batch.Batch) []int32 { return b.IDs }),
	}})
}

// decoderOf returns a fresh decoder of 6 columns that reads tables of 4 and of 3 columns and writes
// 7 pieces.
func decoderOf(cells int) (d *Decoder, tables [2]nn.Embedding) {
	d = NewDecoder(DecoderSize{Tokens: 4, Words: 3, Cells: cells, Width: 6, Pieces: 7}, 0)
	tables = [2]nn.Embedding{nn.NewEmbedding(9, 4), nn.NewEmbedding(9, 3)}
	for i, name := range []string{"a", "b"} {
		tables[i].W.Name, tables[i].W.Std = name, 1
		tables[i].W.Reset(3)
	}
	for _, p := range d.Layer().Params {
		p.Reset(5)
	}
	for i := range d.Bias.Value {
		d.Bias.Value[i] = float32(i) / 10
	}
	return d, tables
}

// asked are two texts with translations of 4 and 2 pieces.
func asked() *batch.Batch {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3}}, {IDs: []int32{4, 5}}})
	b.Target = batch.Pack([]batch.Sequence{{IDs: []int32{0, 3, 5, 1}}, {IDs: []int32{0, 6}}})
	b.Target.Tags = []int32{3, 5, 1, 0, 6, 0}
	return b
}

func lossOf(t *testing.T, d *Decoder, tables [2]nn.Embedding, train bool) *nn.Program {
	t.Helper()
	b := nn.NewBuilder(train)
	logits := d.Logits(b, d.Remember(b, reading(b, tables[0]), reading(b, tables[1])))
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Target.Tags }, Cols: logits.Width, Smoothing: .1}, logits)
	p, err := b.Build(loss, logits)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestDecoderGradientsAreSlopes checks every parameter of the decoder and of what it reads.
func TestDecoderGradientsAreSlopes(t *testing.T) {
	for _, cells := range []int{0, 5} {
		slopes(t, cells)
	}
}

func slopes(t *testing.T, cells int) {
	d, tables := decoderOf(cells)
	params := append(d.Layer().Params, tables[0].W, tables[1].W)
	for _, p := range params {
		p.Thaw()
	}
	run := func(p *nn.Program) float64 {
		loss, err := p.Run(asked(), nn.Step{})
		if err != nil {
			t.Fatal(err)
		}
		return float64(loss)
	}
	run(lossOf(t, d, tables, true))
	eval := lossOf(t, d, tables, false)
	for _, p := range params {
		for i := 0; i < p.Len(); i += 1 + p.Len()/24 {
			const h = 1e-2
			was := p.Value[i]
			p.Value[i] = was + h
			up := run(eval)
			p.Value[i] = was - h
			down := run(eval)
			p.Value[i] = was
			if want := (up - down) / (2 * h); math.Abs(float64(p.Grad[i])-want) > 1e-3 {
				t.Errorf("%s[%d]: got gradient %v, want %v", p.Name, i, p.Grad[i], want)
			}
		}
	}
}

// TestDecoderSaysTheSameStepByStep writes the pieces of both translations one by one, the second text
// alone in the last steps, and compares with all at once.
func TestDecoderSaysTheSameStepByStep(t *testing.T) {
	for _, cells := range []int{0, 5} {
		stepByStep(t, cells)
	}
}

func stepByStep(t *testing.T, cells int) {
	d, tables := decoderOf(cells)
	whole := lossOf(t, d, tables, false)
	if _, err := whole.Run(asked(), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	want := append([]float32(nil), whole.Output(0)...)

	b := nn.NewBuilder(false)
	read, err := b.Build(nil, d.Remember(b, reading(b, tables[0]), reading(b, tables[1])))
	if err != nil {
		t.Fatal(err)
	}
	var s Stepper
	b = nn.NewBuilder(false)
	write, err := b.Build(nil, d.Step(b, &s))
	if err != nil {
		t.Fatal(err)
	}
	in := asked()
	if _, err := read.Run(in, nn.Step{}); err != nil {
		t.Fatal(err)
	}
	s.Memory.Rows = read.Output(0)
	for step := range 4 {
		var last []batch.Sequence
		var rows []int
		spans := []int32{0}
		for text := range 2 {
			if from, to := in.Target.Bounds(text); from+step < to {
				last = append(last, batch.Sequence{IDs: in.Target.IDs[from+step : from+step+1]})
				rows = append(rows, from+step)
			}
			spans = append(spans, int32(len(last)))
		}
		if step == 2 {
			s.States.Pick([]int{0})
		}
		now := &batch.Batch{Offsets: in.Offsets, Target: batch.Pack(last)}
		now.Target.Spans = spans
		if _, err := write.Run(now, nn.Step{}); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for c := range 7 {
				if got := write.Output(0)[i*7+c]; math.Abs(float64(got-want[row*7+c])) > 1e-5 {
					t.Errorf("row %d, piece %d: got %v step by step, want %v", row, c, got, want[row*7+c])
				}
			}
		}
	}
}

package verify

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"defrost/engine/batch"
	"defrost/engine/checkpoint"
)

// A golden is an opened reference.
type golden struct {
	src   checkpoint.Source
	mask  []int64 // (B, T), 1 where a token is real
	rows  int     // B
	cols  int     // T
	shape map[string][]int
	whole bool // batches keep the padding
}

func openGolden(dir string) (*golden, error) {
	f, err := os.Open(filepath.Join(dir, goldenFile))
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	src, err := checkpoint.OpenSafetensors(f, info.Size(), goldenFile)
	if err != nil {
		return nil, err
	}
	g := &golden{src: src, shape: map[string][]int{}}
	for _, t := range src.Tensors() {
		g.shape[t.Name] = t.Shape
	}
	return g, nil
}

// layout reads the size of the padded inputs and where they are real.
func (g *golden) layout() error {
	ids, ok := g.shape["in.input_ids"]
	if !ok || len(ids) < 2 {
		return fmt.Errorf("%s: no in.input_ids of shape (B, T)", goldenFile)
	}
	g.cols = ids[len(ids)-1]
	g.rows = 1
	for _, d := range ids[:len(ids)-1] {
		g.rows *= d
	}
	return g.readMask()
}

func (g *golden) readMask() error {
	if _, ok := g.shape["in.attention_mask"]; !ok {
		g.mask = make([]int64, g.rows*g.cols)
		for i := range g.mask {
			g.mask[i] = 1
		}
		return nil
	}
	var err error
	g.mask, err = g.src.ReadInts("in.attention_mask")
	return err
}

// batch packs the padded inputs: real tokens only, unless the head's loss reads padding.
func (g *golden) batch(h *published) (*batch.Batch, error) {
	ids, err := g.src.ReadInts("in.input_ids")
	if err != nil {
		return nil, err
	}
	types, err := g.ints("in.token_type_ids", len(ids))
	if err != nil {
		return nil, err
	}
	seqs := make([]batch.Sequence, g.rows)
	g.whole = h.padded
	for i := range ids {
		if g.mask[i] == 1 || g.whole {
			s := &seqs[i/g.cols]
			s.IDs = append(s.IDs, int32(ids[i]))
			s.Types = append(s.Types, int32(types[i]))
		}
	}
	b := batch.Pack(seqs)
	if g.whole {
		for _, m := range g.mask {
			b.Padding = append(b.Padding, m == 0)
		}
	}
	return b, h.label(b, g)
}

// ints reads an optional input, zeros when it is absent.
func (g *golden) ints(name string, n int) ([]int64, error) {
	if _, ok := g.shape[name]; !ok {
		return make([]int64, n), nil
	}
	return g.src.ReadInts(name)
}

func (g *golden) floats(name string) ([]float32, error) {
	shape, ok := g.shape[name]
	if !ok {
		return nil, fmt.Errorf("%s: no tensor %s", goldenFile, name)
	}
	n := 1
	for _, d := range shape {
		n *= d
	}
	out := make([]float32, n)
	return out, g.src.Read(name, out)
}

// difference is the largest absolute difference between a reference tensor and our packed rows.
func (g *golden) difference(name string, got []float32) (float64, error) {
	d, _, err := g.compared(name, got)
	return d, err
}

// compared is the largest absolute difference between a reference tensor and our packed rows, and
// the tensor's largest entry. A tensor with a row for every padded token is compared where tokens
// are real.
func (g *golden) compared(name string, got []float32) (d, size float64, err error) {
	want, err := g.floats(name)
	if err != nil {
		return 0, 0, err
	}
	shape := g.shape[name]
	if perToken := len(shape) >= 3 && shape[len(shape)-2] == g.cols; perToken {
		want = g.real(want, shape[len(shape)-1])
		if g.whole {
			got = g.real(got, shape[len(shape)-1])
		}
	}
	if len(got) != len(want) {
		return 0, 0, fmt.Errorf("%s has %d values for real tokens, ours has %d", name, len(want), len(got))
	}
	for i := range want {
		d = math.Max(d, math.Abs(float64(got[i])-float64(want[i])))
		size = math.Max(size, math.Abs(float64(want[i])))
	}
	return d, size, nil
}

func (g *golden) real(padded []float32, width int) []float32 {
	var packed []float32
	for i, m := range g.mask {
		if m == 1 {
			packed = append(packed, padded[i*width:(i+1)*width]...)
		}
	}
	return packed
}

// logitsDifference compares the logits, whole or column by column.
func (g *golden) logitsDifference(columns []string, got []float32) (float64, error) {
	if columns == nil {
		return g.difference("out.logits", got)
	}
	worst := 0.0
	for c, name := range columns {
		var column []float32
		for i := c; i < len(got); i += len(columns) {
			column = append(column, got[i])
		}
		d, err := g.difference(name, column)
		if err != nil {
			return 0, err
		}
		worst = max(worst, d)
	}
	return worst, nil
}

package pretrain

import (
	"fmt"
	"io/fs"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
	"defrost/engine/vec"
)

// A teacher is a backbone whose last hidden states are to be reproduced.
type teacher struct {
	tok   tokenizer.Tokenizer
	prog  *nn.Program
	width int
	max   int
}

// openTeacher loads a model folder.
func openTeacher(fsys fs.FS) (*teacher, error) {
	bb, family, err := backbone.Describe(fsys)
	if err != nil {
		return nil, err
	}
	tok, err := tokenizer.Open(fsys)
	if err != nil {
		return nil, err
	}
	src, err := checkpoint.Open(fsys)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	report, err := backbone.Load(src, family, backbone.Params(bb), 0)
	if err != nil {
		return nil, err
	}
	if len(report.Loaded) == 0 {
		return nil, fmt.Errorf("pretrain: no tensor of the teacher's weights belongs to a %s", family.Name)
	}
	b := nn.NewBuilder(false)
	prog, err := b.Build(nil, bb.Build(b).Last)
	if err != nil {
		return nil, err
	}
	return &teacher{tok: tok, prog: prog, width: bb.Shape().Width, max: bb.Shape().Positions}, nil
}

// states returns the last hidden state of every token of packed sequences, (N, width), valid until
// the next call.
func (t *teacher) states(seqs []batch.Sequence) ([]float32, error) {
	if _, err := t.prog.Run(batch.Pack(seqs), nn.Step{}); err != nil {
		return nil, err
	}
	return t.prog.Output(0), nil
}

// A wordSeq is a sentence as tokens, with the borders of its words; special tokens are words too.
type wordSeq struct {
	seq     batch.Sequence
	borders []int32 // (W+1)
}

// words tokenises a sentence whole.
func words(tok tokenizer.Tokenizer, sentence string) wordSeq {
	enc := tok.Wrap(tok.Encode(sentence), nil, 0)
	w := wordSeq{seq: batch.Sequence{IDs: enc.IDs, Types: enc.Types}}
	for i := range enc.IDs {
		if i == 0 || enc.Words[i] != enc.Words[i-1] || enc.Words[i] < 0 {
			w.borders = append(w.borders, int32(i))
		}
	}
	w.borders = append(w.borders, int32(len(enc.IDs)))
	return w
}

// wordStates averages the teacher's states over the pieces of each word: (W, width) for all
// sentences together.
func (t *teacher) wordStates(sentences []wordSeq) ([]float32, error) {
	seqs := make([]batch.Sequence, len(sentences))
	for i, s := range sentences {
		seqs[i] = s.seq
	}
	states, err := t.states(seqs)
	if err != nil {
		return nil, err
	}
	var out []float32
	base := 0
	for _, s := range sentences {
		for w := range len(s.borders) - 1 {
			out = append(out, mean(states, base+int(s.borders[w]), base+int(s.borders[w+1]), t.width)...)
		}
		base += len(s.seq.IDs)
	}
	return out, nil
}

// mean averages rows from to to of a matrix of width columns.
func mean(rows []float32, from, to, width int) []float32 {
	m := make([]float32, width)
	for r := from; r < to; r++ {
		vec.AddTo(m, rows[r*width:(r+1)*width])
	}
	vec.Scale(1/float32(to-from), m)
	return m
}

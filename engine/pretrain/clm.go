package pretrain

import (
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A clm is GPT's objective (Radford et al. 2018): every token says the next one.
type clm struct {
	pieces
	next []int32 // (N)
}

func newCLM(o LanguageOptions) *clm { return &clm{pieces: pieces{o: o, train: bytePieces}} }

func (m *clm) attach(bb backbone.Backbone, _ backbone.Family) error { return m.pieces.attach(bb, true) }

// params is empty: the output layer is the word embeddings.
func (m *clm) params() []*nn.Param { return nil }

// sequence is a passage with the end of text behind it, nothing where no token follows another.
func (m *clm) sequence(text string) batch.Sequence {
	ids := m.tok.Encode(text).IDs
	if end := m.tok.Specials().EOS; end >= 0 {
		ids = append(ids, end)
	}
	if len(ids) < 2 {
		return batch.Sequence{}
	}
	return batch.Sequence{IDs: ids[:min(len(ids), m.max)]}
}

// pack labels every token with the one after it.
func (m *clm) pack(seqs []batch.Sequence, _ uint64) *batch.Batch {
	m.next, m.asked = m.next[:0], 0
	for _, q := range seqs {
		m.next = append(append(m.next, q.IDs[1:]...), batch.Ignore)
		m.asked += len(q.IDs) - 1
	}
	return batch.Pack(seqs)
}

func (m *clm) loss(b *nn.Builder, h backbone.Hidden, _ bool) *nn.Node {
	return b.Apply(&op.WordLoss{Words: &m.out.Words.Weight, Labels: func(*batch.Batch) []int32 { return m.next }}, h.Last)
}

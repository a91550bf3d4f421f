package pretrain

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// An mlm is BERT's objective (Devlin et al. 2019): some tokens are hidden and have to be said. Which
// ones is drawn anew each time a passage is read (Liu et al. 2019).
type mlm struct {
	pieces
	lm    *head.LM
	rows  []int32 // (R) tokens that are asked for
	words []int32 // (R) what stood there
}

// Of the tokens that are asked for most are masked; some show another word and some themselves, so
// that no state can be trusted or ignored.
const (
	askedShare  = 0.15
	maskedShare = 0.8
	randomShare = 0.1
)

func newMLM(o LanguageOptions) *mlm { return &mlm{pieces: pieces{o: o, train: Vocabulary}} }

func (m *mlm) attach(bb backbone.Backbone, f backbone.Family) error {
	if err := m.pieces.attach(bb, false); err != nil {
		return err
	}
	if m.tok.Specials().MASK < 0 {
		return fmt.Errorf("pretrain: the tokenizer has no mask token, which the objective mlm hides words behind")
	}
	m.lm = head.NewMaskedLM(f.Name, m.out.Words, m.out.Act, m.out.Eps)
	return nil
}

func (m *mlm) params() []*nn.Param { return m.lm.Layer().Params }

// sequence is a passage with its marks, nothing where it has no token to hide.
func (m *mlm) sequence(text string) batch.Sequence {
	enc := m.tok.Wrap(m.tok.Encode(text), nil, m.max)
	if !slices.ContainsFunc(enc.IDs, func(id int32) bool { return !m.special(id) }) {
		return batch.Sequence{}
	}
	return batch.Sequence{IDs: enc.IDs, Types: enc.Types}
}

// pack hides tokens. At least one of a batch is asked for.
func (m *mlm) pack(seqs []batch.Sequence, step uint64) *batch.Batch {
	b := batch.Pack(seqs)
	rng := rand.New(rand.NewPCG(uint64(m.o.Seed)^0x3a5c, step))
	m.rows, m.words = m.rows[:0], m.words[:0]
	for len(m.rows) == 0 {
		for r, id := range b.IDs {
			if !m.special(id) && rng.Float64() < askedShare {
				m.rows, m.words = append(m.rows, int32(r)), append(m.words, id)
				b.IDs[r] = m.shown(rng, id)
			}
		}
	}
	m.asked = len(m.rows)
	return b
}

// special says whether a token stands for no word of the text.
func (m *mlm) special(id int32) bool {
	s := m.tok.Specials()
	return id == s.CLS || id == s.SEP || id == s.PAD || id == s.BOS || id == s.EOS
}

// shown is what stands in place of a token that is asked for.
func (m *mlm) shown(rng *rand.Rand, id int32) int32 {
	switch x := rng.Float64(); {
	case x < maskedShare:
		return m.tok.Specials().MASK
	case x < maskedShare+randomShare:
		return int32(rng.IntN(m.tok.Size()))
	}
	return id
}

func (m *mlm) loss(b *nn.Builder, h backbone.Hidden, _ bool) *nn.Node {
	asked := b.Apply(&op.Gather{Rows: func(*batch.Batch) []int32 { return m.rows }, Cols: h.Last.Width, Few: true}, h.Last)
	return b.Apply(&op.CrossEntropy{Labels: func(*batch.Batch) []int32 { return m.words }, Cols: m.lm.Words()}, m.lm.Logits(b, asked))
}

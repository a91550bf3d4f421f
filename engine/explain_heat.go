package engine

import (
	"context"
	"fmt"
	"slices"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Heat is how much each token of a text speaks for the label that was predicted: above 0 for it,
// below 0 against it. Special tokens have 0 where they cannot be taken away.
type Heat struct {
	Label  string
	P      float64 // probability of the label
	Tokens []Token
	Scores []float64 // by token
}

// Occlusion takes each token away in turn and says how much the probability of the predicted label
// falls (Zeiler and Fergus 2014; Li et al. 2016). A token is replaced by the mask where the
// vocabulary has one, else by the unknown token, else left out.
func (e *Explainer) Occlusion(ctx context.Context, text string) (Heat, error) {
	tokens, whole := e.Tokens(text), e.sequence(text, e.max)
	seqs, hidden := []batch.Sequence{whole}, []int{-1}
	for i, t := range tokens {
		if !t.Special {
			seqs, hidden = append(seqs, e.without(whole, i)), append(hidden, i)
		}
	}
	rows, err := e.probabilities(ctx, seqs)
	if err != nil {
		return Heat{}, err
	}
	label := most(rows[0])
	h := Heat{Label: e.labels[label], P: rows[0][label], Tokens: tokens, Scores: make([]float64, len(tokens))}
	for i, at := range hidden[1:] {
		h.Scores[at] = h.P - rows[i+1][label]
	}
	return h, nil
}

// without is a sequence whose token i tells nothing.
func (e *Explainer) without(s batch.Sequence, i int) batch.Sequence {
	specials := e.model.tok.Specials()
	nothing := specials.MASK
	if nothing < 0 {
		nothing = specials.UNK
	}
	if nothing < 0 {
		return batch.Sequence{IDs: slices.Delete(slices.Clone(s.IDs), i, i+1), Types: slices.Delete(slices.Clone(s.Types), i, i+1)}
	}
	s.IDs = slices.Clone(s.IDs)
	s.IDs[i] = nothing
	return s
}

// Gradient is gradient x input: the slope of the predicted label's score along each token's
// embedding, times that embedding (Shrikumar et al. 2017). It needs one pass forward and one back.
func (e *Explainer) Gradient(text string) (Heat, error) {
	said, err := e.Predict(text)
	if err == nil {
		err = e.makeOwes()
	}
	if err != nil {
		return Heat{}, err
	}
	class := slices.Index(e.labels, said.Label)
	b := e.pack([]batch.Sequence{e.sequence(text, e.max)})
	b.Classes = []int32{int32(class), batch.Ignore}[:b.Len()]
	tokens := e.Tokens(text)
	if _, err := e.owes.Run(b, nn.Step{}); err != nil {
		return Heat{}, err
	}
	return Heat{Label: said.Label, P: said.Probabilities[class].P, Tokens: tokens, Scores: e.tap.scores(b)[:len(tokens)]}, nil
}

// makeOwes builds the program of the gradient, once.
func (e *Explainer) makeOwes() (err error) {
	if e.owes != nil {
		return nil
	}
	b := nn.NewBuilder(true)
	e.tap = listen(b)
	logits := e.task.Build(b, featuresOf(e.model.bb, b), e.head)[0]
	if e.tap.Tap == nil {
		return fmt.Errorf("explain: %s is a %s, expected a network that reads embeddings", e.name, e.model.family.Name)
	}
	chosen := b.Apply(&op.Chosen{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: len(e.labels)}, logits)
	e.owes, err = b.Build(chosen)
	return err
}

// An owed is a tap on the vectors of the tokens: where words are looked up in a table, or made of
// their characters.
type owed struct {
	*op.Tap
	words *op.Weight // (V, H) the table; nil where the tap's own values are the vectors
}

// listen taps the first lookup of the program.
func listen(b *nn.Builder) *owed {
	o := new(owed)
	b.Listen(func(k op.Kernel) *op.Tap {
		if o.Tap != nil {
			return nil
		}
		switch k := k.(type) {
		case *op.Embedding:
			o.words = k.Tables[0].W
		case *op.Gather:
		default:
			return nil
		}
		o.Tap = op.NewTap("owed", k.Width())
		return o.Tap
	})
	return o
}

// scores is  for n { sum over c of Grad[n, c] vector[n, c] }. Positions and segments are added to
// the words' vectors, so all three have the same gradient; only the word's own part counts.
func (o *owed) scores(b *batch.Batch) []float64 {
	out := make([]float64, b.Tokens())
	for n := range out {
		grad, vector := o.Grad[n*o.Cols:(n+1)*o.Cols], o.Value[n*o.Cols:(n+1)*o.Cols]
		if o.words != nil {
			vector = o.words.Value[int(b.IDs[n])*o.Cols:][:o.Cols]
		}
		for c, g := range grad {
			out[n] += float64(g) * float64(vector[c])
		}
	}
	return out
}

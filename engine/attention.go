package engine

import (
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// longestLook is the most tokens whose attention is kept: its memory grows with their square, and
// nobody reads more.
const longestLook = 64

// An AttentionMap is how much the tokens of a text look at one another, by layer and head.
type AttentionMap struct {
	Tokens        []Token
	Layers, Heads int // 0 layers for a network without attention

	weights [][]float32 // (T, T), head after head of layer after layer
}

// Head is (T, T) of one head, both counted from 0: row i is how token i spreads its attention over
// all tokens. Rows sum to 1.
func (a *AttentionMap) Head(layer, head int) []float32 {
	return a.weights[layer*a.Heads+head]
}

// Row is (T), how one token spreads its attention in a head.
func (a *AttentionMap) Row(layer, head, token int) []float32 {
	n := len(a.Tokens)
	return a.Head(layer, head)[token*n : (token+1)*n]
}

// Mean is (T), how one token spreads its attention, averaged over all heads of a layer.
func (a *AttentionMap) Mean(layer, token int) []float32 {
	mean := make([]float32, len(a.Tokens))
	for head := range a.Heads {
		for i, w := range a.Row(layer, head, token) {
			mean[i] += w / float32(a.Heads)
		}
	}
	return mean
}

// Attention reads a text, its first 64 tokens, and returns what every head looked at.
func (e *Explainer) Attention(text string) (*AttentionMap, error) {
	limit := longestLook
	if e.max > 0 {
		limit = min(limit, e.max)
	}
	if e.looks == nil {
		looks, err := e.model.look()
		if err != nil {
			return nil, err
		}
		e.looks = looks
	}
	if _, err := e.looks.prog.Run(e.pack([]batch.Sequence{e.sequence(text, limit)}), nn.Step{}); err != nil {
		return nil, err
	}
	a := &AttentionMap{Tokens: e.model.cut(text, limit), Layers: len(e.looks.layers)}
	for _, k := range e.looks.layers {
		a.Heads = k.Heads
		for head := range k.Heads {
			a.weights = append(a.weights, append([]float32(nil), k.Probabilities(0, head)...))
		}
	}
	return a, nil
}

// A looking is a program whose attention keeps its probabilities.
type looking struct {
	prog   *nn.Program
	layers []*op.Attention // from the bottom
}

// look builds the backbone alone.
func (m *Model) look() (*looking, error) {
	l := new(looking)
	b := nn.NewBuilder(false)
	b.Listen(func(k op.Kernel) *op.Tap {
		switch k := k.(type) {
		case *op.Attention:
			l.layers = append(l.layers, k)
			k.Keep = true
		case *op.RelAttention:
			l.layers = append(l.layers, &k.Attention)
			k.Keep = true
		}
		return nil
	})
	var err error
	l.prog, err = b.Build(nil, m.bb.Build(b).Last)
	return l, err
}

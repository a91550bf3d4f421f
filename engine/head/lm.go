package head

import (
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// An LM scores every word of the vocabulary. Its output layer is the backbone's word embeddings
// (Press and Wolf 2017), so both uses add to one gradient. Masked models transform the state first:
//
//	logits = LN(act(W h + b)) E^T + bias
//
// Causal models do not:  logits = h E^T.
type LM struct {
	words  *nn.Param // (V, H), of the backbone
	masked *maskedLM // nil for a causal model

	family string
	act    op.Activation
	eps    float32
}

// A maskedLM is what a masked model has of its own. The families spell it differently.
type maskedLM struct {
	Dense nn.Linear    // (H, H)
	Norm  nn.LayerNorm // (H)
	Bias  *nn.Param    // (V)
}

type bertLM struct {
	Dense nn.Linear    `name:"cls.predictions.transform.dense"`
	Norm  nn.LayerNorm `name:"cls.predictions.transform.LayerNorm"`
	Bias  *nn.Param    `name:"cls.predictions.bias"`
}

type robertaLM struct {
	Dense nn.Linear    `name:"lm_head.dense"`
	Norm  nn.LayerNorm `name:"lm_head.layer_norm"`
	Bias  *nn.Param    `name:"lm_head.bias"`
}

type distilbertLM struct {
	Dense nn.Linear    `name:"vocab_transform"`
	Norm  nn.LayerNorm `name:"vocab_layer_norm"`
	Bias  *nn.Param    `name:"vocab_projector.bias"`
}

// NewCausalLM returns the head of a causal model over its word embeddings (V, H).
func NewCausalLM(words *nn.Param) *LM { return &LM{words: words} }

// NewMaskedLM returns the head of a masked model over its word embeddings (V, H), under the names
// of family: bert, roberta or distilbert.
func NewMaskedLM(family string, words *nn.Param, act op.Activation, eps float32) *LM {
	v, h := words.Shape[0], words.Shape[1]
	l := &LM{words: words, family: family, act: act, eps: eps, masked: &maskedLM{
		Dense: nn.NewLinear(h, h), Norm: nn.NewLayerNorm(h), Bias: nn.NewParam(nn.Zeros, v),
	}}
	l.params()
	return l
}

// params names and lists the parameters that are not the backbone's.
func (l *LM) params() []*nn.Param {
	switch {
	case l.masked == nil:
		return nil
	case l.family == "roberta":
		return nn.Params("", (*robertaLM)(l.masked))
	case l.family == "distilbert":
		return nn.Params("", (*distilbertLM)(l.masked))
	}
	return nn.Params("", (*bertLM)(l.masked))
}

// Layer is the head as a row of the freeze map; a causal model's is empty.
func (l *LM) Layer() nn.Layer { return nn.Layer{Name: "head", Kind: "head", Params: l.params()} }

// Words is V.
func (l *LM) Words() int { return l.words.Shape[0] }

// Logits returns (R, V) from states (R, H). The product is the most expensive one of the model:
// gather the rows that are asked for first.
func (l *LM) Logits(b *nn.Builder, states *nn.Node) *nn.Node {
	out := nn.Linear{W: l.words}
	if l.masked != nil {
		out.B = l.masked.Bias
	}
	return out.Apply(b, l.transform(b, states), op.Identity)
}

// Best returns (R, V) from states (R, H) as Logits does, but the keep highest scores of each row alone
// are sure to be there: others may be -Inf. It is faster where few rows are asked for at a time.
func (l *LM) Best(b *nn.Builder, states *nn.Node, keep int) *nn.Node {
	if l.masked != nil {
		return l.Logits(b, states)
	}
	return b.Apply(&op.Best{Words: &l.words.Weight, Keep: keep}, states)
}

// Costs returns (R, 1): what the labels of states (R, H) cost, -log of their probability, without
// keeping the scores of all words. Labels are words, batch.Ignore for none.
func (l *LM) Costs(b *nn.Builder, states *nn.Node, labels func(*batch.Batch) []int32) *nn.Node {
	k := &op.WordCosts{Loss: op.WordLoss{Words: &l.words.Weight, Labels: labels}}
	if l.masked != nil {
		k.Loss.Bias = &l.masked.Bias.Weight
	}
	return b.Apply(k, l.transform(b, states))
}

// transform is what masked models do before the output layer.
func (l *LM) transform(b *nn.Builder, states *nn.Node) *nn.Node {
	m := l.masked
	if m == nil {
		return states
	}
	return m.Norm.Apply(b, m.Dense.Apply(b, states, l.act), l.eps)
}

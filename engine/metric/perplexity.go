package metric

import "math"

// A Perplexity is the exponential of the mean loss per token: as unsure as if
// the model had to choose between that many equally likely tokens.
type Perplexity struct {
	loss   float64
	tokens int
}

// NewPerplexity returns an empty measure.
func NewPerplexity() *Perplexity { return &Perplexity{} }

// Name is perplexity.
func (p *Perplexity) Name() string { return "perplexity" }

// Add adds the summed negative log-likelihood (nats) of a number of tokens.
func (p *Perplexity) Add(tokens int, loss float64) {
	p.tokens += tokens
	p.loss += loss
}

// Loss is the mean negative log-likelihood of a token in nats, 0 without tokens.
func (p *Perplexity) Loss() float64 { return ratio(p.loss, float64(p.tokens)) }

// Value is the perplexity, 1 without tokens.
func (p *Perplexity) Value() float64 { return math.Exp(p.Loss()) }

// BitsPerByte is the loss in bits spread over the bytes of the text, which
// compares models with different tokenizers.
func (p *Perplexity) BitsPerByte(bytes int) float64 {
	return ratio(p.loss/math.Ln2, float64(bytes))
}

// Reset forgets all tokens.
func (p *Perplexity) Reset() { *p = Perplexity{} }

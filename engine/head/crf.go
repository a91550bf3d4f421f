package head

import (
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A CRF knows which tags follow each other (Lafferty et al. 2001): it stands on a head that scores
// each word by itself.
type CRF struct {
	Move  *nn.Param `name:"crf.transitions"`       // (C, C) from a tag to the next
	Begin *nn.Param `name:"crf.start_transitions"` // (C)
	End   *nn.Param `name:"crf.end_transitions"`   // (C)
}

// NewCRF returns a CRF over so many tags.
func NewCRF(tags int) *CRF {
	c := &CRF{Move: nn.NewParam(nn.Normal, tags, tags), Begin: nn.NewParam(nn.Normal, tags), End: nn.NewParam(nn.Normal, tags)}
	for _, p := range c.Params() {
		p.Decay = false // they are few, and differences of scores
	}
	return c
}

// Params lists and names the parameters.
func (c *CRF) Params() []*nn.Param { return nn.Params("", c) }

// Loss is the loss over words' scores (R, C); whoever adds it says where labels and sentences are.
func (c *CRF) Loss() *op.CRF {
	return &op.CRF{Cols: len(c.Begin.Value), Move: &c.Move.Weight, Begin: &c.Begin.Weight, End: &c.End.Weight}
}

// Path is the likeliest sequence of tags that r allows for the words' scores z (T, C).
func (c *CRF) Path(z []float32, r Rules) []int32 {
	return viterbi(z, len(r.Begin), r, func(from, to int) float64 {
		if from < 0 {
			return float64(c.Begin.Value[to])
		}
		return float64(c.Move.Value[from*len(r.Begin)+to])
	}, func(tag int) float64 { return float64(c.End.Value[tag]) })
}

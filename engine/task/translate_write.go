package task

import (
	"cmp"
	"math"
	"slices"

	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/metric"
	"defrost/engine/nn"
)

// beams is how many translations are written side by side.
const beams = 8

// A translator writes translations: one program reads the texts, another one writes piece by piece.
type translator struct {
	task  *Translate
	read  *nn.Program // memory
	write *nn.Program // logits of the next pieces
	kept  head.Stepper
}

// NewWriter builds the programs.
func (t *Translate) NewWriter(bb Backbone, h Head) (Writer, error) {
	w, d := &translator{task: t}, h.(*head.Decoder)
	b := nn.NewBuilder(false)
	f := bb.Build(b)
	var err error
	if w.read, err = b.Build(nil, d.Remember(b, f.Tokens, f.Words)); err != nil {
		return nil, err
	}
	b = nn.NewBuilder(false)
	w.write, err = b.Build(nil, d.Step(b, &w.kept))
	return w, err
}

// Write translates the texts of a batch.
func (w *translator) Write(items []Item, b *batch.Batch, said []Prediction) error {
	if _, err := w.read.Run(b, nn.Step{}); err != nil {
		return err
	}
	w.kept.Memory.Rows = w.read.Output(0)
	w.kept.States.Forget()
	most := make([]int, len(items))
	for i := range most {
		if from, to := b.Bounds(i); to > from {
			most[i] = min(longestTarget, 2*(to-from)+16)
		}
	}
	ended, err := search{width: beams, end: w.task.end(), next: w.over(b)}.run(most)
	if err != nil {
		return err
	}
	for i, paths := range ended {
		d := w.agreed(paths)
		said[i].Text = d.text
		said[i].Alignment = w.task.align(items[i].Own.(pair).words, d.pieces, d.looks)
	}
	return nil
}

// A draft is a translation that was written to its end.
type draft struct {
	text   string
	pieces []int32
	looks  [][]float32
	score  float64 // logarithm of its probability
}

// agreed is the draft that the others agree with most.
func (w *translator) agreed(paths []*path) draft {
	drafts := make([]draft, len(paths))
	for i, p := range paths {
		ids, looks := p.pieces()
		if n := len(ids); n > 0 && ids[n-1] == w.task.end() {
			ids, looks = ids[:n-1], looks[:n-1]
		}
		drafts[i] = draft{text: w.task.pieces.Decode(ids), pieces: ids, looks: looks, score: p.score}
	}
	return drafts[consensus(drafts)]
}

// negligible is the probability, as a share of the likeliest one's, below which a draft has no say.
const negligible = 1e-3

// consensus is the place of the draft with the highest chrF to be expected, when each draft is as
// likely to be what should have been written as the decoder says (minimum Bayes risk, Kumar and Byrne
// 2004). Where a text has many translations, the likeliest one may stand alone.
func consensus(drafts []draft) int {
	top := slices.MaxFunc(drafts, func(a, b draft) int { return cmp.Compare(a.score, b.score) }).score
	best, most := 0, -1.0
	for i, d := range drafts {
		expected := 0.0
		for _, meant := range drafts {
			if p := math.Exp(meant.score - top); p > negligible {
				f := metric.NewChrF()
				f.Add([]string{meant.text}, d.text)
				expected += p * f.Value()
			}
		}
		if expected > most {
			best, most = i, expected
		}
	}
	return best
}

// over returns what a search on a batch asks at each step.
func (w *translator) over(b *batch.Batch) func([]*path, []int32) ([][]float32, [][]float32, error) {
	return func(going []*path, spans []int32) (scores, looks [][]float32, err error) {
		step := w.step(b, going, spans)
		if _, err := w.write.Run(step, nn.Step{}); err != nil {
			return nil, nil, err
		}
		out := w.write.Output(0)
		size := len(out) / len(going)
		for i := range b.Len() {
			from, to := b.Bounds(i)
			for row := range int(spans[i+1] - spans[i]) {
				at := len(scores)
				logits := out[at*size : (at+1)*size]
				logSoftmax(logits)
				scores = append(scores, logits)
				looks = append(looks, append([]float32(nil), w.kept.Looks.Row(i, row, to-from)...))
			}
		}
		return scores, looks, nil
	}
}

// step is the batch of one step: the last piece of every path, whose state is that of the row of the
// step before in which it was written.
func (w *translator) step(b *batch.Batch, going []*path, spans []int32) *batch.Batch {
	last, from := make([]batch.Sequence, len(going)), make([]int, len(going))
	for i, p := range going {
		last[i] = batch.Sequence{IDs: []int32{p.piece}}
		if p.before != nil {
			from[i] = p.before.row
		}
		p.row = i
	}
	if going[0].before != nil {
		w.kept.States.Pick(from)
	}
	target := batch.Pack(last)
	target.Spans = spans
	return &batch.Batch{Offsets: b.Offsets, Target: target}
}

package task

import (
	"fmt"
	"math"
	"strconv"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/metric"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// Regress gives a text, or a pair of texts, a score: how alike two sentences are. It learns scores
// brought to mean 0 and deviation 1 by those of the training part, so that its loss, the mean square
// error, is the share of their variance that it does not explain.
type Regress struct {
	settings regression
}

// regression is what a checkpoint keeps.
type regression struct {
	texts
	Scale scale `json:"scale"`
}

func init() {
	Register(Kind{
		Name: "regress", Data: []datasets.Kind{datasets.Regress}, Default: []datasets.Kind{datasets.Regress},
		New: newRegress,
		Open: func(s Saved) (Task, error) {
			r := &Regress{regression{Scale: scale{Std: 1}}}
			return r, s.read(&r.settings)
		},
	})
}

func newRegress(d *datasets.Dataset, o Options) (Task, error) {
	if o.Loss != "" && o.Loss != "mse" || o.Smoothing != 0 || o.ClassWeights != "" {
		return nil, fmt.Errorf("task: loss %q, label_smoothing %g and class_weights %q are for labels, expected mse alone for scores", o.Loss, o.Smoothing, o.ClassWeights)
	}
	r := &Regress{regression{Scale: scaleOf(d.Train)}}
	r.settings.Pairs = len(d.Train) > 0 && d.Train[0].Pair != ""
	return r, nil
}

// Name is regress.
func (r *Regress) Name() string { return "regress" }

// Labels are none.
func (r *Regress) Labels() []string { return nil }

// Primary is the correlation of ranks, as for STS-B.
func (r *Regress) Primary() string { return "spearman" }

// Keep keeps the scale.
func (r *Regress) Keep(string) (any, error) { return r.settings, nil }

// Ask takes one text, or two with a tab between them.
func (r *Regress) Ask(text string) (datasets.Example, error) { return r.settings.Ask(text) }

// NewHead is one number.
func (r *Regress) NewHead(o HeadOptions) (Head, error) { return textHead(r.Name(), 1, o) }

// Encode is the text's tokens and its score on the scale.
func (r *Regress) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	item := encodeText(tok, ex, max)
	item.Score = float32((ex.Score - r.settings.Scale.Mean) / r.settings.Scale.Std)
	return []Item{item}
}

// Collate packs sequences and their scores.
func (r *Regress) Collate(items []Item) *batch.Batch {
	b := pack(items)
	for _, it := range items {
		b.Targets = append(b.Targets, it.Score)
	}
	return b
}

// Build is the score (B, 1).
func (r *Regress) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	return []*nn.Node{h.(logits).logits(b, f)}
}

// Loss is the mean square error.
func (r *Regress) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.MeanSquare{Targets: func(b *batch.Batch) []float32 { return b.Targets }, Cols: 1}, out[0])
}

// Read brings scores back to what people count in.
func (r *Regress) Read(s Said) []Prediction {
	list := make([]Prediction, s.Batch.Len())
	for i := range list {
		list[i].Score = float64(s.Out[0][i])*r.settings.Scale.Std + r.settings.Scale.Mean
	}
	return list
}

// Show writes scores with three digits. One is right when it is nearer to its gold score than a
// quarter of the scores' deviation.
func (r *Regress) Show(ex datasets.Example, p Prediction) Case {
	gold, said := ex.Score, p.Score
	return Case{
		Text: ex.Text, Gold: short(gold), Predicted: short(said), Right: math.Abs(gold-said) < r.settings.Scale.Std/4,
		Detail: Detail{Pair: ex.Pair, Score: &said},
	}
}

func short(score float64) string { return strconv.FormatFloat(score, 'f', 3, 64) }

// NewScore starts two correlations.
func (r *Regress) NewScore() Score { return &regressScore{} }

type regressScore struct{ gold, said []float64 }

func (s *regressScore) Add(ex datasets.Example, p Prediction) {
	s.gold, s.said = append(s.gold, ex.Score), append(s.said, p.Score)
}

// Values are both correlations, and the mean square error in what people count in.
func (s *regressScore) Values() map[string]float64 {
	mse := 0.0
	for i, g := range s.gold {
		mse += (g - s.said[i]) * (g - s.said[i]) / float64(len(s.gold))
	}
	return map[string]float64{
		"pearson": metric.Pearson(s.gold, s.said), "spearman": metric.Spearman(s.gold, s.said), "mse": mse,
	}
}

func (s *regressScore) Confusion() [][]int { return nil }

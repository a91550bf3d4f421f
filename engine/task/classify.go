package task

import (
	"errors"
	"fmt"
	"math"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/metric"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// Classify assigns one of C labels to a text, or to a pair of texts; sentiment is the case of two.
type Classify struct {
	name   string
	labels []string
	index  map[string]int32
	weigh  weighing
	texts
}

func init() {
	labelled := []datasets.Kind{datasets.Classify, datasets.Pair}
	for name, own := range map[string][]datasets.Kind{"classify": labelled, "sentiment": nil} {
		Register(Kind{
			Name: name, Data: labelled, Default: own,
			New: func(d *datasets.Dataset, o Options) (Task, error) {
				c, err := newClassify(name, d.Labels)
				if err != nil {
					return nil, err
				}
				c.Pairs = d.Kind == datasets.Pair
				c.weigh, err = o.weigh(d.LabelCounts(datasets.Train))
				return c, err
			},
			Open: func(s Saved) (Task, error) {
				c, err := newClassify(name, s.Labels)
				return c, errors.Join(err, s.read(&c.texts))
			},
		})
	}
}

func newClassify(name string, labels []string) (*Classify, error) {
	return &Classify{name: name, labels: labels, index: numbered(labels)}, enough(labels)
}

// numbered gives labels their places.
func numbered(labels []string) map[string]int32 {
	index := make(map[string]int32, len(labels))
	for i, l := range labels {
		index[l] = int32(i)
	}
	return index
}

// Name is classify or sentiment.
func (c *Classify) Name() string { return c.name }

// Labels are the classes.
func (c *Classify) Labels() []string { return c.labels }

// Primary is accuracy.
func (c *Classify) Primary() string { return "accuracy" }

// NewHead makes a classifier.
func (c *Classify) NewHead(o HeadOptions) (Head, error) { return textHead(c.name, len(c.labels), o) }

// textHead turns a text into n numbers.
func textHead(task string, n int, o HeadOptions) (Head, error) {
	switch o.Kind {
	case "bilstm":
		return &recurrent{head.NewBiLSTM(o.Width, bilstmCells, n, o.Dropout), o.Pool}, nil
	case "linear", "mlp":
		h := head.NewClassifier(o.Kind, o.Width, n, o.Dropout)
		h.Names = o.Names
		return &classifier{h, o.Pool}, nil
	}
	return nil, fmt.Errorf("task: head is %s, expected linear, mlp or bilstm: %s says one thing about a text, not one about each word", o.Kind, task)
}

// bilstmCells is the number of cells in each direction, enough for sentences and quick on a laptop.
const bilstmCells = 128

// logits is what both kinds of head give: (B, C).
type logits interface {
	logits(b *nn.Builder, f Features) *nn.Node
}

// A classifier remembers how its input is pooled.
type classifier struct {
	*head.Classifier
	pool string
}

// Pooling is how the text becomes one vector.
func (c *classifier) Pooling() string { return c.pool }

func (c *classifier) logits(b *nn.Builder, f Features) *nn.Node {
	return c.Logits(b, f.Summary(c.pool))
}

// A recurrent head reads all tokens and pools afterwards.
type recurrent struct {
	*head.BiLSTM
	pool string
}

func (r *recurrent) logits(b *nn.Builder, f Features) *nn.Node {
	return r.Logits(b, f.Tokens, op.Pooling(r.pool))
}

// Encode adds the special tokens and cuts at max.
func (c *Classify) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	item := encodeText(tok, ex, max)
	item.Class = batch.Ignore
	if class, ok := c.index[ex.Label]; ok {
		item.Class = class
	}
	return []Item{item}
}

// Collate packs sequences and their classes.
func (c *Classify) Collate(items []Item) *batch.Batch {
	b := pack(items)
	b.Classes = make([]int32, len(items))
	for i, it := range items {
		b.Classes[i] = it.Class
	}
	return b
}

// Build is the classifier's logits (B, C).
func (c *Classify) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	return []*nn.Node{h.(logits).logits(b, f)}
}

// Loss is cross-entropy.
func (c *Classify) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(c.weigh.loss(func(b *batch.Batch) []int32 { return b.Classes }, len(c.labels)), out[0])
}

// Read is softmax over each row.
func (c *Classify) Read(s Said) []Prediction {
	n := len(c.labels)
	out := make([]Prediction, s.Batch.Len())
	for i := range out {
		out[i] = softmax(s.Out[0][i*n : (i+1)*n])
	}
	return out
}

// softmax computes probabilities in double precision and the most likely class.
func softmax(z []float32) Prediction {
	p := Prediction{Probabilities: make([]float64, len(z))}
	for i, v := range z {
		if v > z[p.Class] {
			p.Class = i
		}
	}
	sum := 0.0
	for i, v := range z {
		p.Probabilities[i] = math.Exp(float64(v) - float64(z[p.Class]))
		sum += p.Probabilities[i]
	}
	for i := range p.Probabilities {
		p.Probabilities[i] /= sum
	}
	return p
}

// Show names the classes.
func (c *Classify) Show(ex datasets.Example, p Prediction) Case {
	said := c.labels[p.Class]
	return Case{Text: ex.Text, Gold: ex.Label, Predicted: said, Right: said == ex.Label, Detail: Detail{Pair: ex.Pair}}
}

// NewScore starts a confusion matrix.
func (c *Classify) NewScore() Score { return &classScore{index: c.index} }

type classScore struct {
	index           map[string]int32
	gold, predicted []int
}

func (s *classScore) Add(ex datasets.Example, p Prediction) {
	if gold, ok := s.index[ex.Label]; ok {
		s.gold = append(s.gold, int(gold))
		s.predicted = append(s.predicted, p.Class)
	}
}

func (s *classScore) Values() map[string]float64 {
	return map[string]float64{
		"accuracy": metric.Accuracy(s.gold, s.predicted),
		"macro_f1": metric.MacroF1(s.gold, s.predicted),
		"mcc":      metric.MCC(s.gold, s.predicted),
	}
}

func (s *classScore) Confusion() [][]int {
	m := make([][]int, len(s.index))
	for i := range m {
		m[i] = make([]int, len(m))
	}
	for i, g := range s.gold {
		m[g][s.predicted[i]]++
	}
	return m
}

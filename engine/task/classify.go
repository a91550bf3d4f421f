package task

import (
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

// Classify assigns one of C labels to a text; sentiment is the case of two.
type Classify struct {
	name   string
	labels []string
	index  map[string]int32
}

// NewClassify returns the task for the labels of d.
func NewClassify(name string, d *datasets.Dataset) (*Classify, error) {
	if name == "" {
		name = "classify"
	}
	return ClassifyLabels(name, d.Labels)
}

// ClassifyLabels returns the task for labels, as a saved run lists them.
func ClassifyLabels(name string, labels []string) (*Classify, error) {
	if len(labels) < 2 {
		return nil, fmt.Errorf("task: %d labels %v, expected two or more", len(labels), labels)
	}
	c := &Classify{name: name, labels: labels, index: map[string]int32{}}
	for i, l := range labels {
		c.index[l] = int32(i)
	}
	return c, nil
}

// Name is classify or sentiment.
func (c *Classify) Name() string { return c.name }

// Labels are the classes.
func (c *Classify) Labels() []string { return c.labels }

// Primary is accuracy.
func (c *Classify) Primary() string { return "accuracy" }

// NewHead makes a classifier.
func (c *Classify) NewHead(o HeadOptions) Head {
	if o.Kind == "bilstm" {
		return &recurrent{head.NewBiLSTM(o.Width, bilstmCells, len(c.labels), o.Dropout), o.Pool}
	}
	h := head.NewClassifier(o.Kind, o.Width, len(c.labels), o.Dropout)
	h.Names = o.Names
	return &classifier{h, o.Pool}
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
func (c *Classify) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) Item {
	enc := tok.Encode(ex.Text)
	wrapped := tok.Wrap(enc, nil, max)
	item := Item{
		Sequence: batch.Sequence{IDs: wrapped.IDs, Types: wrapped.Types},
		Class:    batch.Ignore,
		Cut:      len(enc.IDs) > countOrdinary(wrapped),
	}
	if class, ok := c.index[ex.Label]; ok {
		item.Class = class
	}
	return item
}

func countOrdinary(e tokenizer.Encoding) int {
	n := 0
	for _, special := range e.Special {
		if !special {
			n++
		}
	}
	return n
}

// Collate packs sequences and their classes.
func (c *Classify) Collate(items []Item) *batch.Batch {
	seqs := make([]batch.Sequence, len(items))
	classes := make([]int32, len(items))
	for i, it := range items {
		seqs[i], classes[i] = it.Sequence, it.Class
	}
	b := batch.Pack(seqs)
	b.Classes = classes
	return b
}

// Build is cross-entropy over the classifier's logits (B, C).
func (c *Classify) Build(b *nn.Builder, f Features, h Head) (out, loss *nn.Node) {
	out = h.(logits).logits(b, f)
	loss = b.Apply(&op.CrossEntropy{
		Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: len(c.labels),
	}, out)
	return out, loss
}

// Read is softmax over each row.
func (c *Classify) Read(b *batch.Batch, logits []float32) []Prediction {
	n := len(c.labels)
	out := make([]Prediction, b.Len())
	for i := range out {
		out[i] = softmax(logits[i*n : (i+1)*n])
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

// NewScore starts a confusion matrix.
func (c *Classify) NewScore() Score {
	n := len(c.labels)
	return &classScore{n: n}
}

type classScore struct {
	n               int
	gold, predicted []int
}

func (s *classScore) Add(gold Item, p Prediction) {
	if gold.Class == batch.Ignore {
		return
	}
	s.gold = append(s.gold, int(gold.Class))
	s.predicted = append(s.predicted, p.Class)
}

func (s *classScore) Values() map[string]float64 {
	return map[string]float64{
		"accuracy": metric.Accuracy(s.gold, s.predicted),
		"macro_f1": metric.MacroF1(s.gold, s.predicted),
		"mcc":      metric.MCC(s.gold, s.predicted),
	}
}

func (s *classScore) Confusion() [][]int {
	m := make([][]int, s.n)
	for i := range m {
		m[i] = make([]int, s.n)
	}
	for i, g := range s.gold {
		m[g][s.predicted[i]]++
	}
	return m
}

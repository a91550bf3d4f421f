package verify

import (
	"fmt"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// A published head is a head as fine-tuned checkpoints carry it, with the loss it was trained with.
type published struct {
	name   string
	params []*nn.Param
	build  func(b *nn.Builder, h backbone.Hidden) (logits, loss *nn.Node)
	label  func(b *batch.Batch, g *golden) error

	padded  bool     // the loss reads padding, which the batch then keeps
	columns []string // reference of each column of the logits; nil for out.logits, whole
	more    []output // what build adds beside logits and loss
}

// An output is a node with the name of its reference.
type output struct {
	name string
	node *nn.Node
}

// model is what a published head is recognised by and made for.
type model struct {
	family  backbone.Family
	bb      backbone.Backbone
	tensors map[string][]int // canonical name -> shape
	rows    int              // sequences of the reference
}

func (m model) has(name string) bool { _, ok := m.tensors[name]; return ok }

// makers try in turn to recognise the head of a checkpoint.
var makers = []func(m model) *published{
	pooledClassifier,
	robertaClassifier,
	distilbertClassifier,
	summaryClassifier,
	scoreClassifier,
	tokenClassifier,
	spanFinder,
	doubleHeads,
	maskedLM,
	causalLM,
}

func publishedHead(f backbone.Family, bb backbone.Backbone, src checkpoint.Source, rows int) (*published, error) {
	m := model{family: f, bb: bb, tensors: map[string][]int{}, rows: rows}
	for _, t := range src.Tensors() {
		m.tensors[f.Canonical(t.Name)] = t.Shape
	}
	for _, try := range makers {
		if h := try(m); h != nil {
			return h, nil
		}
	}
	return nil, fmt.Errorf("no head of %s is known for these weights", f.Name)
}

// A summaryScorer is the top of a sequence classifier: (B, C) from the summary (B, H).
type summaryScorer func(b *nn.Builder, summary *nn.Node) *nn.Node

// classifier is the published head that scores a family's summary of each sequence.
func classifier(m model, params []*nn.Param, classes int, score summaryScorer) *published {
	return &published{
		name:   "sequence-classification",
		params: params,
		build: func(b *nn.Builder, hidden backbone.Hidden) (logits, loss *nn.Node) {
			logits = score(b, m.bb.Summary(b, hidden, op.PoolFirst))
			return logits, b.Apply(&op.CrossEntropy{Labels: classesOf, Cols: classes}, logits)
		},
		label: labelSequences,
	}
}

// pooledClassifier is BertForSequenceClassification: classifier(tanh(pooler(h[CLS]))).
func pooledClassifier(m model) *published {
	if m.family.Name != "bert" || !m.has("classifier.weight") || !m.has("pooler.dense.weight") {
		return nil
	}
	classes := m.tensors["classifier.weight"][0]
	h := head.NewClassifier("linear", m.bb.Shape().Width, classes, 0)
	return classifier(m, h.Layer().Params, classes, h.Logits)
}

// labelSequences reads one class per sequence.
func labelSequences(b *batch.Batch, g *golden) error {
	labels, err := g.src.ReadInts("in.labels")
	for _, l := range labels {
		b.Classes = append(b.Classes, int32(l))
	}
	return err
}

func classesOf(b *batch.Batch) []int32 { return b.Classes }

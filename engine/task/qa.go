package task

import (
	"fmt"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/metric"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// QA finds the answer to a question in a text: the tokens between the likeliest begin and end (Devlin
// et al. 2019). Where the data has questions that a text does not answer, it also says that: when the
// score of the null row is above the best answer's by more than a threshold, which is set on the dev
// part (Rajpurkar et al. 2018).
type QA struct {
	settings asking
}

// asking is what a checkpoint keeps.
type asking struct {
	Stride     int     `json:"stride"`     // tokens between the begins of two windows of a context
	Impossible bool    `json:"impossible"` // some questions have no answer
	Threshold  float64 `json:"threshold"`  // of Prediction.Null, above which there is none
}

// usualStride is that of the published results on SQuAD.
const usualStride = 128

func init() {
	Register(Kind{
		Name: "qa", Data: []datasets.Kind{datasets.QA}, Default: []datasets.Kind{datasets.QA}, Reads: true,
		New: newQA,
		Open: func(s Saved) (Task, error) {
			q := &QA{asking{Stride: usualStride}}
			return q, s.read(&q.settings)
		},
	})
}

func newQA(d *datasets.Dataset, o Options) (Task, error) {
	if !o.plain() {
		return nil, fmt.Errorf("task: qa has a loss of its own over where answers begin and end, expected no loss, label_smoothing or class_weights")
	}
	q := &QA{asking{Stride: o.Stride}}
	if q.settings.Stride == 0 {
		q.settings.Stride = usualStride
	}
	q.settings.Impossible = slices.ContainsFunc(d.Train, func(e datasets.Example) bool { return e.Impossible })
	return q, nil
}

// Name is qa.
func (q *QA) Name() string { return "qa" }

// Labels are none.
func (q *QA) Labels() []string { return nil }

// Primary is the F1 of the words of answers.
func (q *QA) Primary() string { return "f1" }

// Keep keeps the stride and the threshold.
func (q *QA) Keep(string) (any, error) { return q.settings, nil }

// A finder scores every token as the begin and as the end of an answer.
type finder struct {
	score     func(b *nn.Builder, tokens *nn.Node) *nn.Node // (N, 2)
	params    []*nn.Param
	published bool // it is the head that weights trained on SQuAD hold
}

// Layer is the head as a row of the freeze map.
func (h *finder) Layer() nn.Layer { return nn.Layer{Name: "head", Kind: "head", Params: h.params} }

// Pretrained says that the head begins as the weights of ...ForQuestionAnswering have it.
func (h *finder) Pretrained() bool { return h.published }

// NewHead makes what scores the tokens.
func (q *QA) NewHead(o HeadOptions) (Head, error) {
	if o.Layers == 0 && o.Kind != "bilstm" {
		return nil, fmt.Errorf("task: head is %s, expected bilstm: vectors of single words know nothing of the question beside them", o.Kind)
	}
	switch o.Kind {
	case "linear":
		h := head.NewSpan(o.Width, o.Dropout)
		return &finder{h.Logits, h.Layer().Params, true}, nil
	case "mlp":
		h := head.NewClassifier(o.Kind, o.Width, 2, o.Dropout)
		return &finder{h.Logits, h.Layer().Params, false}, nil
	case "bilstm":
		h := head.NewBiLSTM(o.Width, bilstmCells, 2, o.Dropout)
		return &finder{h.TokenLogits, h.Layer().Params, false}, nil
	}
	return nil, fmt.Errorf("task: head is %s, expected linear, mlp or bilstm: an answer is a begin and an end, not tags that follow each other", o.Kind)
}

// Collate packs windows and where their answers are.
func (q *QA) Collate(items []Item) *batch.Batch {
	b := pack(items)
	for _, it := range items {
		w := it.Own.(window)
		b.Starts, b.Ends = append(b.Starts, w.begin), append(b.Ends, w.end)
	}
	return b
}

// Build is the scores of begins and ends (N, 2).
func (q *QA) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	return []*nn.Node{h.(*finder).score(b, f.Tokens)}
}

// Loss is the mean of the cross-entropies of begin and end.
func (q *QA) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.Span{}, out[0])
}

// Ask takes a question and a text with a tab between them.
func (q *QA) Ask(text string) (datasets.Example, error) {
	question, context, both := strings.Cut(text, "\t")
	if !both {
		return datasets.Example{}, fmt.Errorf("task: found one text, expected a question and a text that may answer it, with a tab between them")
	}
	return datasets.Example{Question: strings.TrimSpace(question), Context: context}, nil
}

// Show puts a question beside its answer, "" where the text does not say. All accepted answers are
// right, as the scripts of SQuAD compare them.
func (q *QA) Show(ex datasets.Example, p Prediction) Case {
	c := Case{Text: ex.Question, Predicted: q.answer(p)}
	c.Detail = Detail{Context: ex.Context, Spans: p.Spans}
	var gold []string
	for _, a := range ex.Answers {
		if !slices.Contains(gold, a.Text) {
			gold = append(gold, a.Text)
		}
	}
	if len(gold) > 0 {
		c.Gold, c.Accepted = gold[0], gold
	}
	c.Right = metric.SquadExact(gold, c.Predicted) == 1
	if q.settings.Impossible {
		none := noAnswer(p.Spans)
		c.NoAnswer = &none
	}
	return c
}

// answer is the likeliest span, or "" where none is likelier by enough.
func (q *QA) answer(p Prediction) string {
	if len(p.Spans) == 0 || q.settings.Impossible && p.Null > q.settings.Threshold {
		return ""
	}
	return p.Spans[0].Text
}

// noAnswer is the probability that the candidates leave.
func noAnswer(spans []Answer) float64 {
	rest := 1.0
	for _, s := range spans {
		rest -= s.Score
	}
	return max(rest, 0)
}

package task

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// MultiLabel gives a text any number of C labels. Of data whose examples have several labels it takes
// those; of other labelled data, the label of an example lists its own with a separator between them.
type MultiLabel struct {
	labels    []string
	index     map[string]int32
	smoothing float32
	positive  []float32 // weight of an example that has a label, nil for 1 each
	settings  manyLabels
}

// manyLabels is what a checkpoint keeps.
type manyLabels struct {
	texts
	Separator string `json:"separator"` // "" where the data keeps labels apart
}

// separators are looked for, in this order, when a recipe names none.
var separators = []string{"|", ";", ","}

func init() {
	Register(Kind{
		Name: "multilabel", Data: []datasets.Kind{datasets.MultiLabel, datasets.Classify, datasets.Pair},
		Default: []datasets.Kind{datasets.MultiLabel},
		New:     newMultiLabel,
		Open: func(s Saved) (Task, error) {
			m := &MultiLabel{labels: s.Labels, index: numbered(s.Labels)}
			return m, errors.Join(s.read(&m.settings), enough(s.Labels))
		},
	})
}

func newMultiLabel(d *datasets.Dataset, o Options) (Task, error) {
	if o.Loss != "" && o.Loss != "bce" {
		return nil, fmt.Errorf("task: loss is %s, expected bce for labels that do not exclude each other", o.Loss)
	}
	sep, err := separatorOf(d, o.Separator)
	if err != nil {
		return nil, err
	}
	pairs := d.Kind == datasets.Pair || d.Kind == datasets.MultiLabel && len(d.Train) > 0 && d.Train[0].Pair != ""
	m := &MultiLabel{labels: d.Labels, settings: manyLabels{texts{pairs}, sep}, smoothing: float32(o.Smoothing)}
	if sep != "" {
		m.labels = m.distinct(d.Labels)
	}
	m.index = numbered(m.labels)
	if o.ClassWeights == "balanced" {
		m.positive = m.rarity(d.Train)
	}
	return m, enough(m.labels)
}

// separatorOf is what stands between the labels of an example: what was asked for, or what is found in
// the labels; "" where the data keeps them apart.
func separatorOf(d *datasets.Dataset, asked string) (string, error) {
	holds := func(sep string) bool {
		return slices.ContainsFunc(d.Labels, func(l string) bool { return strings.Contains(l, sep) })
	}
	if d.Kind == datasets.MultiLabel {
		if asked != "" && holds(asked) {
			return "", fmt.Errorf("task: separator is %q, expected none: the labels of %s are apart already, and one has it in its name", asked, d.Name)
		}
		return "", nil
	}
	if asked != "" {
		return asked, nil
	}
	if i := slices.IndexFunc(separators, holds); i >= 0 {
		return separators[i], nil
	}
	return "", fmt.Errorf("task: no label of %s has one of %q in it, expected a separator between the labels of an example", d.Name, separators)
}

// enough refuses a choice that is none.
func enough(labels []string) error {
	if len(labels) < 2 {
		return fmt.Errorf("task: %d labels %v, expected two or more", len(labels), labels)
	}
	return nil
}

// distinct lists the labels that lists are made of, sorted.
func (m *MultiLabel) distinct(lists []string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, m.cut(l)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cut takes a list of labels apart.
func (m *MultiLabel) cut(list string) []string {
	var labels []string
	for _, l := range strings.Split(list, m.settings.Separator) {
		if l = strings.TrimSpace(l); l != "" {
			labels = append(labels, l)
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// of are the labels of an example, sorted; known says that it has an answer: of lists, one without
// labels is an answer too.
func (m *MultiLabel) of(ex datasets.Example) (labels []string, known bool) {
	if ex.Labels != nil {
		return slices.Sorted(slices.Values(ex.Labels)), true
	}
	labels = m.cut(ex.Label)
	return labels, len(labels) > 0
}

// rarity is, for each label, the examples that lack it over those that have it.
func (m *MultiLabel) rarity(examples []datasets.Example) []float32 {
	have := make([]int, len(m.labels))
	for _, ex := range examples {
		labels, _ := m.of(ex)
		for _, l := range labels {
			have[m.index[l]]++
		}
	}
	w := make([]float32, len(have))
	for i, n := range have {
		w[i] = float32(len(examples)-n) / float32(max(n, 1))
	}
	return w
}

// Name is multilabel.
func (m *MultiLabel) Name() string { return "multilabel" }

// Labels are the single labels.
func (m *MultiLabel) Labels() []string { return m.labels }

// Primary is the F1 over all decisions.
func (m *MultiLabel) Primary() string { return "micro_f1" }

// Keep keeps the separator.
func (m *MultiLabel) Keep(string) (any, error) { return m.settings, nil }

// Ask takes one text; of pairs, two with a tab between them.
func (m *MultiLabel) Ask(text string) (datasets.Example, error) { return m.settings.Ask(text) }

// NewHead makes a classifier.
func (m *MultiLabel) NewHead(o HeadOptions) (Head, error) {
	return textHead(m.Name(), len(m.labels), o)
}

// Encode adds the special tokens and cuts at max.
func (m *MultiLabel) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	item := encodeText(tok, ex, max)
	has := make([]float32, len(m.labels))
	labels, _ := m.of(ex)
	for _, l := range labels {
		if i, known := m.index[l]; known {
			has[i] = 1
		}
	}
	item.Own = has
	return []Item{item}
}

// Collate packs sequences and which labels each has.
func (m *MultiLabel) Collate(items []Item) *batch.Batch {
	b := pack(items)
	for _, it := range items {
		b.Targets = append(b.Targets, it.Own.([]float32)...)
	}
	return b
}

// Build is the classifier's logits (B, C).
func (m *MultiLabel) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	return []*nn.Node{h.(logits).logits(b, f)}
}

// Loss is binary cross-entropy.
func (m *MultiLabel) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.BinaryCrossEntropy{
		Targets: func(b *batch.Batch) []float32 { return b.Targets }, Cols: len(m.labels),
		Smoothing: m.smoothing, Positive: m.positive,
	}, out[0])
}

// Read is the sigmoid of each logit.
func (m *MultiLabel) Read(s Said) []Prediction {
	n := len(m.labels)
	list := make([]Prediction, s.Batch.Len())
	for i := range list {
		for _, z := range s.Out[0][i*n : (i+1)*n] {
			list[i].Probabilities = append(list[i].Probabilities, 1/(1+math.Exp(-float64(z))))
		}
	}
	return list
}

// chosen are the labels more likely than not.
func (m *MultiLabel) chosen(p Prediction) []string {
	var list []string
	for i, prob := range p.Probabilities {
		if prob > 0.5 {
			list = append(list, m.labels[i])
		}
	}
	return list
}

// Show lists labels as the data has them.
func (m *MultiLabel) Show(ex datasets.Example, p Prediction) Case {
	said := m.chosen(p)
	c := Case{Text: ex.Text, Predicted: m.list(said), Detail: Detail{Pair: ex.Pair, Labels: said}}
	gold, known := m.of(ex)
	if c.GoldLabels = gold; known {
		c.Gold = m.list(gold)
	}
	c.Right = c.Gold == c.Predicted
	return c
}

// list writes labels with the data's separator between them; of lists, that there is none is said.
func (m *MultiLabel) list(labels []string) string {
	switch sep := m.settings.Separator; {
	case sep != "":
		return strings.Join(labels, sep)
	case len(labels) == 0:
		return noLabel
	}
	return strings.Join(labels, ", ")
}

package data

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/widgets/histogram"
	"defrost/ui/widgets/tokens"
)

// mostMeasured bounds the texts whose length is counted; the shape of the histogram is clear long
// before.
const mostMeasured = 5000

// A studyKey says what was measured: the same texts have other lengths for another backbone.
type studyKey struct {
	data     *datasets.Dataset
	backbone string
}

// A study is what takes a moment to find out about a data set.
type study struct {
	lengths []float64 // tokens of each text that measured gives, special ones included
	leaks   []datasets.Leak
}

type studyMsg struct {
	key   studyKey
	study study
}

// study measures the data set at the cursor for the chosen backbone.
func (m *Model) study() tea.Cmd {
	model, d := m.session.Model, m.current()
	if model == nil || d.Len() == 0 {
		return nil
	}
	key := studyKey{d, model.Name()}
	if _, known := m.studies[key]; known {
		return nil
	}
	m.studies[key] = study{}
	return func() tea.Msg {
		var st study
		texts := measured(d)
		for _, ex := range texts[:min(len(texts), mostMeasured)] {
			st.lengths = append(st.lengths, float64(len(model.Tokenize(whole(ex)))))
		}
		st.leaks = d.Leaks()
		return studyMsg{key, st}
	}
}

// measured are the training texts, or those of the first split that has any.
func measured(d *datasets.Dataset) []datasets.Example {
	for _, p := range datasets.Parts() {
		if texts := d.Part(p); len(texts) > 0 {
			return texts
		}
	}
	return nil
}

// studied is what is known about the data set at the cursor.
func (m *Model) studied() study {
	if m.session.Model == nil {
		return study{}
	}
	return m.studies[studyKey{m.current(), m.session.Model.Name()}]
}

// longer is the share of texts that the maximum length cuts.
func (s study) longer(limit int) float64 {
	n := 0
	for _, l := range s.lengths {
		if l > float64(limit) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(s.lengths)))
}

// bins is how many bins of a histogram the lengths fill, at most a number: they are whole, and more
// bins than there are lengths would leave gaps that mean nothing.
func (s study) bins(most int) int {
	if len(s.lengths) == 0 {
		return most
	}
	different := int(slices.Max(s.lengths)-slices.Min(s.lengths)) + 1
	each := (different + most - 1) / most
	return (different + each - 1) / each
}

// cuts is one example as the backbone sees it.
type cuts struct {
	backbone, text string
	tokens         []tokens.Token
}

type cutMsg struct{ cuts cuts }

// cut cuts the example at the cursor.
func (m *Model) cut() tea.Cmd {
	ex, ok := m.example()
	model := m.session.Model
	if !ok || model == nil || (m.cuts.backbone == model.Name() && m.cuts.text == whole(ex)) {
		return nil
	}
	return func() tea.Msg { return cutMsg{cutWith(model, ex)} }
}

func cutWith(model *engine.Model, ex datasets.Example) cuts {
	c := cuts{backbone: model.Name(), text: whole(ex)}
	for _, t := range model.Tokenize(c.text) {
		c.tokens = append(c.tokens, tokens.Token{Text: t.Text, ID: t.ID, Special: t.Special})
	}
	return c
}

// seeking is what the list of examples was made for: of a million it is not made at every key.
type seeking struct {
	data *datasets.Dataset
	part datasets.Part
	want string
}

// find lists the examples of the split that the filter matches.
func (m *Model) find() {
	want := strings.ToLower(m.filter.String())
	now := seeking{m.current(), m.part, want}
	if now == m.sought {
		return
	}
	m.sought, m.found, m.balance, m.scores = now, nil, balanceOf(now.data, m.part), nil
	if now.data.Kind == datasets.Regress {
		for _, ex := range now.data.Part(m.part) {
			m.scores = append(m.scores, ex.Score)
		}
	}
	for i, ex := range m.current().Part(m.part) {
		if want == "" || strings.Contains(strings.ToLower(ex.LabelText()+" "+whole(ex)), want) {
			m.found = append(m.found, i)
		}
	}
	m.samples.Clamp(len(m.found))
}

// balanceOf counts the labels of a split, and where examples may have several, those that have none.
// Shares are of examples then: they need not add up to one.
func balanceOf(d *datasets.Dataset, part datasets.Part) histogram.Balance {
	b := histogram.Balance{Labels: d.Labels, Counts: d.LabelCounts(part), Cursor: -1}
	if d.Kind != datasets.MultiLabel {
		return b
	}
	none := 0
	for _, ex := range d.Part(part) {
		if len(ex.Labels) == 0 {
			none++
		}
	}
	if b.Of = len(d.Part(part)); none > 0 {
		b.Labels, b.Counts = append(slices.Clone(b.Labels), noLabel), append(b.Counts, none)
	}
	return b
}

// noLabel stands for the lack of labels.
const noLabel = "(no label)"

// example is the one at the cursor.
func (m *Model) example() (datasets.Example, bool) {
	if m.samples.Cursor >= len(m.found) {
		return datasets.Example{}, false
	}
	return m.current().Part(m.part)[m.found[m.samples.Cursor]], true
}

// whole is all text of an example.
func whole(ex datasets.Example) string {
	switch {
	case len(ex.Words) > 0:
		return strings.Join(ex.Words, " ")
	case ex.Question != "":
		return ex.Question + " " + ex.Context
	case ex.Pair != "":
		return ex.Text + " " + ex.Pair
	}
	return ex.Text
}

// answer is what the example should be given: label, score, tags, span or translation.
func answer(ex datasets.Example, kind datasets.Kind) string {
	switch {
	case kind == datasets.Regress:
		return score(ex)
	case ex.LabelText() != "":
		return ex.LabelText()
	case kind == datasets.MultiLabel:
		return "-"
	case len(ex.Tags) > 0:
		return entities(ex)
	case ex.Impossible:
		return "(no answer)"
	case len(ex.Answers) > 0:
		return ex.Answers[0].Text
	}
	return ex.Target
}

// entities writes the tagged words: "Ada Lovelace (PER), London (LOC)".
func entities(ex datasets.Example) string {
	var spans []string
	for i, tag := range ex.Tags {
		kind, name, ok := strings.Cut(tag, "-")
		switch {
		case !ok || i >= len(ex.Words):
		case kind == "I" && len(spans) > 0 && i > 0 && ex.Tags[i-1] != "O":
			last := strings.TrimSuffix(spans[len(spans)-1], " ("+name+")")
			spans[len(spans)-1] = last + " " + ex.Words[i] + " (" + name + ")"
		default:
			spans = append(spans, ex.Words[i]+" ("+name+")")
		}
	}
	if len(spans) == 0 {
		return "-"
	}
	return strings.Join(spans, ", ")
}

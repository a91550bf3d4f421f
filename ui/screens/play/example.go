package play

import (
	"cmp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/ui/shared"
)

// nextExample takes a text of the data that runs are judged on and do not learn.
func (m *Model) nextExample() tea.Cmd {
	d := m.session.Data
	if d == nil {
		return shared.Say("no data is open; 3 chooses some")
	}
	examples := d.Dev
	if len(d.Test) > 0 {
		examples = d.Test
	}
	if len(examples) == 0 {
		return shared.Say(d.Name + " has no examples beside those a run learns from")
	}
	ex := examples[m.example%len(examples)]
	m.example++
	m.text.Set(typed(ex))
	say := "an example of " + d.Name
	switch {
	case ex.LabelText() != "":
		say += ", labelled " + ex.LabelText()
	case ex.Labels != nil:
		say += ", which has no label"
	case len(ex.Answers) > 0:
		say += ", answered by " + ex.Answers[0].Text
	case ex.Impossible:
		say += ", which the text does not answer"
	}
	return tea.Batch(m.changed(), shared.Say(say))
}

// typed is an example as a person types it: in one line, its two texts with the mark between them.
func typed(ex datasets.Example) string {
	first, second := cmp.Or(ex.Text, ex.Question, strings.Join(ex.Words, " ")), cmp.Or(ex.Pair, ex.Context)
	if second == "" {
		return first
	}
	return line(first) + textMark + line(second)
}

// line is a text without line breaks, and without the mark that stands for a tab.
func line(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), textMark, "/")
}

package model

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// objectives are what families can be asked for.
var objectives = map[string]string{"bert": "mlm", "roberta": "mlm", "distilbert": "mlm", "gpt2": "clm", "openai-gpt": "clm", "elmo": "bilm"}

// A form is what a person says about pre-training.
type form struct {
	fields [4]shared.Text
	at     int // the field that is typed into
	fault  string
}

// The fields of the form.
const (
	corpusField = iota
	minutesField
	startField
	folderField
)

// formFields are their labels and what may stand there.
var formFields = [...][2]string{
	corpusField: {"corpus", "files of running text, commas between, .gz allowed"}, minutesField: {"minutes", "how long it learns"},
	startField: {"begin", "from: its weights, or scratch: its shape alone"}, folderField: {"folder", "where the backbone is written; an unfinished run there goes on"},
}

// usualMinutes is long enough to see the curves bend.
const usualMinutes = "20"

// openForm begins to ask what the backbone at the cursor is to learn from.
func (m *Model) openForm() tea.Cmd {
	card, ok := m.card()
	if !ok {
		return nil
	}
	if objectives[card.Family] == "" {
		return shared.Complain(fmt.Errorf("%s cannot be pre-trained here, expected a bert, roberta, distilbert, gpt2 or elmo", card.Name))
	}
	m.open, m.form.at, m.form.fault = "pretrain", corpusField, ""
	for field, usual := range map[int]string{minutesField: usualMinutes, startField: "scratch", folderField: ownFolder(card)} {
		if m.form.fields[field].String() == "" || field == folderField {
			m.form.fields[field].Set(usual)
		}
	}
	return nil
}

// ownFolder is a place among the runs.
func ownFolder(card engine.Card) string {
	name := filepath.Base(card.Name) + "-own"
	if store, err := engine.DefaultStore(); err == nil {
		return filepath.Join(store.Root, name)
	}
	return name
}

// typed gives a key to the field at the cursor, or moves on.
func (f *form) typed(k tea.KeyMsg) {
	switch k.Type {
	case tea.KeyTab, tea.KeyDown:
		f.at = (f.at + 1) % len(f.fields)
	case tea.KeyShiftTab, tea.KeyUp:
		f.at = (f.at + len(f.fields) - 1) % len(f.fields)
	default:
		f.fields[f.at].Update(k)
	}
}

// options are what the form says; the first field that cannot be meant is an error.
func (m *Model) options() (engine.PretrainOptions, error) {
	card, _ := m.card()
	o := engine.PretrainDefaults()
	text := func(field int) string { return strings.TrimSpace(m.form.fields[field].String()) }
	o.Objective, o.Backbone, o.Out = objectives[card.Family], card.Name, text(folderField)
	for _, file := range strings.Split(text(corpusField), ",") {
		if file = strings.TrimSpace(file); file != "" {
			o.Files = append(o.Files, file)
		}
	}
	minutes, err := strconv.ParseFloat(text(minutesField), 64)
	o.Time = time.Duration(minutes * float64(time.Minute))
	o.Scratch = text(startField) == "scratch"
	switch {
	case len(o.Files) == 0:
		return o, fmt.Errorf("corpus is empty, expected one file of running text or more")
	case err != nil || !(minutes > 0 && minutes < 1e5):
		return o, fmt.Errorf("minutes is %q, expected a number above 0", text(minutesField))
	case !o.Scratch && text(startField) != "from":
		return o, fmt.Errorf("begin is %q, expected from or scratch", text(startField))
	case o.Out == "":
		return o, fmt.Errorf("folder is empty, expected a path")
	}
	return o, o.Check()
}

// pretrain starts what the form says.
func (m *Model) pretrain() tea.Cmd {
	o, err := m.options()
	if err != nil {
		m.form.fault = err.Error()
		return nil
	}
	m.open = ""
	return m.session.Pretrain(o)
}

// viewForm draws the fields, then what the same is headless.
func (m *Model) viewForm(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	card, _ := m.card()
	y := 0
	for _, line := range shared.Wrap(fmt.Sprintf("%s learns a language from running text: %s.", card.Name, asks[objectives[card.Family]]), w) {
		c.Text(0, y, w, line, c.Ink(s.Text))
		y++
	}
	y++
	for i, f := range formFields {
		mark, ink := "  ", c.Ink(s.Muted)
		if i == m.form.at {
			mark, ink = "▸ ", c.Ink(s.Accent)
		}
		c.Text(0, y, 2, mark, ink)
		c.Text(2, y, 8, f[0], ink)
		if i == m.form.at {
			m.form.fields[i].Draw(c, 11, y, w-11, f[1], s.Text, s.Muted)
		} else {
			c.Text(11, y, w-11, m.form.fields[i].String(), c.Ink(s.Text))
		}
		y++
	}
	y++
	for _, line := range shared.Wrap(m.form.fault, w) {
		c.Text(0, y, w, line, c.Ink(s.Bad))
		y++
	}
	for _, line := range shared.Wrap(formFields[m.form.at][0]+": "+formFields[m.form.at][1]+". tab goes on, enter starts, esc leaves.", w) {
		c.Text(0, y, w, line, c.Ink(s.Muted))
		y++
	}
	return c.String()
}

// asks say what an objective wants.
var asks = map[string]string{
	"mlm": "it is asked for words that are masked", "clm": "it is asked for the next word", "bilm": "it is asked for the next word and the one before",
}

// Package data is the screen where examples are chosen and read: sources, what a data set holds, how
// long its texts are for the chosen backbone, every example with its tokens, and the rows of a file
// that could not be used.
package data

import (
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/histogram"
)

// A Model is the screen.
type Model struct {
	session  *shared.Session
	tiles    shared.Tiles
	sources  []source
	list     shared.List // over sources
	samples  shared.List
	problems shared.List
	opened   map[string]opened
	reading  map[string]shared.ReadingMsg // what takes a while to read, and how far it is
	asked    map[string]bool

	part    datasets.Part
	found   []int // examples of the part that the filter lets through
	sought  seeking
	balance histogram.Balance // of the part's labels
	scores  []float64         // of the part's examples, where they have scores
	filter  shared.Text
	path    shared.Text
	pull    *shared.Pull // the download that is on, nil for none
	fresh   string       // the path that was typed, until it is open
	typing  string       // "", or the text box that is open: filter, path

	studies map[studyKey]study
	cuts    cuts
}

// A source is a row of the list.
type source struct {
	name string
	card datasets.Card
	here bool // on this machine
}

// opened is what became of reading a source; a file with bad rows has both.
type opened struct {
	data *datasets.Dataset
	err  error
}

// The panes.
const (
	sourcePane = iota
	samplePane
	labelPane
	lengthPane
	problemPane
	panes
)

// New makes the screen.
func New(s *shared.Session) shared.Screen {
	return &Model{session: s, opened: map[string]opened{}, reading: map[string]shared.ReadingMsg{}, asked: map[string]bool{}, part: datasets.Train, studies: map[studyKey]study{}}
}

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	return []shared.Binding{
		{Action: "data.choose", Where: "data", Keys: []string{"enter"}, Short: "choose", Help: "train on the data set at the cursor"},
		{Action: "data.open", Where: "data", Keys: []string{"o"}, Short: "open file", Help: "open a file or folder of your own: CSV, TSV, JSONL, CoNLL, SQuAD, parquet"},
		{Action: "data.download", Where: "data", Keys: []string{"d"}, Help: "download the data set at the cursor, or give the download up"},
		{Action: "data.filter", Where: "data", Keys: []string{"/"}, Short: "search", Help: "search the examples for a text or a label"},
		{Action: "data.without", Where: "data", Keys: []string{"x"}, Help: "train without the rows of the file that are broken, or refuse it again"},
		{Action: "data.part", Where: "data", Keys: []string{"s"}, Short: "split", Help: "next split: train, dev, test, hard"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	if m.typing != "" {
		return "type.text"
	}
	return "data"
}

// Close stops the reading of the source at the cursor, closes the text box, drops the filter, or
// makes the pane small.
func (m *Model) Close() bool {
	if r, busy := m.read(); busy && m.typing == "" {
		r.Stop()
		return true
	}
	if m.typing == "" && m.filter.String() == "" {
		return m.tiles.Act(shared.Back, panes)
	}
	if m.typing != "path" {
		m.filter.Set("")
		m.find()
	}
	m.typing = ""
	return true
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case tea.KeyMsg:
		m.typed(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.CardsMsg:
		m.shelve(msg)
		return m.look()
	case shared.ReadingMsg:
		m.reading[msg.Source.Name] = msg
	case shared.DataMsg:
		delete(m.reading, msg.Source.Name)
		m.opened[msg.Source.Name] = opened{msg.Data, msg.Err}
		m.keep(msg.Source.Name)
		return tea.Batch(m.took(msg), m.look())
	case shared.ModelMsg, shared.ShownMsg:
		return m.look()
	case shared.RecipeMsg:
		m.toChosen()
		return m.look()
	case shared.PulledMsg:
		if msg.Pull == m.pull {
			m.pull = nil
			return msg.Over()
		}
	case shared.GlanceMsg:
		if msg.Pull == m.pull {
			return m.pull.Look()
		}
	case studyMsg:
		m.studies[msg.key] = msg.study
	case cutMsg:
		m.cuts = msg.cuts
	}
	return nil
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if m.move(a) {
		return m.look()
	}
	switch {
	case m.tiles.Act(a, panes):
	case a == "data.choose":
		return m.choose()
	case a == "data.without":
		return m.without()
	case a == "data.download":
		return m.download()
	case a == "data.open":
		m.typing, m.tiles.Focus = "path", sourcePane
	case a == "data.filter":
		m.typing, m.tiles.Focus = "filter", samplePane
	case a == shared.Accept:
		return m.accept()
	case a == "data.part", a == shared.Right, a == shared.Left:
		m.turn(a == shared.Left)
		return m.look()
	}
	return nil
}

// move moves the cursor of the pane with the focus.
func (m *Model) move(a shared.Action) bool {
	switch m.tiles.Focus {
	case samplePane:
		return m.samples.Act(a, len(m.found))
	case problemPane:
		return m.problems.Act(a, len(m.current().Problems))
	}
	if !m.list.Act(a, len(m.sources)) {
		return false
	}
	m.part = datasets.Train
	m.samples.Cursor, m.problems.Cursor = 0, 0
	return true
}

// turn goes to the next or previous split that holds examples.
func (m *Model) turn(back bool) {
	parts, at, step := datasets.Parts(), 0, 1
	for i, p := range parts {
		if p == m.part {
			at = i
		}
	}
	if back {
		step = len(parts) - 1
	}
	for range parts {
		at = (at + step) % len(parts)
		if len(m.current().Part(parts[at])) > 0 {
			break
		}
	}
	m.part, m.samples.Cursor = parts[at], 0
}

func (m *Model) typed(k tea.KeyMsg) {
	if m.typing == "path" {
		m.path.Update(k)
		return
	}
	m.filter.Update(k)
	m.samples.Cursor = 0
	m.find()
}

// accept opens the path that was typed, or keeps the filter.
func (m *Model) accept() tea.Cmd {
	was := m.typing
	m.typing = ""
	name := strings.TrimSpace(m.path.String())
	if was != "path" || name == "" {
		return m.look()
	}
	m.asked[name], m.fresh = true, name
	return shared.OpenData(shared.Source{Name: name, Seed: m.session.Recipe.Seed})
}

// took puts a file that opened into the list.
func (m *Model) took(msg shared.DataMsg) tea.Cmd {
	if msg.Source.Name != m.fresh || m.fresh == "" {
		return nil
	}
	m.fresh = ""
	m.path.Set("")
	if msg.Data == nil {
		return shared.Complain(msg.Err)
	}
	m.list.Cursor = m.include(msg.Source.Name, msg.Data)
	return shared.Say(fmt.Sprintf("%d examples in %s; enter trains on it", msg.Data.Len(), msg.Source.Name))
}

// shelve lists the sets of the program, those of the hub, and the files that are open already.
func (m *Model) shelve(msg shared.CardsMsg) {
	own := m.sources
	m.sources = nil
	for _, c := range msg.Inside {
		m.sources = append(m.sources, source{c.Name, c, true})
	}
	for _, c := range msg.Hub {
		_, here := engine.DataFolder(c.Name)
		m.sources = append(m.sources, source{c.Name, c, here})
	}
	m.sources = append(m.sources, own...)
	m.toChosen()
	m.keep(m.session.Recipe.Data)
}

// keep puts the recipe's own data into the list, wherever it came from.
func (m *Model) keep(name string) {
	if d := m.opened[name].data; name == m.session.Recipe.Data && d != nil && m.session.Cards != nil {
		m.list.Cursor = m.include(name, d)
	}
}

// include adds a file to the sources unless it is there, and returns its row.
func (m *Model) include(name string, d *datasets.Dataset) int {
	for i, s := range m.sources {
		if s.name == name {
			return i
		}
	}
	card := datasets.Card{Name: name, Kind: d.Kind, Description: d.Description, Labels: len(d.Labels), Sizes: map[datasets.Part]int{}}
	for _, p := range datasets.Parts() {
		card.Sizes[p] = len(d.Part(p))
	}
	m.sources = append(m.sources, source{name, card, true})
	return len(m.sources) - 1
}

// choose puts the source at the cursor into the recipe.
func (m *Model) choose() tea.Cmd {
	src, ok := m.source()
	if !ok {
		return nil
	}
	if !src.here {
		return shared.Complain(fmt.Errorf("%s is not on this machine: d downloads it, and so does defrost data add %s", src.name, src.name))
	}
	var again tea.Cmd
	if src.name == m.session.Recipe.Data && errors.Is(m.opened[src.name].err, shared.ErrStopped) {
		delete(m.opened, src.name)
		again = shared.OpenData(shared.SourceOf(m.session.Recipe))
	}
	return tea.Batch(
		again,
		m.session.Change(func(r *engine.Recipe) { r.Data, r.Task = src.name, "" }),
		shared.Say("data: "+src.name+"; next: 4 train, or r to run"),
	)
}

// toChosen puts the cursor on the recipe's data.
func (m *Model) toChosen() {
	for i, s := range m.sources {
		if s.name == m.session.Recipe.Data {
			m.list.Cursor = i
		}
	}
}

func (m *Model) source() (source, bool) {
	if m.list.Cursor >= len(m.sources) {
		return source{}, false
	}
	return m.sources[m.list.Cursor], true
}

// read is how far the reading of the source at the cursor is, while it takes a while.
func (m *Model) read() (r shared.ReadingMsg, busy bool) {
	if r, busy = m.reading[m.fresh]; busy {
		return r, true
	}
	src, _ := m.source()
	r, busy = m.reading[src.name]
	return r, busy
}

// current is the data set at the cursor, empty until it was read.
func (m *Model) current() *datasets.Dataset {
	src, _ := m.source()
	if d := m.opened[src.name].data; d != nil {
		return d
	}
	return &nothing
}

// nothing is a data set that was not read yet.
var nothing datasets.Dataset

// look reads, measures and cuts what the cursors are on, as far as that is not done.
func (m *Model) look() tea.Cmd {
	m.find()
	src, ok := m.source()
	if !ok {
		return nil
	}
	if src.here && !m.asked[src.name] && src.name != m.session.Recipe.Data {
		m.asked[src.name] = true
		return shared.OpenData(shared.Source{Name: src.name, Seed: m.session.Recipe.Seed})
	}
	return tea.Batch(m.study(), m.cut())
}

// Package model is the screen where a backbone is chosen: the catalogue, the card of the backbone
// at the cursor with its published scores, and a sentence cut into that backbone's tokens.
package model

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	list    shared.List
	cards   []engine.Card // those the filter lets through
	opened  map[string]opened
	asked   map[string]bool

	open   string // "", or the text box that is open: filter, sentence, folder, pretrain
	filter shared.Text
	text   shared.Text // the sentence
	folder shared.Text
	form   form          // of what is pre-trained
	folds  []engine.Card // folders that were opened
	cuts   cuts
	pull   *shared.Pull // the download that is on, nil for none
	free   int          // bytes of memory, 0 while that is not known
}

// opened is what became of opening a backbone.
type opened struct {
	model *engine.Model
	err   error
}

// The panes.
const (
	listPane = iota
	cardPane
	tokenPane
	panes
)

// firstSentence is what the token box starts with: a rare word, a negation and a hyphen.
const firstSentence = "The remake isn't half-bad, surprisingly watchable!"

// New makes the screen.
func New(s *shared.Session) shared.Screen {
	m := &Model{session: s, opened: map[string]opened{}, asked: map[string]bool{}}
	m.text.Set(firstSentence)
	return m
}

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	return []shared.Binding{
		{Action: "model.choose", Where: "model", Keys: []string{"enter"}, Short: "choose", Help: "use the backbone at the cursor"},
		{Action: "model.filter", Where: "model", Keys: []string{"/"}, Short: "filter", Help: "filter the backbones by name, family or task"},
		{Action: "model.sentence", Where: "model", Keys: []string{"i"}, Short: "type a sentence", Help: "type a sentence and see how the backbone cuts it"},
		{Action: "model.download", Where: "model", Keys: []string{"d"}, Short: "download", Help: "download the backbone at the cursor, or give the download up"},
		{Action: "model.folder", Where: "model", Keys: []string{"o"}, Short: "open folder", Help: "use a model folder of your own (config.json and weights)"},
		{Action: "model.pretrain", Where: "model", Keys: []string{"p"}, Help: "pre-train the backbone at the cursor on texts of your own"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	if m.open != "" {
		return "type.text"
	}
	return "model"
}

// Close closes the text box or the zoomed pane.
func (m *Model) Close() bool {
	if m.open == "" && m.filter.String() == "" {
		return m.tiles.Act(shared.Back, panes)
	}
	if m.open == "" || m.open == "filter" {
		m.filter.Set("")
		m.narrow()
	}
	m.open = ""
	return true
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case tea.KeyMsg:
		return m.typed(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.CardsMsg:
		m.narrow()
		m.toChosen()
		return tea.Batch(m.look(), m.weigh())
	case shared.ShownMsg:
		return m.weigh()
	case memoryMsg:
		m.free = int(msg)
	case chosenMsg:
		return m.chosen(msg)
	case shared.ModelMsg:
		m.opened[msg.Name] = opened{msg.Model, msg.Err}
		if msg.Name == m.session.Recipe.Backbone {
			m.toChosen()
		}
		return tea.Batch(m.took(msg), m.cut())
	case cutMsg:
		m.take(msg.cuts)
	case shared.PulledMsg:
		if msg.Pull == m.pull {
			m.pull = nil
			return msg.Over()
		}
	case shared.GlanceMsg:
		if msg.Pull == m.pull {
			return m.pull.Look()
		}
	}
	return nil
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if m.list.Act(a, len(m.cards)) {
		return m.look()
	}
	if m.tiles.Act(a, panes) {
		return nil
	}
	switch a {
	case "model.download":
		return m.download()
	case "model.choose":
		return m.choose()
	case "model.filter":
		m.open, m.tiles.Focus = "filter", listPane
	case "model.sentence":
		m.open, m.tiles.Focus = "sentence", tokenPane
	case "model.folder":
		m.open, m.tiles.Focus = "folder", listPane
	case "model.pretrain":
		return m.openForm()
	case shared.Accept:
		return m.accept()
	}
	return nil
}

// typed gives a key to the open text box.
func (m *Model) typed(k tea.KeyMsg) tea.Cmd {
	switch m.open {
	case "filter":
		m.filter.Update(k)
		m.narrow()
		return m.look()
	case "sentence":
		m.text.Update(k)
		return m.cut()
	case "folder":
		m.folder.Update(k)
	case "pretrain":
		m.form.typed(k)
	}
	return nil
}

// accept closes the text box and keeps what was typed.
func (m *Model) accept() tea.Cmd {
	was := m.open
	if was == "pretrain" {
		return m.pretrain()
	}
	m.open = ""
	if name := strings.TrimSpace(m.folder.String()); was == "folder" && name != "" {
		delete(m.opened, name)
		m.asked[name] = true
		return shared.OpenModel(m.session.Context(), name)
	}
	return nil
}

// took puts a folder that opened into the list and chooses it.
func (m *Model) took(msg shared.ModelMsg) tea.Cmd {
	if msg.Name != strings.TrimSpace(m.folder.String()) {
		return nil
	}
	m.folder.Set("")
	if msg.Err != nil {
		return shared.Complain(msg.Err)
	}
	m.folds = append(m.folds, msg.Model.Card())
	m.narrow()
	m.list.Cursor = len(m.cards) - 1
	return m.choose()
}

// choose puts the backbone at the cursor into the recipe.
func (m *Model) choose() tea.Cmd {
	card, ok := m.card()
	if !ok {
		return nil
	}
	if err := card.OnlyPrompted(); err != nil {
		return shared.Complain(err)
	}
	if !card.Cached {
		return shared.Complain(fmt.Errorf("%s is not on this machine: d downloads it, and so does defrost pull %s", card.Name, card.Name))
	}
	was := m.session.Recipe.Backbone
	return func() tea.Msg {
		old, errOld := engine.DefaultsFor(was)
		usual, err := engine.DefaultsFor(card.Name)
		if errOld != nil {
			old = engine.Defaults()
		}
		return chosenMsg{old, usual, err}
	}
}

// A chosenMsg is what is usual for the backbone before and for the one that was chosen.
type chosenMsg struct {
	old, usual engine.Recipe
	err        error
}

// chosen puts a backbone into the recipe, with the settings that are usual for it where those of the
// one before were left as they are.
func (m *Model) chosen(msg chosenMsg) tea.Cmd {
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	edit := func(r *engine.Recipe) {
		r.Backbone = msg.usual.Backbone
		renew(&r.LR, msg.old.LR, msg.usual.LR)
		renew(&r.HeadLR, msg.old.HeadLR, msg.usual.HeadLR)
		renew(&r.Train, msg.old.Train, msg.usual.Train)
		renew(&r.Head, msg.old.Head, msg.usual.Head)
		r.MaxLength = min(r.MaxLength, msg.usual.MaxLength)
	}
	return tea.Batch(
		m.session.Change(edit),
		shared.Say(fmt.Sprintf("backbone: %s; next: 2 layers, 3 data, or r to run", msg.usual.Backbone)),
	)
}

// renew changes a setting that was left as is usual.
func renew[T comparable](at *T, old, usual T) {
	if *at == old {
		*at = usual
	}
}

// narrow keeps the cards that the filter matches.
func (m *Model) narrow() {
	want := strings.ToLower(m.filter.String())
	m.cards = nil
	for _, c := range append(m.session.Cards[:len(m.session.Cards):len(m.session.Cards)], m.folds...) {
		text := strings.ToLower(strings.Join(append([]string{c.Name, c.Family, c.Title}, c.Tasks...), " "))
		if strings.Contains(text, want) {
			m.cards = append(m.cards, c)
		}
	}
	m.list.Clamp(len(m.cards))
}

// toChosen puts the cursor on the recipe's backbone, which is listed even when it is a folder.
func (m *Model) toChosen() {
	for i, c := range m.cards {
		if c.Name == m.session.Recipe.Backbone {
			m.list.Cursor = i
			return
		}
	}
	chosen := m.opened[m.session.Recipe.Backbone].model
	if chosen == nil || m.session.Cards == nil || m.filter.String() != "" {
		return
	}
	m.folds = append(m.folds, chosen.Card())
	m.narrow()
	m.list.Cursor = len(m.cards) - 1
}

// card is the one at the cursor.
func (m *Model) card() (engine.Card, bool) {
	if m.list.Cursor >= len(m.cards) {
		return engine.Card{}, false
	}
	return m.cards[m.list.Cursor], true
}

// look opens the backbone at the cursor, so that its card and tokens are exact.
func (m *Model) look() tea.Cmd {
	card, ok := m.card()
	if !ok || !card.Cached {
		return nil
	}
	if !m.asked[card.Name] && card.Name != m.session.Recipe.Backbone {
		m.asked[card.Name] = true
		return shared.OpenModel(m.session.Context(), card.Name)
	}
	return m.cut()
}

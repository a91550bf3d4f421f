// Package play is the screen where a network is tried: one types a text and sees what it says as the
// text changes, what that rests on, where its heads look, how a second run answers the same text,
// and which examples lie near it before and after fine-tuning.
//
// What a network says is a reading; each kind of task has one file with its own. Everything slow is
// asked in a command, one at a time, and an answer to a text that has changed since is dropped: see
// ask.go.
package play

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	text    shared.Text
	typing  bool
	example int // of the data set, that d shows next

	subjects [2]*subject // A and B; nil where there is none
	wanted   [2]string   // keys of the subjects that are being opened
	failed   [2]error    // why there is none
	runs     []engine.Summary
	listed   bool
	list     shared.List
	picking  int  // 1 or 2 while the list chooses A or B
	chosen   bool // A was chosen by a person, and stays

	asked  asked
	says   [2]reading
	tokens []engine.Token
	about  string // the text they are of
	token  int    // the cursor among them

	sentences bool // of a backbone's words the sentences are shown, not the neighbours

	heat  heat
	look  look
	near  near
	write writing
}

// The panes.
const (
	textPane = iota
	saysPane
	heatPane
	lookPane
	nearPane
	panes
)

// firstText is what the screen opens with: praise behind a negation.
const firstText = "The remake isn't half-bad, surprisingly watchable!"

// New makes the screen.
func New(s *shared.Session) shared.Screen {
	m := &Model{session: s}
	m.text.Set(firstText)
	m.tiles.Focus = saysPane
	return m
}

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	return []shared.Binding{
		{Action: "play.type", Where: "play", Keys: []string{"i"}, Short: "type", Help: "type a text; what is said about it changes as you type"},
		{Action: "play.example", Where: "play", Keys: []string{"d"}, Short: "example", Help: "try the next example of the data, one the run did not learn from"},
		{Action: "play.run", Where: "play", Keys: []string{"o"}, Short: "run", Help: "choose the run that answers, or the backbone alone"},
		{Action: "play.second", Where: "play", Keys: []string{"B"}, Short: "second run", Help: "choose a second run that answers the same text, or none"},
		{Action: "play.heat", Where: "play", Keys: []string{"s"}, Short: "heat", Help: "what the answer rests on: by occlusion or by gradient x input"},
		{Action: "play.layer", Where: "play", Keys: []string{"L"}, Short: "layer", Help: "attention of the next layer"},
		{Action: "play.head", Where: "play", Keys: []string{"H"}, Short: "head", Help: "attention of the next head, and of their mean"},
		{Action: "play.near", Where: "play", Keys: []string{"n"}, Short: "before/after", Help: "examples nearest to the text, before and after fine-tuning"},
		{Action: "play.words", Where: "play", Keys: []string{"w"}, Help: "of a backbone alone: the word at the cursor among words like it, or in the sentences of the data"},
		{Action: "play.enter", Where: "play", Keys: []string{"enter"}, Help: "take the run at the cursor of the list, or write the text on"},
		{Action: "play.warmer", Where: "play", Keys: []string{"+", "="}, Help: "a higher temperature: writing takes less likely tokens"},
		{Action: "play.colder", Where: "play", Keys: []string{"-"}, Help: "a lower temperature; 0 takes the likeliest token every time"},
	}
}

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	if m.typing {
		return "type.text"
	}
	return "play"
}

// Close closes the text box, the list, what is being written or the zoomed pane.
func (m *Model) Close() bool {
	switch {
	case m.typing:
		m.typing = false
	case m.picking > 0:
		m.picking = 0
	case m.write.going():
		m.write.stop()
	default:
		return m.tiles.Act(shared.Back, panes)
	}
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
	case shared.ShownMsg:
		return listRuns
	case shared.EventsMsg:
		if msg.Done && m.shown() {
			return listRuns
		}
	case shared.ModelMsg:
		if m.shown() && m.listed {
			return m.settle()
		}
	case runsMsg:
		return m.took(msg)
	case openedMsg:
		return m.opened(msg)
	}
	return m.heard(msg)
}

func (m *Model) shown() bool { return m.session.Top == "Play" }

// typed gives a key to the text box.
func (m *Model) typed(k tea.KeyMsg) tea.Cmd {
	was := m.text.String()
	m.text.Update(k)
	if m.text.String() == was {
		return nil
	}
	return m.changed()
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if m.picking > 0 && m.list.Act(a, len(m.choices())) || m.tiles.Act(a, panes) {
		return nil
	}
	switch a {
	case shared.Left, shared.Right, shared.Top, shared.Bottom:
		return m.step(a)
	case shared.Accept:
		m.typing = false
	case "play.type":
		m.typing, m.picking, m.tiles.Focus = true, 0, textPane
	case "play.example":
		return m.nextExample()
	case "play.run", "play.second":
		return m.pick(a)
	case "play.heat":
		return m.otherHeat()
	case "play.layer", "play.head":
		m.look.turn(a == "play.layer")
		m.tiles.Focus = lookPane
	case "play.near":
		return m.compareNear()
	case "play.words":
		return m.otherAround()
	case "play.enter":
		return m.enter()
	case "play.warmer", "play.colder":
		return m.write.warm(a == "play.warmer")
	}
	return nil
}

// step moves the cursor among the tokens.
func (m *Model) step(a shared.Action) tea.Cmd {
	was := m.token
	switch a {
	case shared.Left:
		m.token--
	case shared.Right:
		m.token++
	case shared.Top:
		m.token = 0
	case shared.Bottom:
		m.token = len(m.tokens) - 1
	}
	m.token = max(0, min(m.token, len(m.tokens)-1))
	if m.token == was || !m.byToken() {
		return nil
	}
	return m.changed()
}

// byToken says that what is said is about the token at the cursor.
func (m *Model) byToken() bool {
	a := m.subjects[0]
	return a != nil && a.byToken
}

// enter does what the pane is about.
func (m *Model) enter() tea.Cmd {
	if m.picking > 0 {
		return m.choose()
	}
	return m.writeOn()
}

// Package learn is the screen of the labs: a list of them, and the one that is open, from its text
// over the question that is answered before anything runs, the runs with their curves in one chart and
// what came out, to the question to check oneself. A lab goes on while other screens are looked at.
package learn

import (
	"errors"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	pace    *pace

	entries []entry
	labs    shared.List
	listed  bool

	course *course // the lab that was opened last; its runs may go on while the list is shown
	inside bool    // the course is looked at, not the list
	rolls  [panes]shared.List
}

// The panes of a lab. Which are shown, and in what order, depends on how far the person is.
const (
	textPane = iota
	askPane
	runsPane
	chartPane
	outcomePane
	figuresPane
	checkPane
	panes
)

// New makes the screen.
func New(s *shared.Session) shared.Screen { return &Model{session: s, pace: &pace{}} }

// Places of the key table.
const (
	listPlace  = "learn"
	labPlace   = "learn.lab"
	askPlace   = "ask.learn"
	againPlace = "ask.learn.again"
	typePlace  = "type.text"
)

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	keys := []shared.Binding{
		{Action: "learn.open", Where: listPlace, Keys: []string{"enter"}, Short: "open", Help: "open the lab at the cursor"},
		{Action: "learn.on", Where: labPlace, Keys: []string{"enter"}, Short: "go on", Help: "the next step of the lab: answer, start or go on with its runs, check yourself"},
		{Action: "learn.stop", Where: labPlace, Keys: []string{"s"}, Short: "stop", Help: "stop the lab's run; a checkpoint is saved and enter goes on"},
		{Action: "learn.next", Where: labPlace, Keys: []string{"n"}, Short: "next lab", Help: "open the lab that builds on this one"},
		{Action: "learn.again", Where: labPlace, Keys: []string{"x"}, Short: "start over", Help: "forget answers and runs of the lab; asks first"},
		{Action: "learn.copy", Where: labPlace, Keys: []string{"y"}, Help: "copy the headless command of the lab to the clipboard"},
		{Action: "learn.commit", Where: askPlace, Keys: []string{"enter"}, Short: "commit", Help: "commit to the answer at the cursor"},
		{Action: "learn.up", Where: askPlace, Keys: []string{"up", "k"}, Short: "up", Help: "the answer above"},
		{Action: "learn.down", Where: askPlace, Keys: []string{"down", "j"}, Short: "down", Help: "the answer below"},
		{Action: "learn.forget", Where: againPlace, Keys: []string{"y"}, Short: "start over", Help: "forget answers and runs of the lab; the run folders stay"},
		{Action: "learn.keep", Where: againPlace, Keys: []string{"enter", "n"}, Short: "keep", Help: "keep the lab as it is"},
	}
	for i, digit := range digits {
		keys = append(keys, shared.Binding{Action: digitAction(i), Where: askPlace, Keys: []string{digit}, Help: "choose answer " + digit})
	}
	return keys
}

// digits are the keys of answers; no question has more.
var digits = []string{"1", "2", "3", "4", "5", "6"}

func digitAction(i int) shared.Action { return shared.Action("learn.answer." + digits[i]) }

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	switch {
	case !m.inside:
		return listPlace
	case m.course.again:
		return againPlace
	case m.course.asking && m.course.typed():
		return typePlace
	case m.course.asking:
		return askPlace
	}
	return labPlace
}

// Close takes back a question, the crosshair or a zoomed pane, and then turns to the list.
func (m *Model) Close() bool {
	switch {
	case !m.inside:
		return m.tiles.Act(shared.Back, 1)
	case m.course.asking || m.course.again:
		m.course.asking, m.course.again = false, false
	case m.course.cursor != nil:
		m.course.cursor = nil
	case m.tiles.Act(shared.Back, panes):
	default:
		m.inside, m.tiles.Focus = false, 0
	}
	return true
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case tea.KeyMsg:
		if m.inside && m.course.asking {
			m.course.text.Update(msg)
		}
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.ShownMsg:
		return m.list()
	case tea.FocusMsg:
		m.pace.set(shared.Frame)
	case tea.BlurMsg:
		m.pace.set(shared.Unfocused)
	case entriesMsg:
		return m.took(msg)
	case missingMsg:
		m.lack(msg)
	case courseMsg:
		return m.courseUpdate(msg)
	}
	return nil
}

func (m *Model) act(a shared.Action) tea.Cmd {
	if !m.inside {
		return m.actList(a)
	}
	c := m.course
	shown := m.shown()
	switch {
	case m.tiles.Act(a, len(shown)):
		return nil
	case c.answers(a), m.cross(a):
		return nil
	case m.rolls[shown[min(m.tiles.Focus, len(shown)-1)]].Act(a, mostLines):
		return nil
	}
	switch a {
	case shared.Accept, "learn.commit":
		return m.commit()
	case "learn.on":
		return m.goOn()
	case "learn.stop":
		return c.stop()
	case "learn.next":
		return m.openNext()
	case "learn.again":
		return m.askAgain()
	case "learn.forget":
		return m.forget()
	case "learn.keep":
		c.again = false
	case "learn.copy":
		return m.session.Copy(c.command())
	}
	return nil
}

// mostLines bounds how far a text can be scrolled before it is drawn and knows its length.
const mostLines = 1000

// actList does what a key means in the list of labs.
func (m *Model) actList(a shared.Action) tea.Cmd {
	if m.labs.Act(a, len(m.entries)) {
		return nil
	}
	m.tiles.Act(a, 2)
	switch {
	case a == "learn.open":
		return m.openAt(m.labs.Cursor)
	case strings.HasPrefix(string(a), "learn."):
		return shared.Say("enter opens a lab first")
	}
	return nil
}

// openAt opens a lab of the list as it is on disk, or returns to the one that is running.
func (m *Model) openAt(i int) tea.Cmd {
	if i >= len(m.entries) {
		return nil
	}
	e := m.entries[i]
	switch {
	case e.err != nil:
		return shared.Complain(e.err)
	case m.course == nil || !m.course.live():
	case m.course.lab.Name == e.lab.Name && m.course.lab.Path == e.lab.Path:
		m.enter()
		return nil
	default:
		return shared.Complain(errors.New("lab " + m.course.lab.Name + " is running: s stops it, or wait for its end"))
	}
	m.course = newCourse(e.lab)
	m.enter()
	return m.course.open(m.session.Context())
}

// enter turns from the list to the lab.
func (m *Model) enter() {
	m.inside = true
	m.tiles.Zoomed = false
	m.arrange()
}

// arrange puts the focus where the person goes on, and the texts back to their beginning.
func (m *Model) arrange() {
	m.tiles.Focus = 0
	m.rolls = [panes]shared.List{}
}

// openNext opens the lab that builds on this one.
func (m *Model) openNext() tea.Cmd {
	next := m.course.lab.Next.Lab
	for i, e := range m.entries {
		if e.err == nil && e.lab.Name == next {
			m.labs.Cursor = i
			return m.openAt(i)
		}
	}
	return shared.Say("this is the last lab; esc turns to the list")
}

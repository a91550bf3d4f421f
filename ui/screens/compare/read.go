package compare

import (
	"cmp"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/table"
)

// A side is a list of examples of two runs: what one got right and the other wrong, the mistakes that
// the other was surest of first; what both got wrong; and where their probabilities differ most.
type side struct {
	a, b  int // indices of the runs
	title string
	list  []engine.Judged
}

// sidesOf are the lists of every pair that was tested.
func sidesOf(c engine.Comparison) []side {
	var sides []side
	for _, p := range c.Pairs {
		if p.Why != "" {
			continue
		}
		a, b := letterOf(p.A), letterOf(p.B)
		sides = append(sides,
			side{p.A, p.B, a + " right, " + b + " wrong", surest(p.RightA, false)},
			side{p.A, p.B, b + " right, " + a + " wrong", surest(p.RightB, true)},
			side{p.A, p.B, a + " and " + b + " wrong", p.WrongBoth},
			side{p.A, p.B, a + " and " + b + " furthest apart", p.Apart},
		)
	}
	return sides
}

// surest orders disagreements by the confidence of the mistake; second says that the second run was
// right.
func surest(list []engine.Disagreed, second bool) []engine.Judged {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b engine.Disagreed) int { return cmp.Compare(b.Wrong.Confidence, a.Wrong.Confidence) })
	judged := make([]engine.Judged, len(list))
	for i, d := range list {
		judged[i] = engine.Judged{ID: d.ID, Text: d.Text, Gold: d.Gold, A: d.Right, B: d.Wrong}
		if second {
			judged[i].A, judged[i].B = d.Wrong, d.Right
		}
	}
	return judged
}

// examples are those of the list being read.
func (m *Model) examples() []engine.Judged {
	if m.side >= len(m.sides) {
		return nil
	}
	return m.sides[m.side].list
}

// read opens the first list that holds an example.
func (m *Model) read() tea.Cmd {
	i := slices.IndexFunc(m.sides, func(s side) bool { return len(s.list) > 0 })
	switch {
	case !m.result.ready:
		return shared.Say("the runs are still being compared")
	case len(m.sides) == 0:
		return shared.Say("no two of these runs were judged on the same examples")
	case i < 0:
		return shared.Say("these runs are right and wrong on the same examples")
	}
	m.reading, m.side, m.list.Cursor, m.tiles.Focus = true, i, 0, examplePane
	return nil
}

func (m *Model) actReading(a shared.Action) tea.Cmd {
	if m.tiles.Focus == partPane && m.rolls[partPane].Act(a, mostRows) {
		return nil
	}
	if m.list.Act(a, len(m.examples())) || m.tiles.Act(a, readPanes) {
		return nil
	}
	switch a {
	case "compare.other", shared.Right:
		m.turn(1)
	case shared.Left:
		m.turn(-1)
	case "compare.copy":
		if m.list.Cursor < len(m.examples()) {
			return m.session.Copy(m.examples()[m.list.Cursor].Text)
		}
	}
	return nil
}

// turn goes to another list.
func (m *Model) turn(by int) {
	if n := len(m.sides); n > 0 {
		m.side, m.list.Cursor = (m.side+by+n)%n, 0
	}
}

// viewReading is the list of examples, and the one at the cursor with what both runs said.
func (m *Model) viewReading() string {
	title, note := "examples", ""
	if m.side < len(m.sides) {
		title = m.sides[m.side].title
		note = fmt.Sprintf("%d of %d", min(m.list.Cursor+1, len(m.examples())), len(m.examples()))
	}
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		examplePane: {Title: title, Note: note, Footer: m.turnNote(), Least: 8, Weight: 3, View: m.viewExamples},
		textPane:    {Title: "example", Note: m.exampleNote(), Column: 1, Least: 8, Weight: 2, View: m.viewExample},
		partPane:    {Title: "by label and by length", Column: 1, Least: 6, Weight: 2, View: m.viewParts},
	}, 7, 5)
}

// turnNote says which list comes next.
func (m *Model) turnNote() string {
	if len(m.sides) == 0 {
		return ""
	}
	next := m.sides[(m.side+1)%len(m.sides)]
	return fmt.Sprintf("space: %s, %d", next.title, len(next.list))
}

func (m *Model) exampleNote() string {
	if m.list.Cursor < len(m.examples()) {
		return m.examples()[m.list.Cursor].ID
	}
	return ""
}

func (m *Model) viewExamples(w, h int) string {
	s := &m.session.Styles
	m.list.Page = max(1, h-1)
	first, second := "A", "B"
	if m.side < len(m.sides) {
		first, second = letterOf(m.sides[m.side].a), letterOf(m.sides[m.side].b)
	}
	t := table.Table{
		Columns: []table.Column{{Title: "text", Flex: 1, Min: 10}, {Title: "is", Min: 4}, {Title: first, Min: 4}, {Title: second, Min: 4}},
		Cursor:  m.list.Cursor, Empty: "none", Styles: s.Table(),
	}
	for _, d := range m.examples() {
		t.Rows = append(t.Rows, []string{d.Text, d.Gold, said(d.A), said(d.B)})
	}
	return t.View(w, h)
}

// said is a label and how sure the run was of it.
func said(s engine.Said) string { return fmt.Sprintf("%s %.2f", s.Label, float64(s.Confidence)) }

// viewExample is the whole text over what is right and what each run said.
func (m *Model) viewExample(w, h int) string {
	s := &m.session.Styles
	if m.list.Cursor >= len(m.examples()) {
		return canvas.New(w, h).String()
	}
	d, sd := m.examples()[m.list.Cursor], m.sides[m.side]
	lines := shared.Wrap(d.Text, w)
	c := canvas.New(w, max(0, min(len(lines), h-5)+2))
	y := 0
	for ; y < len(lines) && y < h-5; y++ {
		c.Text(0, y, w, lines[y], c.Ink(s.Text))
	}
	x := c.Text(0, y+1, w, "labelled ", c.Ink(s.Muted))
	c.Text(x, y+1, w-x, d.Gold, c.Ink(s.Title))
	bars := gauge.List{Cursor: -1, Styles: s.Gauge(s.Good), Items: []gauge.Item{
		m.bar(sd.a, d.A, d.A.Label == d.Gold), m.bar(sd.b, d.B, d.B.Label == d.Gold),
	}}
	_, used := c.Size()
	return c.String() + "\n" + bars.View(w, max(0, h-used))
}

// bar is what a run said and how sure it was; right and wrong have signs of their own.
func (m *Model) bar(run int, said engine.Said, right bool) gauge.Item {
	s := &m.session.Styles
	item := gauge.Item{Label: m.name(run), Share: float64(said.Confidence), Sign: '+', Fill: &s.Good}
	if !right {
		item.Sign, item.Fill = '-', &s.Bad
	}
	item.Text = fmt.Sprintf("%s %.2f", said.Label, float64(said.Confidence))
	return item
}

package train

import (
	"fmt"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/schedule"
)

// View draws the panes.
func (m *Model) View() string {
	r := m.session.Recipe
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		formPane:     {Title: "recipe", Note: "← → change, enter types", Least: 12, Weight: 4, View: m.viewForm},
		schedulePane: {Title: "learning rate", Note: r.Schedule, Column: 1, Least: 6, Weight: 1, View: m.viewSchedule},
		commandPane:  {Title: "the same without a screen", Note: "y copies", Column: 1, Least: 4, Weight: 1, View: m.viewCommand},
	}, 7, 5)
}

// A line of the form is a heading or a row.
type line struct {
	heading string
	row     int // as the cursor counts
}

func (m *Model) lines() []line {
	lines := []line{{row: 0}}
	for i, f := range m.fields {
		if f.section != "" {
			lines = append(lines, line{heading: f.section, row: -1})
		}
		lines = append(lines, line{row: i + 1})
	}
	return lines
}

// Columns of the form.
const (
	labelAt = 2
	valueAt = 17
	hintAt  = 32
)

func (m *Model) viewForm(w, h int) string {
	m.list.Page = max(1, h-2)
	c := canvas.New(w, h)
	lines, at := m.lines(), 0
	for i, l := range lines {
		if l.row == m.list.Cursor {
			at = i
		}
	}
	s := &m.session.Styles
	from, to := canvas.Window(at, len(lines), h)
	for y, l := range lines[from:to] {
		switch {
		case l.row < 0:
			c.Text(0, y, w, l.heading, c.Ink(s.Title))
		case l.row == 0:
			m.drawStart(c, y, w)
		default:
			m.drawField(c, y, w, m.fields[l.row-1], l.row == m.list.Cursor)
		}
	}
	return c.String()
}

// drawStart is the button on top, or what stands in its way.
func (m *Model) drawStart(c *canvas.Canvas, y, w int) {
	s := &m.session.Styles
	style, text := s.Good, "► start training"
	if err := m.session.Trouble(); err != nil {
		style, text = s.Bad, "cannot start: "+err.Error()
	}
	if m.list.Cursor == 0 {
		style = s.Selection.Bold(true)
	}
	ink := c.Ink(style)
	n := c.Text(labelAt, y, w-labelAt-2, text, ink)
	if m.list.Cursor == 0 {
		c.Set(0, y, '▸', c.Ink(s.Accent))
		c.Paint(labelAt-1, y, n+2, ink)
		c.Text(labelAt+n+3, y, w-labelAt-n-3, "enter", c.Ink(s.Muted))
	}
}

// drawField writes label, value, and the hint or what is wrong.
func (m *Model) drawField(c *canvas.Canvas, y, w int, f field, here bool) {
	s := &m.session.Styles
	value := f.get(m.session.Recipe)
	label, style := c.Ink(s.Muted), s.Text
	if value != f.get(engine.Defaults()) {
		style = s.Accent
	}
	if here {
		c.Paint(1, y, min(hintAt, w)-2, c.Ink(s.Selection))
		c.Set(0, y, '▸', c.Ink(s.Accent))
		label, style = c.Ink(s.Selection), s.Selection
	}
	c.Text(labelAt, y, valueAt-labelAt-1, f.label, label)
	var wrong error
	if here && m.typing {
		c.Paint(valueAt, y, hintAt-valueAt-1, canvas.Plain)
		m.text.Draw(c, valueAt, y, hintAt-valueAt-1, "", s.Text, s.Muted)
		_, wrong = m.tried(f)
	} else {
		if value == "" {
			value = unset
		}
		c.Text(valueAt, y, hintAt-valueAt-1, value, c.Ink(style))
		wrong = m.session.Recipe.Check()
	}
	if wrong != nil && (concerns(wrong, f) || here && m.typing) {
		c.Text(hintAt, y, w-hintAt, strings.TrimPrefix(wrong.Error(), "recipe: "), c.Ink(s.Bad))
		return
	}
	c.Text(hintAt, y, w-hintAt, f.hint, c.Ink(s.Muted))
}

// viewSchedule draws the learning rate over the steps of the run.
func (m *Model) viewSchedule(w, h int) string {
	s := &m.session.Styles
	r, steps := m.session.Recipe, m.steps()
	v := schedule.Schedule{
		Rate: func(step int) float64 { return r.LR * engine.ScheduleAt(r, step, steps) }, Steps: steps, At: -1,
		Name: "peak " + number.Rate(r.LR) + ", at the end", Style: s.Series[0].Bold(true), Styles: s.Chart(),
	}
	if m.session.Plain {
		v.Symbols = chart.ASCII
	}
	return v.View(w, h)
}

// steps is how many the recipe takes, or a round number while that is not known.
func (m *Model) steps() int {
	if b := m.session.Budget; b != nil && b.Steps > 0 {
		return b.Steps
	}
	return 100
}

// viewCommand writes the command, then what differs from the defaults and from the run before.
func (m *Model) viewCommand(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	y := 0
	for _, l := range shared.Wrap(m.session.Recipe.Command(), w-2) {
		c.Text(0, y, w, l, c.Ink(s.Text))
		y++
	}
	for _, o := range m.others() {
		y++
		differences := m.session.Recipe.Differences(o.recipe)
		if len(differences) == 0 {
			c.Text(0, y, w, "nothing differs from "+o.name, c.Ink(s.Muted))
			y++
			continue
		}
		c.Text(0, y, w, "differs from "+o.name, c.Ink(s.Title))
		for _, d := range differences {
			y++
			n := c.Text(0, y, 14, d.Name, c.Ink(s.Muted))
			c.Text(max(15, n+1), y, w-15, fmt.Sprintf("%v instead of %v", plain(d.Mine), plain(d.Other)), c.Ink(s.Text))
		}
		y++
	}
	return c.String()
}

// An other is a recipe that the one on the screen is held against.
type other struct {
	name   string
	recipe engine.Recipe
}

// others are the defaults, and the run that is followed.
func (m *Model) others() []other {
	list := []other{{"the defaults", engine.Defaults()}}
	if st := m.session.Status.Started; m.session.Run != nil && st.Run != "" {
		list = append(list, other{"run " + m.session.Run.ID, st.Recipe})
	}
	return list
}

func plain(v any) string {
	switch v := v.(type) {
	case float64:
		return shown(v)
	case string:
		if v == "" {
			return "nothing"
		}
		return v
	}
	return fmt.Sprint(v)
}

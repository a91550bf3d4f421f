package data

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// without turns on or off that bad rows are left out. It concerns the data set at the cursor, which
// becomes the chosen one.
func (m *Model) without() tea.Cmd {
	src, ok := m.source()
	if !ok || !src.here {
		return nil
	}
	skips := m.skips()
	if !skips && m.opened[src.name].err == nil {
		return shared.Complain(errors.New("no row of " + src.name + " keeps it from training"))
	}
	said := "training without the bad rows of " + src.name
	if skips {
		said = "bad rows keep " + src.name + " from training again"
	}
	return tea.Batch(
		m.session.Change(func(r *engine.Recipe) {
			if r.Data != src.name {
				r.Data, r.Task = src.name, ""
			}
			r.SkipBadRows = !skips
		}),
		shared.Say(said),
	)
}

// skips says that the recipe leaves out the bad rows of the data set at the cursor.
func (m *Model) skips() bool {
	src, _ := m.source()
	return src.name == m.session.Recipe.Data && m.session.Recipe.SkipBadRows
}

// viewProblems says what keeps the data from training or makes its figures too good, then lists bad
// rows with their lines.
func (m *Model) viewProblems(w, h int) string {
	s := &m.session.Styles
	d := m.current()
	c := canvas.New(w, h)
	y := 0
	say := func(style string, text string) {
		ink := map[string]canvas.Ink{"good": c.Ink(s.Good), "warn": c.Ink(s.Warn), "bad": c.Ink(s.Bad), "muted": c.Ink(s.Muted)}[style]
		for _, l := range shared.Wrap(text, w) {
			c.Text(0, y, w, l, ink)
			y++
		}
	}
	src, _ := m.source()
	switch err := m.opened[src.name].err; {
	case err != nil:
		say("bad", err.Error())
		if d.Len() > 0 {
			say("warn", fmt.Sprintf("x trains on the other %d rows", d.Len()))
		}
	case d.Len() == 0:
		say("muted", "nothing read")
	case m.skips() && d.Skipped > 0:
		say("warn", fmt.Sprintf("%d bad rows are left out, %d problems:", d.Skipped, len(d.Problems)))
	case len(d.Problems) > 0:
		say("warn", fmt.Sprintf("%d rows skipped, %d problems:", d.Skipped, len(d.Problems)))
	default:
		say("good", "no bad rows")
	}
	if leaks := m.studied().leaks; len(leaks) > 0 {
		say("warn", leaked(d, leaks))
	} else if len(m.studied().lengths) > 0 {
		say("good", "no text is in two splits")
	}
	m.listProblems(c, y, w, h-y)
	return c.String()
}

// leaked counts the texts of two splits by where they are, and quotes the first.
func leaked(d *datasets.Dataset, leaks []datasets.Leak) string {
	first := leaks[0]
	return fmt.Sprintf("%d texts are in two splits, which flatters the result; the first is in %s and %s: %s",
		len(leaks), first.From, first.To, whole(d.Part(first.To)[first.Second]))
}

// listProblems writes the bad rows around the cursor.
func (m *Model) listProblems(c *canvas.Canvas, y, w, h int) {
	s := &m.session.Styles
	problems := m.current().Problems
	from, to := canvas.Window(m.problems.Cursor, len(problems), max(0, h))
	for i, p := range problems[from:to] {
		style := s.Text
		if from+i == m.problems.Cursor && m.tiles.Focus == problemPane {
			style = s.Selection
		}
		n := c.Text(0, y+i, w, spot(p), c.Ink(s.Accent))
		c.Text(n+1, y+i, w-n-1, p.Found+", expected "+p.Expected, c.Ink(style))
	}
}

// spot says where a problem is: "line 12, label", "line 3:71", "row 8, text".
func spot(p datasets.Problem) string {
	at := filepath.Base(p.File)
	switch {
	case p.Rows:
		at = strings.TrimSpace(p.Place())
	case p.Line > 0:
		at = "line " + p.Place()
	}
	if p.Column != "" {
		at += ", " + p.Column
	}
	return at
}

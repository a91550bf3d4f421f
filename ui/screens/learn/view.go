package learn

import (
	"fmt"

	"defrost/ui/shared"
	"defrost/ui/widgets/gauge"
)

// shown are the panes of the lab for where the person is, the first for the eye first: where not all
// fit, the last are left out.
func (m *Model) shown() []int {
	c := m.course
	switch {
	case c.outcome != nil:
		return []int{outcomePane, checkPane, figuresPane, chartPane, textPane}
	case c.answered():
		return []int{runsPane, chartPane, askPane, textPane}
	}
	return []int{textPane, askPane, runsPane}
}

// View draws the list of labs, or the one that is open.
func (m *Model) View() string {
	if !m.inside {
		return m.viewList()
	}
	var tiles []shared.Tile
	for _, p := range m.shown() {
		tiles = append(tiles, m.tile(p))
	}
	return m.tiles.View(&m.session.Styles, tiles, 1, 1)
}

// tile is one pane as it is now.
func (m *Model) tile(pane int) shared.Tile {
	c := m.course
	switch pane {
	case textPane:
		t := shared.Tile{Title: c.lab.Title, Least: 5, Weight: 2, View: m.viewText}
		if !c.answered() && !c.asking {
			t.Least, t.Weight = 8, 4
		}
		return t
	case askPane:
		return m.askTile()
	case runsPane:
		return shared.Tile{Title: "runs", Note: m.runsNote(), Column: 1, Least: m.runsLines(), View: m.viewRuns}
	case chartPane:
		t := shared.Tile{Title: m.chartTitle(), Note: "← → reads", Least: 8, Weight: 3, View: func(w, h int) string { return m.chart().View(w, h) }}
		if c.outcome != nil {
			t.Column = 1
		}
		return t
	case outcomePane:
		return shared.Tile{Title: "what came out", Note: word(c.outcome.Prediction.Verdict), Least: 8, Weight: 3, View: m.viewOutcome}
	case figuresPane:
		return shared.Tile{Title: "figures", Note: "on " + c.outcome.Split, Column: 1, Least: len(c.lab.Runs) + 3, View: m.viewFigures}
	}
	return m.checkTile()
}

// viewText is the text of the lab.
func (m *Model) viewText(w, h int) string {
	s := &m.session.Styles
	p := page{w: w}
	p.add(s.Accent, m.course.lab.About)
	for _, text := range m.course.lab.Text {
		p.gap()
		p.add(s.Text, text)
	}
	return p.view(s, h, &m.rolls[textPane])
}

// runsNote is where the runs are.
func (m *Model) runsNote() string {
	c := m.course
	switch {
	case !c.answered():
		return "not before your answer"
	case c.running:
		return fmt.Sprintf("%d of %d", c.at+1, len(c.tracks))
	case c.busy:
		return "..."
	}
	return "stopped"
}

// runsLines are the lines of the pane of the runs.
func (m *Model) runsLines() int {
	if !m.course.answered() {
		return m.roomFor(m.planPage)
	}
	return len(m.course.lab.Runs) + 4
}

// planPage is what will be run and how long that takes, under what is missing for it.
func (m *Model) planPage(p *page) {
	s := &m.session.Styles
	c := m.course
	if c.missing != nil {
		p.add(s.Warn, missingText(c.missing))
		p.gap()
	}
	p.entries(s.Accent, names(c.lab), s.Text, abouts(c.lab))
	p.add(s.Muted, timeText(c.lab))
}

// viewRuns is what will be run, or how far the runs are.
func (m *Model) viewRuns(w, h int) string {
	s := &m.session.Styles
	c := m.course
	p := page{w: w}
	if !c.answered() {
		m.planPage(&p)
		return p.view(s, h, &m.rolls[runsPane])
	}
	switch {
	case c.err != nil && !c.running:
		p.add(s.Bad, c.err.Error())
		p.add(s.Text, "enter goes on")
	case c.running:
		p.add(s.Muted, c.lab.Runs[c.at].About)
		p.add(s.Text, "s stops; esc turns away and the runs go on")
	case c.busy:
		p.add(s.Muted, "one moment...")
	default:
		p.add(s.Text, "enter goes on where the runs were left")
	}
	n := len(c.tracks)
	return m.gauges(w, min(n, h)) + "\n" + p.view(s, max(0, h-n), nil)
}

// gauges are the runs' progress in the styles of their curves.
func (m *Model) gauges(w, h int) string {
	s := &m.session.Styles
	list := gauge.List{Cursor: -1, Styles: s.Gauge(s.Trains)}
	for i, t := range m.course.tracks {
		fill := s.Series[i%len(s.Series)]
		list.Items = append(list.Items, gauge.Item{Label: m.course.lab.Runs[i].Name, Share: t.share(), Text: m.progressOf(i), Fill: &fill})
	}
	return list.View(w, h)
}

// progressOf is how far run i is, in a few words.
func (m *Model) progressOf(i int) string {
	c := m.course
	t := c.tracks[i]
	best := "-"
	if t.judged {
		best = fmt.Sprintf("%.2f", t.best)
	}
	switch {
	case t.finished:
		return "done, best dev " + best
	case c.running && i == c.at && t.steps > 0:
		return fmt.Sprintf("epoch %d of %d, %s left", max(1, t.last.Epoch), t.epochs, span(t.left()))
	case c.running && i == c.at:
		return "preparing"
	case t.last.Step > 0:
		return fmt.Sprintf("stopped at step %d", t.last.Step)
	}
	return "waits"
}

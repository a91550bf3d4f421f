package live

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/confusion"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// wide is where three columns fit.
const wide = 150

// View draws the panes, or the list of runs.
func (m *Model) View() string {
	s := &m.session.Styles
	if m.choosing() {
		return m.tiles.View(s, []shared.Tile{{Title: "runs", Note: "enter opens, R goes on", View: m.viewRuns}})
	}
	third, shares := 1, []int{7, 5}
	w, _ := m.tiles.Size()
	if w >= wide {
		third, shares = 2, []int{5, 4, 4}
	}
	tiles := []shared.Tile{
		lossPane:      {Title: "train loss", Least: 8, Weight: 3, View: func(w, h int) string { return m.lossChart().View(w, h) }},
		statusPane:    {Title: m.run.ID, Note: m.session.Status.Doing(), Footer: m.offer(), Column: third, Least: 8, View: m.viewStatus},
		devPane:       {Title: "dev", Note: m.devNote(), Least: 6, Weight: 2, View: func(w, h int) string { return m.devChart().View(w, h) }},
		eventPane:     {Title: "what happened", Column: third, Least: 4, Weight: 2, View: m.viewEvents},
		flipPane:      {Title: "dev examples that flipped", Note: m.flipNote(), Column: third, Least: 4, Weight: 2, View: m.viewFlips},
		ratePane:      {Title: "learning rate", Column: third - 1, Least: 6, Weight: 1, View: func(w, h int) string { return m.rateChart().View(w, h) }},
		confusionPane: {Title: "confusion on dev", Note: m.confusionNote(), Column: third, Least: 6, View: m.viewConfusion},
	}
	if third == 2 {
		tiles[devPane].Column = 1
	}
	if len(m.story.dev.Written) > 0 {
		tiles[confusionPane].Title, tiles[confusionPane].View = "what it writes on dev", m.viewWritten
	}
	if m.story.started.Pretrains() {
		m.pretrains(tiles)
	}
	return m.tiles.View(s, tiles, shares...)
}

// offer says what can be done with a run that is over.
func (m *Model) offer() string {
	if m.story.result == nil {
		return ""
	}
	return "r again, f what moved, o others"
}

func (m *Model) chart(lines ...chart.Line) chart.Chart {
	x := m.zoom
	if x.Whole() {
		x, _ = m.story.loss.Extent() // all charts show the same steps
	}
	c := chart.Chart{Lines: lines, X: x, Cursor: m.cursor, XName: "step", Styles: m.session.Styles.Chart()}
	if m.session.Plain {
		c.Symbols = chart.ASCII
	}
	return c
}

// lossChart is the loss of every step: band of the raw values, bold smoothed line, and a mark for
// every intervention.
func (m *Model) lossChart() chart.Chart {
	c := m.chart(m.session.Styles.Line(0, "loss", m.story.loss))
	c.Smooth, c.LogY, c.Marks = smoothings[m.smooth], m.logY, m.story.marks
	c.Empty = m.session.Status.Doing() + "..."
	return c
}

func (m *Model) devChart() chart.Chart {
	s := &m.session.Styles
	c := m.chart(s.Line(2, shared.MetricName(m.story.primary()), m.story.score), s.Line(1, "loss", m.story.devLoss))
	c.Lines[0].Dash, c.Lines[1].Dash = 0, 1
	if m.story.started.Pretrains() {
		c.Lines = c.Lines[:1] // the loss is its logarithm
	}
	c.NoBand = true
	c.Empty = "evaluated after each epoch"
	return c
}

func (m *Model) devNote() string {
	if m.story.best.Epoch == 0 {
		return ""
	}
	return fmt.Sprintf("best %s at epoch %d", shared.Score(m.story.scoreOf(m.story.best)), m.story.best.Epoch)
}

func (m *Model) rateChart() chart.Chart {
	c := m.chart(m.session.Styles.Line(3, "rate", m.story.rate))
	c.Lines[0].Dash = 0
	c.NoBand, c.FormatY = true, rate
	return c
}

// rate writes a learning rate on an axis, where 0 is a number.
func rate(v float64) string {
	if v == 0 {
		return "0"
	}
	return number.Rate(v)
}

// viewEvents lists what happened, the newest first.
func (m *Model) viewEvents(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	n := len(m.story.lines)
	m.events.Page = h
	styles := map[tone]lipgloss.Style{plain: s.Text, good: s.Good, bad: s.Bad, person: s.Warn.Bold(true)}
	y := 0
	for i := min(m.events.Cursor, max(0, n-h)); i < n && y < h; i++ {
		l := m.story.lines[n-1-i]
		c.Right(0, y, 5, fmt.Sprint(l.step), c.Ink(s.Muted))
		for _, text := range shared.Wrap(l.text, w-7) {
			c.Text(7, y, w-7, text, c.Ink(styles[l.tone]))
			y++
		}
	}
	return c.String()
}

func (m *Model) flipNote() string {
	right := 0
	for _, f := range m.story.flips {
		if f.Right {
			right++
		}
	}
	if n := len(m.story.flips); n > 0 {
		return fmt.Sprintf("+%d -%d", right, n-right)
	}
	return ""
}

// viewFlips lists dev examples that became right or wrong, the newest first.
func (m *Model) viewFlips(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	n := len(m.story.flips)
	if n == 0 {
		c.Text(0, 0, w, m.story.noFlips(), c.Ink(s.Muted))
	}
	m.flips.Page = h
	for y := 0; y < h; y++ {
		i := n - 1 - y - min(m.flips.Cursor, max(0, n-h))
		if i < 0 {
			break
		}
		f := m.story.flips[i]
		sign, style := "- now wrong ", s.Bad
		if f.Right {
			sign, style = "+ now right ", s.Good
		}
		x := c.Text(0, y, w, sign, c.Ink(style))
		x += c.Text(x, y, w-x, goldOf(f)+" ", c.Ink(s.Muted))
		c.Text(x, y, w-x, f.Text, c.Ink(s.Text))
	}
	return c.String()
}

// goldOf is the right answer; that there is none is one, too.
func goldOf(f engine.Flip) string {
	if f.Gold == "" {
		return "(none)"
	}
	return f.Gold
}

func (m *Model) confusionNote() string {
	if m.story.dev.Epoch == 0 {
		return ""
	}
	return fmt.Sprintf("epoch %d", m.story.dev.Epoch)
}

// viewConfusion counts the dev examples by what they are and what they are taken for.
func (m *Model) viewConfusion(w, h int) string {
	if len(m.story.dev.Confusion) == 0 {
		c := canvas.New(w, h)
		why := "after the first evaluation"
		if m.story.dev.Epoch > 0 {
			why = "for answers that are one of a few"
		}
		c.Text(0, 0, w, why, c.Ink(m.session.Styles.Muted))
		return c.String()
	}
	return confusion.Matrix{
		Labels: m.story.started.Labels, Counts: m.story.dev.Confusion, Row: -1, Column: -1, Styles: m.session.Styles.Confusion(),
	}.View(w, h)
}

// viewRuns lists what is on disk, under a word of how to begin.
func (m *Model) viewRuns(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, 2)
	r := m.session.Recipe
	x := c.Text(0, 0, w, "r", c.Ink(s.Accent))
	c.Text(x+1, 0, w-x-1, fmt.Sprintf("starts training %s on %s; these runs are on disk:", r.Backbone, r.Data), c.Ink(s.Text))
	m.list.Page = max(1, h-4)
	t := table.Table{
		Columns: []table.Column{
			{Title: "run", Flex: 2, Min: 16}, {Title: "trained", Flex: 1}, {Title: "steps", Align: table.Right},
			{Title: "on dev", Align: table.Right}, {Title: "took", Align: table.Right}, {Title: "state", Min: 8},
		},
		Cursor: m.list.Cursor, Empty: "none yet", Styles: s.Table(),
	}
	for _, sum := range m.runs {
		acc, state := "-", "can go on"
		if name, v, ok := shared.DevScore(sum); ok {
			acc = shared.MetricName(name) + " " + shared.Score(v)
		}
		switch {
		case sum.Finished:
			state = "finished"
		case sum.Failed != "":
			state = "failed"
		}
		train := strings.TrimSpace(sum.Recipe.Train + " " + sum.Recipe.Freeze)
		t.Rows = append(t.Rows, []string{sum.ID, train, number.Whole(int64(sum.Steps)), acc, span(sum.Seconds), state})
	}
	return c.String() + "\n" + t.View(w, max(0, h-2))
}

package live

import (
	"fmt"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// pretrains puts what a run that pre-trains has in the place of what it has not: examples that flip,
// and labels.
func (m *Model) pretrains(tiles []shared.Tile) {
	tiles[devPane].Title, tiles[devPane].Note = "held-out text", m.heldNote()
	tiles[flipPane].Title, tiles[flipPane].Note, tiles[flipPane].Least = "tokens per second", "", 6
	tiles[flipPane].View = func(w, h int) string { return m.speedChart(w, h) }
	tiles[confusionPane].Title, tiles[confusionPane].Note, tiles[confusionPane].View = "text", "", m.viewText
}

// heldNote is the best perplexity so far.
func (m *Model) heldNote() string {
	if m.story.best.Epoch == 0 {
		return ""
	}
	return "best perplexity " + shared.Score(m.story.scoreOf(m.story.best))
}

// speedChart is the tokens that each second takes.
func (m *Model) speedChart(w, h int) string {
	c := m.chart(m.session.Styles.Line(1, "tokens/s", m.story.speed))
	c.Smooth, c.FormatY = smoothings[m.smooth], number.Compact
	return c.View(w, h)
}

// viewText says what is read and where the backbone lies.
func (m *Model) viewText(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	start := m.story.started
	total := ""
	if start.Tokens > 0 {
		total = " of " + number.Compact(float64(start.Tokens))
	}
	y := 0
	for _, row := range [][2]string{
		{"corpus", start.Recipe.Data},
		{"texts", fmt.Sprintf("%s, %d more held out", number.Whole(int64(start.Examples.Train)), start.Examples.Dev)},
		{"tokens", number.Compact(float64(m.story.seen)) + total},
		{"asks", map[string]string{"mlm": "masked words (mlm)", "clm": "the next word (clm)", "bilm": "the next word and the one before (bilm)"}[start.Task]},
		{"folder", m.run.Dir},
	} {
		c.Text(0, y, 9, row[0], c.Ink(s.Muted))
		for _, line := range shared.Wrap(row[1], w-10) {
			c.Text(10, y, w-10, line, c.Ink(s.Text))
			y++
		}
	}
	return c.String()
}

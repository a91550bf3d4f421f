package live

import (
	"fmt"
	"strings"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/spark"
)

// viewStatus says where the run is, asks what a key has opened, or gives the result.
func (m *Model) viewStatus(w, h int) string {
	switch {
	case m.asking != "":
		return m.question(w, h)
	case m.typing:
		return m.ratePrompt(w, h)
	case m.story.result != nil:
		return m.outcome(w, h)
	case m.story.failed != nil:
		return m.failure(w, h)
	}
	return m.progress(w, h)
}

// progress is the gauge, the time left, the speed and the figures of now.
func (m *Model) progress(w, h int) string {
	s := &m.session.Styles
	st := m.session.Status
	fill := s.Trains
	if st.Phase == shared.Paused {
		fill = s.Warn
	}
	if st.Stage.Stage != "" && st.Last.Step == 0 {
		return m.preparing(w, h)
	}
	g := gauge.Gauge{Label: "", Share: st.Share(), Text: st.Place(), Styles: s.Gauge(fill)}
	c := canvas.New(w, max(0, h-1))
	muted, text := c.Ink(s.Muted), c.Ink(s.Text)
	y := 0
	row := func(name, value string) {
		c.Text(0, y, 9, name, muted)
		c.Text(10, y, w-10, value, text)
		y++
	}
	if st.Started.Pretrains() {
		row("seen", fmt.Sprintf("%s tokens, %s left", number.Compact(float64(m.story.seen)), span(st.Left())))
	} else {
		row("epoch", fmt.Sprintf("%d of %d, %s left", max(1, st.Last.Epoch), st.Started.Recipe.Epochs, span(st.Left())))
	}
	if st.Phase == shared.Broken {
		c.Text(10, y-1, w-10, "interrupted; R goes on with it", c.Ink(s.Bad))
	}
	row("loss", number.Sig(float64(st.Last.Loss), 4)+", gradient norm "+number.Sig(float64(st.Last.GradNorm), 3))
	row("rate", number.Rate(float64(st.Last.LR)))
	if d := m.story.dev; d.Epoch > 0 {
		row("dev", fmt.Sprintf("%s %s, best %s", shared.MetricName(m.story.primary()), shared.Score(m.story.scoreOf(d)), shared.Score(m.story.scoreOf(m.story.best))))
	}
	_, speed, ok := m.story.speed.Last()
	if ok {
		row("speed", number.Compact(speed)+" tokens/s")
		if y > 0 && w > 32 {
			line := spark.Spark{Values: m.story.speeds, Zero: true, Style: s.Series[1], Bad: s.Bad}.View(w-27, 1)
			return g.View(w, 1) + "\n" + spliced(c, y-1, 27, line)
		}
	}
	return g.View(w, 1) + "\n" + c.String()
}

// preparing is how far the work before the first step is, and how to leave it.
func (m *Model) preparing(w, h int) string {
	s := &m.session.Styles
	at := m.session.Status.Stage
	g := gauge.Gauge{Share: float64(at.Done) / float64(max(1, at.Total)), Text: fmt.Sprintf("%d of %d", at.Done, at.Total), Styles: s.Gauge(s.Trains)}
	c := canvas.New(w, max(0, h-1))
	c.Text(0, 0, w, at.Stage+"...", c.Ink(s.Text))
	c.Text(0, 1, w, "s, then n gives it up", c.Ink(s.Muted))
	return g.View(w, 1) + "\n" + c.String()
}

// spliced is the canvas with a drawing over the right of one of its lines.
func spliced(c *canvas.Canvas, y, x int, part string) string {
	w, h := c.Size()
	lines := canvas.FitLines(c.String(), w, h)
	if y < len(lines) {
		lines[y] = canvas.Fit(lines[y], x, 1) + part
	}
	return strings.Join(lines, "\n")
}

// outcome is the result in words, with what it cost and where it lies.
func (m *Model) outcome(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	f := m.story.result
	y := 0
	for i, text := range verdicts(*f, m.story.primary()) {
		style := s.Text
		if i == 0 {
			style = s.Good
		}
		c.Text(0, y, w, text, c.Ink(style))
		y++
	}
	how := "finished"
	if f.Stopped {
		how = "stopped"
	}
	c.Text(0, y, w, fmt.Sprintf("%s after %d steps, %s", how, f.Steps, span(f.Seconds)), c.Ink(s.Text))
	c.Text(0, y+1, w, fmt.Sprintf("%s of %s parameters learned", number.Compact(float64(f.Trainable)), number.Compact(float64(f.Total))), c.Ink(s.Text))
	c.Text(0, y+2, w, f.Dir, c.Ink(s.Muted))
	return c.String()
}

func (m *Model) failure(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	c.Text(0, 0, w, "the run failed at step "+fmt.Sprint(m.story.failed.Step), c.Ink(s.Bad))
	for i, text := range append(shared.Wrap(firstLine(m.story.failed.Error), w), "R goes on from the last checkpoint") {
		c.Text(0, 1+i, w, text, c.Ink(s.Text))
	}
	return c.String()
}

// question offers the ways to stop or to go back; keeping on is the default.
func (m *Model) question(w, h int) string {
	s := &m.session.Styles
	if m.asking == "rewind" {
		return choices(w, h, s, "go back to a checkpoint?", [][2]string{
			{"enter", "stay here"}, {"b", "the best so far; the optimizer begins anew"}, {"l", "the one written last, exactly as it was"},
		})
	}
	return choices(w, h, s, "stop the run?", [][2]string{
		{"enter", "keep going"}, {"a", "after this step, evaluate and save"}, {"n", "now: save a checkpoint, resume later"},
	})
}

func (m *Model) ratePrompt(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	c.Text(0, 0, w, "new peak learning rate of the backbone", c.Ink(s.Title))
	c.Text(0, 1, 2, ">", c.Ink(s.Accent))
	m.text.Draw(c, 2, 1, w-2, "such as 1e-4", s.Text, s.Muted)
	c.Text(0, 3, w, "now "+number.Rate(float64(m.story.last.LR))+"; the head keeps its ratio; enter sets it, esc does not", c.Ink(s.Muted))
	return c.String()
}

func choices(w, h int, s *shared.Styles, title string, rows [][2]string) string {
	c := canvas.New(w, h)
	c.Text(0, 0, w, title, c.Ink(s.Title))
	for i, r := range rows {
		c.Text(0, i+1, 7, r[0], c.Ink(s.Accent))
		c.Text(7, i+1, w-7, r[1], c.Ink(s.Text))
	}
	return c.String()
}

package learn

import (
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// askTile is the question before the runs, or the answer to it.
func (m *Model) askTile() shared.Tile {
	c := m.course
	t := shared.Tile{Title: "predict first", Note: "nothing runs before", Column: 1, Least: 6, Weight: 3, View: m.viewAsk}
	switch {
	case c.again:
		t.Title, t.Note, t.Least = "start over?", "", againLines
	case c.answered():
		t.Title, t.Note, t.Least, t.Weight = "your prediction", "stays", 5, 1
	case c.asking:
		t.Least = m.roomFor(m.askPage)
	}
	return t
}

// border is the lines of a pane that are not its body, and the cells.
const (
	borderLines = 2
	borderCells = 4
)

// roomFor is the lines that a pane needs to show a whole page, as far as the screen has them.
func (m *Model) roomFor(write func(*page)) int {
	w, h := m.tiles.Size()
	if !m.tiles.Stacked() {
		w /= 2
	}
	p := page{w: w - borderCells}
	write(&p)
	return min(len(p.lines)+borderLines, h*2/3)
}

// viewAsk asks, or shows what was answered.
func (m *Model) viewAsk(w, h int) string {
	s := &m.session.Styles
	c := m.course
	p := page{w: w}
	switch {
	case c.again:
		return m.viewAgain(w, h)
	case c.answered():
		p.add(s.Muted, c.lab.Predict.Ask)
		p.add(s.Text.Bold(true), c.lab.Said(c.progress.Answer))
		return p.view(s, h, &m.rolls[askPane])
	case c.typed() && c.asking:
		return m.viewNumber(w, h)
	}
	m.askPage(&p)
	return p.view(s, h, m.follow(&p, askPane, h))
}

// askPage is the question before the runs with its answers.
func (m *Model) askPage(p *page) {
	s := &m.session.Styles
	q := m.course.lab.Predict
	p.add(s.Text.Bold(true), q.Ask)
	p.gap()
	if q.Number != "" {
		p.add(s.Muted, "Enter lets you type a number of percent.")
		return
	}
	var answers []string
	for _, choice := range q.Choices {
		answers = append(answers, choice.Say)
	}
	m.choices(p, answers)
	p.gap()
	p.add(s.Muted, m.hint("Enter opens the question.", "A digit chooses, enter commits and starts the runs."))
}

// hint is one of two sentences, for a question that is closed or open.
func (m *Model) hint(closed, open string) string {
	if m.course.asking {
		return open
	}
	return closed
}

// choices lists answers with their digits; the one at the cursor has a sign.
func (m *Model) choices(p *page, answers []string) {
	s := &m.session.Styles
	for i, say := range answers {
		sign, style := "  ", s.Text
		if m.course.asking && i == m.course.choice {
			sign, style = "▸ ", s.Selection
		}
		p.entry(s.Accent, sign+digits[i], style, say)
	}
}

// follow scrolls a page so that the answer at the cursor is seen.
func (m *Model) follow(p *page, pane, h int) *shared.List {
	roll := &m.rolls[pane]
	if !m.course.asking {
		return roll
	}
	sign := "▸ " + digits[m.course.choice] + "  "
	for i, l := range p.lines {
		if l.head == sign {
			roll.Cursor = min(max(roll.Cursor, i+2-h), i)
		}
	}
	return roll
}

// viewNumber is the question with a box for a number under it.
func (m *Model) viewNumber(w, h int) string {
	s := &m.session.Styles
	p := page{w: w}
	p.add(s.Text.Bold(true), m.course.lab.Predict.Ask)
	above := min(len(p.lines), max(0, h-numberLines))
	c := canvas.New(w, max(0, h-above))
	c.Text(0, 1, 2, ">", c.Ink(s.Accent))
	m.course.text.Draw(c, 2, 1, w-2, "a number of percent, such as 12", s.Text, s.Muted)
	c.Text(0, 2, w, "Enter commits and starts the runs.", c.Ink(s.Muted))
	if above == 0 {
		return c.String()
	}
	return p.view(s, above, nil) + "\n" + c.String()
}

// numberLines are those of the box, againLines those of the pane that asks whether to start over.
const (
	numberLines = 3
	againLines  = 8
)

// viewAgain asks whether the lab is to begin anew.
func (m *Model) viewAgain(w, h int) string {
	s := &m.session.Styles
	p := page{w: w}
	p.add(s.Text.Bold(true), "Forget your answers and the runs of this lab?")
	p.add(s.Text, "The run folders stay on disk.")
	p.gap()
	p.entry(s.Accent, "enter", s.Text, "keep everything")
	p.entry(s.Accent, "y", s.Text, "start over")
	return p.view(s, h, nil)
}

// checkTile is the question after the runs.
func (m *Model) checkTile() shared.Tile {
	c := m.course
	t := shared.Tile{Title: "check yourself", Column: 1, Least: 6, Weight: 2, View: m.viewCheck}
	switch {
	case c.again:
		t.Title, t.Least = "start over?", againLines
	case c.progress.Check > 0:
		t.Note = "answered"
	case c.asking:
		t.Least = m.roomFor(m.checkPage)
	}
	return t
}

// viewCheck asks, or says whether the answer was right and why.
func (m *Model) viewCheck(w, h int) string {
	if m.course.again {
		return m.viewAgain(w, h)
	}
	p := page{w: w}
	m.checkPage(&p)
	return p.view(&m.session.Styles, h, m.follow(&p, checkPane, h))
}

// checkPage is the question after the runs with its answers, or what they are worth.
func (m *Model) checkPage(p *page) {
	s := &m.session.Styles
	c := m.course
	p.add(s.Text.Bold(true), c.lab.Check.Ask)
	p.gap()
	if c.progress.Check > 0 {
		m.explain(p)
		return
	}
	var answers []string
	for _, o := range c.lab.Check.Choices {
		answers = append(answers, o.Say)
	}
	m.choices(p, answers)
	p.gap()
	p.add(s.Muted, m.hint("Enter opens the question.", "A digit chooses, enter answers."))
}

// explain says whether the answer was right, why, and where to go on.
func (m *Model) explain(p *page) {
	s := &m.session.Styles
	c := m.course
	check, right := c.lab.Check, c.lab.Check.Right()
	if c.progress.Check == right {
		p.entry(s.Good, "right", s.Text, check.Choices[right-1].Say)
	} else {
		p.entry(s.Bad, "not so", s.Muted, check.Choices[c.progress.Check-1].Say)
		p.entry(s.Good, "it is", s.Text, check.Choices[right-1].Say)
	}
	p.add(s.Text, check.Why)
	p.gap()
	for _, text := range c.lab.Next.Try {
		p.entry(s.Accent, "go on", s.Text, text)
	}
	if c.lab.Next.Lab != "" {
		p.entry(s.Accent, "n", s.Text, "next lab: "+c.lab.Next.Lab)
	}
}

package learn

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/shared"
)

// goOn is the next step of a lab: a question, a run, or the next lab.
func (m *Model) goOn() tea.Cmd {
	c := m.course
	switch {
	case c.busy, c.running:
		return shared.Say("the lab is at work; s stops its run")
	case !c.opened:
		return nil
	case !c.answered() && c.missing != nil:
		return shared.Complain(c.missing)
	case !c.answered():
		c.ask(0)
		m.focus(askPane)
	case !c.ran():
		return m.begin()
	case c.outcome == nil:
		return c.judge()
	case c.progress.Check == 0:
		c.ask(0)
		m.focus(checkPane)
	default:
		return m.openNext()
	}
	return nil
}

// ask opens the question that is next.
func (c *course) ask(choice int) {
	c.asking, c.choice = true, choice
	c.text.Set("")
}

// focus gives the focus to a pane that is shown.
func (m *Model) focus(pane int) {
	for i, p := range m.shown() {
		if p == pane {
			m.tiles.Focus = i
		}
	}
}

// answers moves between the answers of the open question and says whether the action did.
func (c *course) answers(a shared.Action) bool {
	if !c.asking {
		return false
	}
	n := len(c.lab.Predict.Choices)
	if c.answered() {
		n = len(c.lab.Check.Choices)
	}
	switch a {
	case "learn.up":
		c.choice--
	case "learn.down":
		c.choice++
	default:
		for i := range digits {
			if a == digitAction(i) {
				if i < n {
					c.choice = i
				}
				return true
			}
		}
		return false
	}
	c.choice = max(0, min(c.choice, n-1))
	return true
}

// commit takes the answer: to the question before the runs, which then start, or to the one after them.
func (m *Model) commit() tea.Cmd {
	c := m.course
	if !c.asking || c.busy {
		return shared.Say("enter opens the question first")
	}
	l, p, answer := c.lab, c.progress, strconv.Itoa(c.choice+1)
	take := l.Answer
	switch {
	case c.answered():
		take = l.CheckAnswer
	case c.typed():
		answer = c.text.String()
	}
	c.busy = true
	return func() tea.Msg {
		p, err := take(p, answer)
		return courseMsg{c, progressNews{p, err}}
	}
}

// progressed takes what was answered; a first answer starts the runs.
func (m *Model) progressed(news progressNews) tea.Cmd {
	c := m.course
	c.busy = false
	if news.err != nil {
		return shared.Complain(news.err)
	}
	first := !c.answered() && news.progress.Answer != ""
	c.progress, c.asking, c.again = news.progress, false, false
	if first {
		m.arrange()
		return m.begin()
	}
	if !c.answered() {
		c.clear()
		m.arrange()
	}
	return m.list()
}

// begin starts the next run, or goes on with one that was left.
func (m *Model) begin() tea.Cmd {
	c := m.course
	if m.session.Training() {
		return shared.Complain(errors.New("a run is training: stop it on the live screen, then enter starts the lab's runs"))
	}
	c.busy, c.err = true, nil
	ctx, halt := context.WithCancel(m.session.Context())
	l, p := c.lab, c.progress
	return func() tea.Msg {
		p, step, err := l.Begin(ctx, p)
		return courseMsg{c, begunNews{p, step, halt, err}}
	}
}

func (m *Model) begun(news begunNews) tea.Cmd {
	c := m.course
	c.busy, c.progress = false, news.progress
	switch {
	case news.err != nil:
		news.halt()
		c.err = news.err
		return shared.Complain(news.err)
	case news.step.Run == nil:
		news.halt()
		return c.judge()
	}
	c.at, c.run, c.running, c.halt = news.step.Index, news.step.Run, true, news.halt
	c.tracks[c.at] = newTrack() // the log of a run that goes on begins with what it did before
	return m.pace.listen(c, c.run, 0)
}

// heard draws events and waits for more; after a run's end comes the next.
func (m *Model) heard(news eventsNews) tea.Cmd {
	c := m.course
	if news.run != c.run {
		return nil
	}
	t := c.tracks[c.at]
	t.take(news.events, c.lab.Measure, c.lab.Chart.Show, c.lab.Chart.Over)
	if !news.done {
		return m.pace.listen(c, c.run, news.next)
	}
	c.running = false
	c.halt()
	if t.finished {
		return m.begin()
	}
	c.err = fmt.Errorf("run %s stopped: %s", c.lab.Runs[c.at].Name, t.failed)
	return m.list()
}

// stop ends the run now; its checkpoint is what enter goes on from.
func (c *course) stop() tea.Cmd {
	if !c.running {
		return shared.Say("no run of this lab is training")
	}
	c.halt()
	return shared.Say("saving a checkpoint and stopping; enter goes on from it")
}

// Busy says that a run of the lab trains, or will in a moment.
func (m *Model) Busy() bool { return m.course != nil && m.course.live() }

// Stop ends the run of the lab; a checkpoint is saved.
func (m *Model) Stop() tea.Cmd { return m.course.stop() }

// Settle waits until the run of a lab that was left has saved its checkpoint, and says how to go on.
func (m *Model) Settle() string {
	c := m.course
	if c == nil || !c.running {
		return ""
	}
	_, _ = c.run.Wait() // an interrupted run ends with an error; its folder holds what counts
	return "lab saved, go on with: " + c.command()
}

// judge computes what came out.
func (c *course) judge() tea.Cmd {
	c.busy = true
	l, p := c.lab, c.progress
	return func() tea.Msg {
		out, err := l.Outcome(p)
		return courseMsg{c, outcomeNews{out, err}}
	}
}

// askAgain asks whether to start over.
func (m *Model) askAgain() tea.Cmd {
	switch c := m.course; {
	case c.running || c.busy:
		return shared.Say("a run of this lab is training; s stops it first")
	case !c.answered():
		return shared.Say("this lab has not begun")
	default:
		c.again = true
	}
	return nil
}

// forget begins the lab anew.
func (m *Model) forget() tea.Cmd {
	c := m.course
	c.busy, c.again = true, false
	l := c.lab
	return func() tea.Msg {
		p, err := l.Again()
		return courseMsg{c, progressNews{p, err}}
	}
}

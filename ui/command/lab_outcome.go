package command

import (
	"context"
	"fmt"

	"defrost/ui/labs"
)

// A lesson is what a lab came to, as programs read it.
type lesson struct {
	Type string `json:"type"` // lab
	labs.Outcome
	Check *checkedAnswer `json:"check,omitempty"` // nil while the question after the runs has no answer
}

// A checkedAnswer is the answer to the question after the runs.
type checkedAnswer struct {
	Answer int    `json:"answer"`
	Right  bool   `json:"right"`
	Why    string `json:"why"`
}

// show says what came out and asks the question after the runs.
func (t *tutor) show(context.Context) error {
	out, err := t.lab.Outcome(t.progress)
	if err != nil {
		return err
	}
	if err := t.figures(out); err != nil {
		return err
	}
	t.verdict(out)
	if err := t.examine(); err != nil {
		return err
	}
	if *t.asJSON {
		return t.p.printJSON(t.lesson(out))
	}
	return nil
}

func (t *tutor) lesson(out labs.Outcome) lesson {
	l := lesson{Type: "lab", Outcome: out}
	if n := t.progress.Check; n > 0 {
		l.Check = &checkedAnswer{n, n == t.lab.Check.Right(), t.lab.Check.Why}
	}
	return l
}

// figures prints the runs with their intervals and what they cost.
func (t *tutor) figures(out labs.Outcome) error {
	if *t.asJSON {
		return nil
	}
	t.say("\nWHAT CAME OUT")
	rows := newTable(t.p.Out, "RUN", fmt.Sprintf("%s on %s, 95%% interval", out.Measure, out.Split), "EXAMPLES", "LEARNS", "TIME", "FOLDER")
	for _, run := range out.Runs {
		m, _ := run.Measure(out.Measure)
		rows.row(run.Name, fmt.Sprintf("%.3f [%.3f, %.3f]", float64(m.Value), float64(m.Low), float64(m.High)), fmt.Sprint(run.Examples),
			amount(run.Trainable)+" of "+amount(run.Total), duration(run.Seconds), run.ID)
	}
	return rows.done()
}

// verdict holds the prediction against the runs and explains.
func (t *tutor) verdict(out labs.Outcome) {
	p := out.Prediction
	t.say("\nYOUR PREDICTION: %s", p.Said)
	t.paragraph(p.Text)
	for _, c := range p.Claims {
		t.say("  %-6s  %s", wordFor(c.Verdict), c.Words)
		if !out.Told(c) {
			t.say("          %s", c.Fact)
		}
	}
	t.say("\nWHAT IT SHOWS")
	for _, s := range out.Shows {
		t.say("  %s: %s", wordFor(s.Verdict), s.Fact)
		t.paragraph(s.Says)
	}
	t.paragraph(labs.OneSeed)
}

// wordFor is a verdict for people.
func wordFor(v labs.Verdict) string {
	return map[labs.Verdict]string{labs.Yes: "yes", labs.No: "no", labs.Chance: "chance"}[v]
}

// examine asks the question after the runs; who gives no answer is told how to.
func (t *tutor) examine() error {
	c := t.lab.Check
	t.say("CHECK YOURSELF\n%s", c.Ask)
	for i, o := range c.Choices {
		t.say("  %d  %s", i+1, o.Say)
	}
	accept := func(answer string) (err error) {
		t.progress, err = t.lab.CheckAnswer(t.progress, answer)
		return err
	}
	if t.check != "" || t.progress.Check == 0 && !*t.asJSON {
		err := t.take("--check", t.check, fmt.Sprintf("1 to %d", len(c.Choices)), accept)
		if err != nil && t.check != "" {
			return err
		}
	}
	if t.progress.Check == 0 {
		t.say("No answer yet: the same command with --check takes it.")
		return nil
	}
	word := "Not so: it is " + fmt.Sprint(c.Right()) + "."
	if t.progress.Check == c.Right() {
		word = "Right."
	}
	t.say("Your answer: %d. %s", t.progress.Check, word)
	t.paragraph(c.Why)
	t.next()
	return nil
}

// next says where to go from here.
func (t *tutor) next() {
	t.say("GO ON")
	for _, line := range t.lab.Next.Try {
		t.say("  - %s", line)
	}
	if t.lab.Next.Lab != "" {
		t.say("  - next lab: defrost lab %s", t.lab.Next.Lab)
	}
}

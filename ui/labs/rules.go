package labs

import (
	"fmt"
	"regexp"
	"strings"
)

// Limits of a lab: more could not be told apart on a screen, fewer compare nothing.
const (
	leastRuns, mostRuns       = 2, 6
	leastChoices, mostChoices = 2, 6
)

// A rule is something that must hold for a lab.
type rule struct {
	at, found, want string
	ok              bool
}

// word is what labs and runs may be called: claims and file names are made of it.
var word = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const wordWanted = "a word of small letters, digits and hyphens"

// rules lists what must hold, in the order of the file.
func (l Lab) rules() []rule {
	list := []rule{
		{"$.name", quoted(l.Name), wordWanted, word.MatchString(l.Name)},
		text("$.title", l.Title), text("$.about", l.About),
		{"$.seconds", fmt.Sprint(l.Seconds), "0 (not measured) or more", l.Seconds >= 0},
		amount("$.text", len(l.Text), 1, 12, "paragraphs"),
		amount("$.runs", len(l.Runs), leastRuns, mostRuns, "runs"),
	}
	for i, p := range l.Text {
		list = append(list, text(fmt.Sprintf("$.text[%d]", i), p))
	}
	for i, run := range l.Runs {
		at := fmt.Sprintf("$.runs[%d]", i)
		list = append(list,
			rule{at + ".name", quoted(run.Name), wordWanted, word.MatchString(run.Name)},
			rule{at + ".name", quoted(run.Name), "a name no other run has", l.Index(run.Name) == i},
			text(at+".about", run.About))
	}
	list = append(list,
		rule{"$.measure", quoted(l.Measure), "a figure of which more is better", l.Measure != "loss"},
		oneOf("$.chart.show", l.Chart.Show, "measure", "loss", "dev_loss"),
		oneOf("$.chart.over", l.Chart.Over, "step", "time", "tokens"))
	list = append(list, l.predictRules()...)
	list = append(list, l.showRules()...)
	return append(list, l.checkRules()...)
}

func (l Lab) predictRules() []rule {
	q := l.Predict
	list := []rule{text("$.predict.ask", q.Ask)}
	if q.Number != "" {
		_, err := l.parseValue(q.Number)
		return append(list,
			rule{"$.predict.number", quoted(q.Number), `a run, or "a - b" of two runs of this lab`, err == nil},
			rule{"$.predict.choices", fmt.Sprintf("%d answers beside a number", len(q.Choices)), "one of the two", len(q.Choices) == 0})
	}
	list = append(list, amount("$.predict.choices", len(q.Choices), leastChoices, mostChoices, "answers, or a number"))
	for i, c := range q.Choices {
		at := fmt.Sprintf("$.predict.choices[%d]", i)
		list = append(list, text(at+".say", c.Say), amount(at+".claims", len(c.Claims), 1, mostRuns*mostRuns, "claims"))
		for j, claim := range c.Claims {
			list = append(list, l.claimRule(fmt.Sprintf("%s.claims[%d]", at, j), claim))
		}
	}
	return list
}

func (l Lab) claimRule(at, claim string) rule {
	_, err := l.parseClaim(claim)
	return rule{at, quoted(claim), `"a > b" or "a ~ b" of two runs of this lab`, err == nil}
}

func (l Lab) showRules() []rule {
	list := []rule{amount("$.shows", len(l.Shows), 1, 15, "comparisons")}
	for i, s := range l.Shows {
		at := fmt.Sprintf("$.shows[%d]", i)
		c, err := l.parseClaim(s.Claim)
		list = append(list,
			rule{at + ".claim", quoted(s.Claim), `"a > b" of two runs of this lab`, err == nil && c.better},
			text(at+".yes", s.Yes), text(at+".no", s.No), text(at+".chance", s.Chance))
	}
	return list
}

func (l Lab) checkRules() []rule {
	c, right := l.Check, 0
	list := []rule{text("$.check.ask", c.Ask), amount("$.check.choices", len(c.Choices), leastChoices, mostChoices, "answers")}
	for i, o := range c.Choices {
		list = append(list, text(fmt.Sprintf("$.check.choices[%d].say", i), o.Say))
		if o.Right {
			right++
		}
	}
	return append(list,
		rule{"$.check.choices", fmt.Sprintf("%d right answers", right), "exactly one", right == 1},
		text("$.check.why", c.Why),
		rule{"$.next.lab", quoted(l.Next.Lab), "the name of another lab", l.Next.Lab == "" || word.MatchString(l.Next.Lab) && l.Next.Lab != l.Name})
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func text(at, s string) rule {
	return rule{at, quoted(s), "some text", strings.TrimSpace(s) != ""}
}

func amount(at string, n, least, most int, of string) rule {
	return rule{at, fmt.Sprintf("%d", n), fmt.Sprintf("%d to %d %s", least, most, of), n >= least && n <= most}
}

func oneOf(at, s string, choices ...string) rule {
	for _, c := range choices {
		if s == c {
			return rule{ok: true}
		}
	}
	return rule{at, quoted(s), strings.Join(choices, ", "), false}
}

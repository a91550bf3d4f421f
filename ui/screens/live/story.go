package live

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/number"
)

// A tone says how a line of the event list is meant.
type tone int

const (
	plain tone = iota
	good
	bad
	person // somebody steered
)

// A line is one entry of the event list.
type line struct {
	step int
	text string
	tone tone
}

// A story is a run as its events tell it.
type story struct {
	loss, devLoss, score, rate, speed *chart.Series
	speeds                            []float64 // tokens per second, recent
	marks                             []chart.Mark
	lines                             []line // oldest first
	flips                             []engine.Flip
	judged                            int // evaluations of the dev split
	started                           engine.Started
	last                              engine.Step
	seen                              int              // tokens
	dev                               engine.Evaluated // newest on the dev split
	best                              engine.Evaluated
	result                            *engine.Finished
	failed                            *engine.Failed
}

func newStory() story {
	return story{loss: &chart.Series{}, devLoss: &chart.Series{}, score: &chart.Series{}, rate: &chart.Series{}, speed: &chart.Series{}}
}

// mostFlips bounds the flips that are kept; mostSpeeds the recent speeds.
const (
	mostFlips  = 500
	mostSpeeds = 120
)

func (s *story) take(events []engine.Event) {
	for _, e := range events {
		switch e := e.(type) {
		case engine.Step:
			s.step(e)
		case engine.Evaluated:
			s.evaluated(e)
		case engine.Steered:
			s.steered(e)
		case engine.Thawed:
			s.thawed(e)
		default:
			s.other(e)
		}
	}
}

// other takes what happens at most a few times in a run.
func (s *story) other(e engine.Event) {
	switch e := e.(type) {
	case engine.Started:
		s.started, s.failed = e, nil
		verb := "started"
		if e.Resumed > 0 {
			verb = "resumed"
		}
		if e.Pretrains() {
			s.say(e.Resumed, plain, "%s: %s learns %s from %s, %d texts", verb, filepath.Base(e.Recipe.Backbone), e.Task, e.Recipe.Data, e.Examples.Train)
			return
		}
		s.say(e.Resumed, plain, "%s: %s on %s, %d examples, %d steps", verb, e.Recipe.Backbone, e.Recipe.Data, e.Examples.Train, e.Steps)
	case engine.Loaded:
		if s.started.Pretrains() {
			s.say(s.started.Resumed, plain, "%s of %s learn", number.Compact(float64(e.Trainable)), number.Compact(float64(e.Total)))
			return
		}
		s.say(0, plain, "loaded %d tensors, %d new; %s of %s learn", e.Report.Loaded, len(e.Report.Fresh),
			number.Compact(float64(e.Trainable)), number.Compact(float64(e.Total)))
	case engine.Note:
		s.say(e.Step, plain, "%s", e.Text)
	case engine.Finished:
		s.result = &e
		s.say(e.Steps, good, "finished after %s", span(e.Seconds))
	case engine.Failed:
		s.failed = &e
		s.say(e.Step, bad, "%s", firstLine(e.Error))
	}
}

func (s *story) step(e engine.Step) {
	x := float64(e.Step)
	s.last, s.seen = e, s.seen+e.Tokens
	s.loss.Add(x, float64(e.Loss))
	s.rate.Add(x, float64(e.LR))
	if e.Took > 0 {
		v := float64(e.Tokens) / e.Took
		s.speed.Add(x, v)
		s.speeds = append(s.speeds, v)
		s.speeds = s.speeds[max(0, len(s.speeds)-mostSpeeds):]
	}
}

func (s *story) evaluated(e engine.Evaluated) {
	text := fmt.Sprintf("%s %s%s, loss %s", shared.MetricName(s.primary()), shared.Score(s.scoreOf(e)), exact(e.Metrics, ""), number.Sig(float64(e.Loss), 2))
	if e.Split != "dev" {
		s.say(e.Step, plain, "%s %s", e.Split, text)
		return
	}
	s.dev = e
	s.devLoss.Add(float64(e.Step), float64(e.Loss))
	s.score.Add(float64(e.Step), float64(s.scoreOf(e)))
	when := fmt.Sprintf("epoch %d", e.Epoch)
	if s.started.Pretrains() {
		when = "held out"
	}
	if e.Best {
		s.best = e
		s.say(e.Step, good, "%s: %s, best", when, text)
	} else {
		s.say(e.Step, plain, "%s: %s", when, text)
	}
	s.judged++
	s.flips = append(s.flips, e.Flips...)
	s.flips = s.flips[max(0, len(s.flips)-mostFlips):]
}

// primary is the metric that the run is judged by, and scoreOf what an evaluation says it is.
func (s *story) primary() string                          { return s.started.JudgedBy() }
func (s *story) scoreOf(e engine.Evaluated) engine.Number { return e.Metrics[s.primary()] }

// letters are the marks that interventions leave on the curve; going on after a pause needs none.
var letters = map[string]rune{"pause": 'P', "step": '.', "lr": 'L', "freeze": 'F', "thaw": 'T', "save": 'S', "rewind": 'W', "stop": 'X'}

func (s *story) steered(e engine.Steered) {
	if e.Action == "rewind" {
		s.rewind(float64(e.Step))
	}
	if letter, ok := letters[e.Action]; ok {
		s.marks = append(s.marks, chart.Mark{X: float64(e.Step), Letter: letter})
	}
	s.say(e.Step, person, "you: %s", strings.TrimSpace(e.Action+" "+e.Value))
}

// rewind takes what was given up off the curves; the list keeps it.
func (s *story) rewind(x float64) {
	for _, curve := range []*chart.Series{s.loss, s.devLoss, s.score, s.rate, s.speed} {
		curve.Rewind(x)
	}
	s.marks = slices.DeleteFunc(s.marks, func(m chart.Mark) bool { return m.X > x })
}

func (s *story) thawed(e engine.Thawed) {
	if e.Why == "person" {
		return // the Steered event says it
	}
	s.marks = append(s.marks, chart.Mark{X: float64(e.Step), Letter: 'G'})
	learns := 0
	for _, l := range e.Layers {
		if !l.Frozen() {
			learns++
		}
	}
	s.say(e.Step, plain, "epoch %d: %d of %d layers learn (%s)", e.Epoch, learns, len(e.Layers), e.Why)
}

func (s *story) say(step int, t tone, format string, args ...any) {
	s.lines = append(s.lines, line{step, fmt.Sprintf(format, args...), t})
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

// noFlips says why no dev example changed between right and wrong.
func (s *story) noFlips() string {
	switch {
	case s.started.Task == "regress":
		return "a score is near or far, not right or wrong"
	case s.judged < 2:
		return "none before the second evaluation"
	}
	return "none so far"
}

package compare

import (
	"defrost/engine"
	"defrost/ui/widgets/chart"
)

// An axis is what curves are drawn over.
type axis int

const (
	overSteps axis = iota
	overTime
	overTokens
	axes
)

func (a axis) String() string { return [...]string{"step", "time", "tokens"}[a] }

// curves are a run's curves over one axis.
type curves struct{ loss, devLoss, dev *chart.Series }

// A track is a run as its events draw it, over every axis at once so that changing it is free.
type track struct {
	name   string // short, where the comparison gave one; else the run's id
	dir    string
	run    *engine.Run // nil until it begins
	curves [axes]curves
	at     [axes]float64 // where the run is now
	judged bool          // it was evaluated, or has ended

	judgedBy string // metric of the dev curve
}

func newTrack(run *engine.Run) *track { return blankTrack(run.ID, run.Dir).begin(run) }

// begin is the track of the run that has begun in the same place, without a curve yet.
func (t *track) begin(run *engine.Run) *track {
	fresh := blankTrack(t.name, t.dir)
	fresh.run = run
	return fresh
}

// blankTrack is that of a run that has not begun.
func blankTrack(name, dir string) *track {
	t := &track{name: name, dir: dir}
	for i := range t.curves {
		t.curves[i] = curves{&chart.Series{}, &chart.Series{}, &chart.Series{}}
	}
	return t
}

// take adds events and says whether the comparison may have changed: a better evaluation was written,
// or the run has ended.
func (t *track) take(events []engine.Event) (news bool) {
	for _, e := range events {
		switch e := e.(type) {
		case engine.Started:
			t.judgedBy = e.JudgedBy()
		case engine.Step:
			t.step(e)
		case engine.Evaluated:
			t.evaluated(e)
			t.judged, news = true, true
		case engine.Steered:
			t.rewind(e)
		case engine.Finished, engine.Failed:
			t.judged, news = true, true
		}
	}
	return news
}

func (t *track) step(e engine.Step) {
	t.at = [axes]float64{overSteps: float64(e.Step), overTime: e.Seconds, overTokens: t.at[overTokens] + float64(e.Tokens)}
	for i, x := range t.at {
		t.curves[i].loss.Add(x, float64(e.Loss))
	}
}

func (t *track) evaluated(e engine.Evaluated) {
	if e.Split != "dev" {
		return
	}
	for i, x := range t.at {
		t.curves[i].devLoss.Add(x, float64(e.Loss))
		t.curves[i].dev.Add(x, float64(e.Metrics[t.judgedBy]))
	}
}

// rewind takes what a person gave up off the curves over steps; time and tokens were spent.
func (t *track) rewind(e engine.Steered) {
	if e.Action != "rewind" {
		return
	}
	c := t.curves[overSteps]
	for _, curve := range []*chart.Series{c.loss, c.devLoss, c.dev} {
		curve.Rewind(float64(e.Step))
	}
}

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
type curves struct{ loss, devLoss, accuracy *chart.Series }

// A track is a run as its events draw it, over every axis at once so that changing it is free.
type track struct {
	run    *engine.Run
	curves [axes]curves
	at     [axes]float64 // where the run is now
}

func newTrack(run *engine.Run) *track {
	t := &track{run: run}
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
		case engine.Step:
			t.step(e)
		case engine.Evaluated:
			t.evaluated(e)
			news = true
		case engine.Finished:
			news = true
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
		t.curves[i].accuracy.Add(x, float64(e.Metrics["accuracy"]))
	}
}

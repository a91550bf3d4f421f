package engine

import "time"

// measureEvery is the time between two looks at how far layers have moved during an epoch; looking
// may take at most one part in measureShare of the time, for it reads all initial weights again.
const (
	measureEvery = 2 * time.Second
	measureShare = 50
)

// A glance is when the layers were measured last, and how long that took.
type glance struct {
	at   time.Time
	cost time.Duration
}

// measureNowAndThen tells gradient norms and drift between two evaluations.
func (t *trainer) measureNowAndThen() error {
	began := time.Now()
	if t.glance.at.IsZero() {
		t.glance.at = began // the first steps move nothing worth a look
	}
	if began.Sub(t.glance.at) < max(measureEvery, measureShare*t.glance.cost) {
		return nil
	}
	layers, err := t.drifted()
	if err != nil {
		return err
	}
	t.glance = glance{time.Now(), time.Since(began)}
	if t.step > t.replayed {
		t.emit(Measured{Step: t.step, Layers: layers})
	}
	return nil
}

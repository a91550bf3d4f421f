package engine

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

func TestLayersAreMeasuredBetweenEvaluations(t *testing.T) {
	r := smallRecipe(t)
	r.Freeze = "encoder.0"
	f, err := createFolder(filepath.Join(t.TempDir(), "run"), r)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	var events []Event
	tr := &trainer{r: r, folder: f, wheel: &Wheel{}, seen: map[string]bool{}, publish: func(e Event) { events = append(events, e) }}
	if err := tr.prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := tr.walk(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if got := of[Measured](events); len(got) > 0 {
		t.Fatalf("measured %d times before it was due", len(got))
	}
	tr.glance.at = time.Now().Add(-time.Hour)
	if err := tr.measureNowAndThen(); err != nil {
		t.Fatal(err)
	}
	got := of[Measured](events)
	if len(got) != 1 || got[0].Step != 2 {
		t.Fatalf("got %+v, want one look at step 2", got)
	}
	for _, l := range got[0].Layers {
		if frozen := l.Name == "encoder.0"; (l.Drift == 0) != frozen || (l.GradNorm == 0) != frozen {
			t.Errorf("%s moved by %v with gradient %v, want exactly 0 where frozen and only there", l.Name, l.Drift, l.GradNorm)
		}
	}
}

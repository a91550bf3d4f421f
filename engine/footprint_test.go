package engine

import (
	"context"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/enginetest"
)

func TestMemoryIsKnownBeforeWeightsAreRead(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		m, err := OpenModel(context.Background(), enginetest.Backbone(t, family))
		if err != nil {
			t.Fatal(err)
		}
		got := m.Footprint().Weights
		if err := m.Load(1, false); err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, p := range backbone.Params(m.bb) {
			want += 4 * len(p.Value)
		}
		if got != want || got != m.Card().Footprint().Total() {
			t.Errorf("got %d bytes, and %d of the card, want the %d of the weights", got, m.Card().Footprint().Total(), want)
		}
	})
}

func TestWhatIsTooLargeDoesNotFit(t *testing.T) {
	free, known := FreeMemory()
	if !known {
		t.Skip("this system does not tell what memory is free")
	}
	if free < 1<<20 || free > 1<<50 {
		t.Fatalf("got %d bytes of free memory, want a plausible number", free)
	}
	for _, c := range []struct {
		weights      int
		predict, all bool
	}{{1 << 10, true, true}, {free / 2, true, false}, {4 * free, false, false}} {
		needs := Memory{Weights: c.weights}.Needs()
		if needs[0].Fits != c.predict || needs[1].Fits != c.all {
			t.Errorf("%d of %d bytes: got fits %v for prediction and %v for training, want %v and %v",
				c.weights, free, needs[0].Fits, needs[1].Fits, c.predict, c.all)
		}
	}
}

func TestMeminfoIsRead(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
		ok   bool
	}{
		{"MemTotal:       16384000 kB\nMemFree: 1 kB\nMemAvailable:    8192 kB\nBuffers: 5 kB\n", 8192 << 10, true},
		{"MemTotal:       16384000 kB\n", 0, false},
		{"MemAvailable:   lots\n", 0, false},
		{"", 0, false},
	} {
		if got, ok := availableIn(c.text); got != c.want || ok != c.ok {
			t.Errorf("%q: got %d, %v, want %d, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

package engine

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/enginetest"
)

// weightsOf are the weights of a model by name.
func weightsOf(m *Model) map[string][]float32 {
	values := map[string][]float32{}
	for _, p := range backbone.Params(m.bb) {
		values[p.Name] = slices.Clone(p.Value)
	}
	return values
}

// opened is the small BERT with its pre-trained weights, shuffled with a seed unless that is 0.
func opened(t *testing.T, dir string, seed int64) map[string][]float32 {
	t.Helper()
	m, err := OpenModel(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Load(1, false); err != nil {
		t.Fatal(err)
	}
	if seed != 0 {
		m.shuffle(seed)
	}
	return weightsOf(m)
}

func TestShufflingKeepsTheNumbersAndLosesTheirOrder(t *testing.T) {
	dir := enginetest.Bert(t)
	asIs, mixed, again, other := opened(t, dir, 0), opened(t, dir, 1), opened(t, dir, 1), opened(t, dir, 2)
	for name, want := range asIs {
		got := mixed[name]
		if !slices.Equal(got, again[name]) {
			t.Errorf("%s: the same seed gave another order", name)
		}
		if slices.Max(want) != slices.Min(want) && (slices.Equal(got, want) || slices.Equal(got, other[name])) {
			t.Errorf("%s: the order is that of the file or of another seed", name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the numbers are not the same ones", name)
		}
	}
}

// TestShuffledBackboneThatIsFrozenDoesNotMove fails when the distance from the start is measured from
// another start.
func TestShuffledBackboneThatIsFrozenDoesNotMove(t *testing.T) {
	r := smallRecipe(t)
	r.Shuffled, r.Train = true, "last:1"
	evaluated := of[Evaluated](fitted(t, r))
	moved := 0
	for _, l := range evaluated[0].Layers {
		if l.Frozen() && l.Drift != 0 {
			t.Errorf("%s is frozen and moved by %v, want 0", l.Name, l.Drift)
		}
		if !l.Frozen() && l.Drift > 0 && l.Drift < 1 {
			moved++
		}
	}
	if moved == 0 {
		t.Errorf("got %+v, want layers that learn to have moved a little", evaluated[0].Layers)
	}
}

func TestShuffledRunGoesOnWhereItWas(t *testing.T) {
	r := smallRecipe(t)
	r.Shuffled = true
	want := losses(fitted(t, r))
	ctx, cancel := context.WithCancel(context.Background())
	run, err := Start(ctx, r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
	if err != nil {
		t.Fatal(err)
	}
	<-run.Log.Wait(4)
	cancel()
	_, _ = run.Wait()
	if run, err = Resume(context.Background(), run.Dir); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	past, _, err := reopen(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := losses(past); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnlyPretrainedWeightsCanBeShuffled(t *testing.T) {
	for _, edit := range []func(*Recipe){func(r *Recipe) { r.Scratch = true }, func(r *Recipe) { r.From = "run-01" }} {
		r := Defaults()
		r.Shuffled = true
		edit(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), "shuffled is true, expected pre-trained weights") {
			t.Errorf("got %v, want it to refuse to shuffle", err)
		}
	}
}

package engine

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestRunWithMeansResumesAsIfNothingHadHappened(t *testing.T) {
	r := smallRecipe(t)
	r.Average = 0.9
	resumesAsIfNothingHadHappened(t, r)
	resumes(t, r) // after some steps, from which on means and weights are apart
}

// TestMeansAreJudgedAndKept: training goes on from the weights, what is judged and kept is their
// mean, and what is frozen is the same in both.
func TestMeansAreJudgedAndKept(t *testing.T) {
	plain := smallRecipe(t)
	plain.Train, plain.Epochs = "last:1", 3
	r := plain
	r.Average = 0.9
	events, want := fitted(t, r), fitted(t, plain)
	steps, wantSteps := of[Step](events), of[Step](want)
	for i := range wantSteps {
		if steps[i].Loss != wantSteps[i].Loss {
			t.Fatalf("step %d: got loss %v, want %v as without means", i+1, steps[i].Loss, wantSteps[i].Loss)
		}
	}
	got, without := of[Evaluated](events)[0], of[Evaluated](want)[0]
	if got.Loss == without.Loss {
		t.Errorf("got dev loss %v as without means, want that of the means", got.Loss)
	}
	best, last := savedWeights(t, events, "best"), savedWeights(t, events, "last")
	for name, learns := range map[string]bool{"classifier.weight": true, "encoder.layer.0.output.dense.weight": false} {
		if len(last[name]) == 0 {
			t.Fatalf("got no %s in the checkpoint", name)
		}
		if moved := !slices.Equal(best[name], last[name]); moved != learns {
			t.Errorf("%s: got %v for a mean apart from the weights, want %v", name, moved, learns)
		}
	}
}

// savedWeights are the tensors of a checkpoint of a finished run.
func savedWeights(t *testing.T, events []Event, kind string) map[string][]float32 {
	t.Helper()
	src, err := openFile(filepath.Join(of[Finished](events)[0].Dir, checkpointsDir, kind, weightsFile))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	out := map[string][]float32{}
	for _, info := range src.Tensors() {
		w := make([]float32, info.Len())
		if err := src.Read(info.Name, w); err != nil {
			t.Fatal(err)
		}
		out[info.Name] = w
	}
	return out
}

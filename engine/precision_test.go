package engine

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"defrost/engine/enginetest"
	"defrost/engine/gemm"
)

func TestRunsInBF16ResumeAsIfNothingHadHappened(t *testing.T) {
	for _, precision := range []string{"bf16", "bf16-frozen"} {
		for _, family := range enginetest.Families() {
			t.Run(fmt.Sprint(precision, " ", family), func(t *testing.T) {
				r := familyRecipe(t, family)
				r.Precision = precision
				resumes(t, r)
			})
		}
	}
}

func TestRunsInBF16DoNotDependOnThreadsOrInstructions(t *testing.T) {
	defer SetThreads(Threads())
	r := smallRecipe(t)
	r.Precision = "bf16"
	var want []Number
	for _, isa := range gemm.ISAs() {
		if isa == "portable" {
			continue // its exp and tanh differ in the last bits
		}
		restore := gemm.Use(isa)
		for _, threads := range []int{1, 3} {
			SetThreads(threads)
			got := losses(fitted(t, r))
			if want == nil {
				want = got
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s (%s) on %d threads: got other numbers than before", isa, gemm.BF16(), threads)
			}
		}
		restore()
	}
}

// TestLayersFrozenInBF16DoNotMove trains above and below frozen layers, with and without the memory
// of what the prefix says.
func TestLayersFrozenInBF16DoNotMove(t *testing.T) {
	for _, c := range []struct {
		train, freeze string
		moves         map[string]bool
	}{
		{"head", "", map[string]bool{"head": true}},
		{"last:1", "", map[string]bool{"encoder.1": true, "head": true}},
		{"all", "encoder.1", map[string]bool{"embeddings": true, "encoder.0": true, "head": true}},
	} {
		r := smallRecipe(t)
		r.Train, r.Freeze, r.Epochs = c.train, c.freeze, 3
		exact := losses(fitted(t, r))
		r.Precision = "bf16-frozen"
		events := fitted(t, r)
		for _, e := range of[Evaluated](events) {
			for _, l := range e.Layers {
				if moved := l.Drift != 0; moved != c.moves[l.Name] {
					t.Errorf("train %q freeze %q: got drift %v of %s, want movement %v", c.train, c.freeze, l.Drift, l.Name, c.moves[l.Name])
				}
			}
		}
		with := losses(events)
		if r.Cache = false; !reflect.DeepEqual(with, losses(fitted(t, r))) {
			t.Errorf("train %q freeze %q: losses with the memory of the prefix differ from those without", c.train, c.freeze)
		}
		if with[0] == exact[0] {
			t.Errorf("train %q freeze %q: got the loss %v of float32, want one of rounded factors", c.train, c.freeze, with[0])
		}
	}
}

// TestThawedLayersAreExactInBF16Frozen: with nothing frozen there is nothing to round.
func TestThawedLayersAreExactInBF16Frozen(t *testing.T) {
	r := smallRecipe(t)
	want := losses(fitted(t, r))
	r.Precision = "bf16-frozen"
	if got := losses(fitted(t, r)); !reflect.DeepEqual(got, want) {
		t.Errorf("got losses %v with nothing frozen, want those of float32 %v", got, want)
	}
	r.Gradual, r.Epochs = 1, 4
	with := losses(fitted(t, r))
	if r.Cache = false; !reflect.DeepEqual(with, losses(fitted(t, r))) {
		t.Error("thawing layer by layer, losses with the memory of the prefix differ from those without")
	}
}

func TestRunsPredictInTheNumbersTheyWereJudgedIn(t *testing.T) {
	for _, precision := range Precisions() {
		r := smallRecipe(t)
		r.Precision, r.Train, r.LR, r.Epochs, r.Dropout = precision, "last:1", 0.002, 4, 0
		run := learnsAndRepeats(t, r)
		p, err := OpenPredictor(run.Dir)
		if err != nil {
			t.Fatal(err)
		}
		got := len(p.model.inBF16())
		p.model.setPrecision("bf16")
		all := len(p.model.inBF16())
		if want := map[string]int{"f32": 0, "bf16-frozen": all - 6, "bf16": all}[precision]; got != want { // a layer has six
			t.Errorf("%s: got %d matrices in bfloat16, want %d of %d", precision, got, want, all)
		}
	}
}

func TestPrecisionsThatDoNotExistAreRefused(t *testing.T) {
	r := Defaults()
	r.Precision = "int8"
	if err := r.Check(); err == nil || !strings.Contains(err.Error(), "precision is int8, expected f32, bf16-frozen or bf16") {
		t.Errorf("got error %v, want one that lists the precisions", err)
	}
}

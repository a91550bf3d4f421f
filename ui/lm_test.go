package ui

import (
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// TestLanguageModelsTrainFromKeyPresses goes on with the pre-training of a causal and of a masked
// model on what the films' reviews say, and lets the causal one write.
func TestLanguageModelsTrainFromKeyPresses(t *testing.T) {
	for _, family := range []string{"gpt2", "bert"} {
		t.Run(family, func(t *testing.T) {
			d := drive(t)
			r := &d.app.session.Recipe
			r.Scratch, r.Epochs, r.Limit, r.MaxLength, r.Data, r.Train = false, 1, 64, 32, "films", "all"
			d.Press("o").Type(enginetest.Backbone(t, family)).Press("enter").settle()
			d.Press("4")
			for range 20 {
				if strings.Contains(cursorLine(d), "▸ task") {
					break
				}
				d.Press("j")
			}
			for range 20 {
				if d.app.session.Recipe.Task == "lm" {
					break
				}
				d.Press("right")
			}
			if got := d.app.session.Recipe.Task; got != "lm" {
				t.Fatalf("got task %q from the form, want lm", got)
			}
			d.Press("r")
			d.until(func() bool { return d.app.session.Status.Result.Steps > 0 }, "the result of "+family)
			d.settle().Press("5").Expect("perplexity")
			if family == "gpt2" {
				d.Press("7").settle().Expect("what comes next")
				d.Press("enter").settle().Expect("written on")
			}
		})
	}
}

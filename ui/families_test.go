package ui

import (
	"testing"

	"defrost/engine/enginetest"
)

// TestEveryFamilyTrainsFromKeyPresses opens a small random model of each family by its folder and
// trains it on the films and on the help desk's topics, the head alone.
func TestEveryFamilyTrainsFromKeyPresses(t *testing.T) {
	for _, family := range enginetest.Families() {
		for _, data := range []string{"films", "helpdesk"} {
			t.Run(family+" on "+data, func(t *testing.T) {
				d := drive(t)
				r := &d.app.session.Recipe
				r.Scratch, r.Epochs, r.Limit, r.MaxLength, r.Data, r.Train = false, 1, 32, 16, data, "head"
				d.Press("o").Type(enginetest.Backbone(t, family)).Press("enter").settle()
				d.Press("r")
				d.until(func() bool { return d.app.session.Status.Result.Steps == 2 }, "the result of "+family)
				d.settle().Press("5").Expect("finished after 2 steps").Expect("dev accuracy")
			})
		}
	}
}

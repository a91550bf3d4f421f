package ui

import (
	"testing"

	"defrost/engine/enginetest"
	"defrost/ui/shared"
)

// TestAnsweringFromKeyPresses takes questions, looks at one over its text with the answer marked,
// trains, reads how many answers are right and asks a question of its own.
func TestAnsweringFromKeyPresses(t *testing.T) {
	d := drive(t)
	r := &d.app.session.Recipe
	r.Backbone, r.Scratch, r.Epochs, r.MaxLength, r.Batch, r.LR, r.HeadLR = enginetest.Bert(t), false, 6, 32, 8, 0.005, 0.01
	d.do(shared.OpenModel(d.app.session.Context(), r.Backbone))
	d.settle().Press("3", "o").Type(enginetest.Asked(t, 40)).Press("enter").Expect("120 examples in").Press("enter").Expect("qa")
	d.Press("down").Expect("very").Expect("[")
	d.Press("r")
	d.until(func() bool { return d.app.session.Status.Phase == shared.Finished }, "the end of the run")
	d.settle().Press("5").Expect("f1").Expect("exact")
	d.Press("7").Press("i", "ctrl+u").Type("very").Press("enter").Expect("write | for it")
	d.Press("i", "ctrl+u").Type("very|the film was lovely and the book was ugly").Press("enter")
	d.Expect("the film was lovely and the book was ugly").Refuse("write | for it")
	d.Press("d").Expect("an example of").Expect("very|the").Press("d", "d").Expect("the text does not answer")
}

package ui

import (
	"strings"
	"testing"

	"defrost/engine/enginetest"
	"defrost/ui/shared"
)

// TestTranslatingFromKeyPresses takes data with translations, looks at an example beside its
// translation, trains, reads what is written on the way and asks for a translation with what each of
// its words was written from.
func TestTranslatingFromKeyPresses(t *testing.T) {
	d := drive(t)
	r := &d.app.session.Recipe
	r.Backbone, r.Scratch, r.Epochs, r.MaxLength, r.Batch, r.LR, r.HeadLR = enginetest.Bert(t), false, 12, 24, 4, 0.003, 0.005
	d.do(shared.OpenModel(d.app.session.Context(), r.Backbone))
	d.settle().Press("3", "o").Type(enginetest.Translated(t, 120)).Press("enter").Expect("120 examples in").Press("enter").Expect("translate")
	d.Expect("était")
	d.Press("r")
	d.until(func() bool { return d.app.session.Status.Phase == shared.Finished }, "the end of the run")
	d.settle().Press("5").Expect("chrf").Expect("what it writes on dev").Expect("était")
	d.Press("7").Press("i", "ctrl+u").Type("the good film was bad").Press("enter")
	d.Expect("what each word was written from")
	var head string
	for _, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, "the") && strings.Contains(l, "film") && strings.Contains(l, "was") && strings.Contains(l, "good") && strings.Contains(l, "bad") && !strings.Contains(l, ">") {
			head = l
		}
	}
	if head == "" {
		t.Errorf("no row of the words of the text on the screen:\n%s", d.Screen())
	}
	d.Expect("était")
}

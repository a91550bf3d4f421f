package ui

import (
	"slices"
	"strings"
	"testing"

	"defrost/ui/shared"
)

func TestNoKeyDoesTwoThingsInOnePlace(t *testing.T) {
	for _, clash := range keyTable().Clashes() {
		t.Error(clash)
	}
}

func TestClashesAreFound(t *testing.T) {
	keys := keyTable()
	if err := keys.Rebind(map[shared.Action][]string{"layers.toggle": {"q"}}); err == nil {
		t.Error("q toggles layers and leaves at the same time")
	}
	if got, _ := keys.Find("layers", " "); got != "layers.toggle" {
		t.Errorf("a refused change left space on %q", got)
	}
	if err := keys.Rebind(map[shared.Action][]string{"layers.togle": {"x"}}); err == nil || !strings.Contains(err.Error(), "layers.togle") {
		t.Errorf("error %v does not name the unknown action", err)
	}
}

func TestReboundKeyWorksAndOldOneDoesNot(t *testing.T) {
	keys := keyTable()
	if err := keys.Rebind(map[shared.Action][]string{"layers.toggle": {"x"}}); err != nil {
		t.Fatal(err)
	}
	if got, _ := keys.Find("layers", "x"); got != "layers.toggle" {
		t.Errorf("x does %q, want layers.toggle", got)
	}
	if got, ok := keys.Find("layers", " "); ok {
		t.Errorf("space still does %q", got)
	}
}

func TestEveryActionIsInHelpAndPalette(t *testing.T) {
	d := idle(t, recipe())
	help, palette := newHelp(d.app), newPalette(d.app)
	for _, b := range d.app.session.Keys.All() {
		if b.Help == "" || b.Action == "" || len(b.Keys) == 0 {
			t.Errorf("%+v lacks an action, a key or a sentence", b)
		}
		same := func(o shared.Binding) bool { return o.Action == b.Action }
		if !slices.ContainsFunc(help.all, same) {
			t.Errorf("%s is not in help", b.Action)
		}
		answer := shared.Question(b.Where) || shared.Typing(b.Where)
		if !answer && !slices.ContainsFunc(palette.all, same) {
			t.Errorf("%s is not in the palette", b.Action)
		}
	}
}

func TestEveryActionIsDeclaredOnce(t *testing.T) {
	seen := map[shared.Action]bool{}
	for _, b := range keyTable().All() {
		if seen[b.Action] {
			t.Errorf("%s is declared twice", b.Action)
		}
		seen[b.Action] = true
	}
}

func TestPaletteRanksWholeWordsFirst(t *testing.T) {
	d := drive(t)
	d.Press(":").Type("freeze line up")
	f := d.app.over.(*finder)
	if len(f.found) == 0 || f.found[0].Action != "layers.up" {
		t.Errorf("found %v, want layers.up first", f.found)
	}
	d.Press("enter").Expect("freeze map")
	if d.app.over != nil {
		t.Error("the palette is still open")
	}
}

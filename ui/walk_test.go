package ui

import (
	"strings"
	"testing"
)

// mostKeys is how many key presses a newcomer may need from the first screen to a comparison.
const mostKeys = 25

// TestNewcomerComesToAComparison walks as somebody who has read nothing: a key is pressed only
// because the screen, at that moment, says that it does what is wanted.
func TestNewcomerComesToAComparison(t *testing.T) {
	d := drive(t)
	d.app.session.Recipe.Epochs, d.app.session.Recipe.Limit = 2, 96
	keys := 0
	walk := []struct {
		says string // what the screen says; the key's name and what it does
		key  string
		then string // what it shows afterwards
	}{
		{"r run", "r", "finished after"},
		{"2 Layers", "2", "freeze map of run"},
		{"p presets", "p", "presets: press a digit"},
		{"1 head only", "1", "stops at the head"},
		{"r run", "r", "finished after"},
		{"6 Compare", "6", "space marks two to four runs, enter compares them"},
		{"space marks", " ", "1 marked"},
		{"space marks", "j", "1 marked"},
		{"space marks", " ", "2 marked"},
		{"enter compares", "enter", "recipe differences"},
	}
	for _, step := range walk {
		screen := strings.Join(strings.Fields(d.Screen()), " ")
		if !strings.Contains(screen, step.says) {
			t.Fatalf("after %d keys nothing on the screen says %q:\n%s", keys, step.says, d.Screen())
		}
		d.Press(step.key)
		keys++
		d.Expect(step.then)
	}
	if keys > mostKeys {
		t.Errorf("it took %d keys, want at most %d", keys, mostKeys)
	}
	d.Expect("head").Expect("accuracy")
}

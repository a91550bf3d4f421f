package train

import (
	"reflect"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/ui/shared"
)

func TestLearningRatesClimbByOneTwoFive(t *testing.T) {
	x := 1e-4
	for _, want := range []float64{2e-4, 5e-4, 1e-3, 2e-3} {
		if x = ladder(x, true); x != want {
			t.Fatalf("up: got %g, want %g", x, want)
		}
	}
	for _, want := range []float64{1e-3, 5e-4, 2e-4, 1e-4, 5e-5} {
		if x = ladder(x, false); x != want {
			t.Fatalf("down: got %g, want %g", x, want)
		}
	}
	if got := ladder(3e-5, true); got != 5e-5 {
		t.Errorf("from 3e-5 up: got %g, want 5e-5", got)
	}
	if got := ladder(0, true); got <= 0 {
		t.Errorf("from 0: got %g, want a rate to begin with", got)
	}
}

// TestFieldsReadBackWhatTheyWrite keeps a setting from changing when it is edited and accepted as is.
func TestFieldsReadBackWhatTheyWrite(t *testing.T) {
	for _, f := range fields() {
		r := engine.Defaults()
		if err := f.set(&r, f.get(r)); err != nil || r != engine.Defaults() {
			t.Errorf("%s: %v, differs in %v", f.name, err, r.Differences(engine.Defaults()))
		}
	}
}

func TestDataIsOfferedThatTaskAndHeadCanDo(t *testing.T) {
	for _, c := range []struct{ task, head, want string }{
		{"", "linear", "films gadgets helpdesk restaurants ner qa enfr"},
		{"", "mlp", "films gadgets helpdesk restaurants ner qa"},
		{"", "crf", "ner"},
		{"classify", "linear", "films gadgets helpdesk restaurants"},
		{"lm", "linear", "films gadgets helpdesk restaurants"},
		{"qa", "bilstm", "qa"},
		{"qa", "crf", ""},
	} {
		r := engine.Defaults()
		r.Task, r.Head = c.task, c.head
		t.Setenv("HF_HUB_CACHE", t.TempDir())
		if got := strings.Join(sources(&shared.Session{Recipe: r}), " "); got != c.want {
			t.Errorf("task %q, head %s: got %s, want %s", c.task, c.head, got, c.want)
		}
	}
}

func TestNudgesChangeOneSettingAndComeBack(t *testing.T) {
	s := &shared.Session{}
	for _, f := range fields() {
		r := engine.Defaults()
		f.nudge(&r, true, s)
		for _, d := range r.Differences(engine.Defaults()) {
			if d.Name != f.name {
				t.Errorf("%s: nudging changed %s", f.name, d.Name)
			}
		}
		if f.name == "backbone" || f.name == "cache" || f.name == "scratch" {
			continue
		}
		f.nudge(&r, false, s)
		if r != engine.Defaults() {
			t.Errorf("%s: up and down again differs in %v", f.name, r.Differences(engine.Defaults()))
		}
	}
}

// TestEverySettingOfTheRecipeIsInTheForm fails when a recipe learns a setting that the form lacks.
func TestEverySettingOfTheRecipeIsInTheForm(t *testing.T) {
	have := map[string]bool{}
	for _, f := range fields() {
		have[f.name] = true
	}
	recipe := reflect.TypeFor[engine.Recipe]()
	for i := range recipe.NumField() {
		name, _, _ := strings.Cut(recipe.Field(i).Tag.Get("yaml"), ",")
		if !have[name] {
			t.Errorf("%s is not in the form", name)
		}
	}
}

package command

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

func TestEveryRecipeFieldHasAFlagOfItsName(t *testing.T) {
	byField := map[any]string{}
	var r engine.Recipe
	for _, s := range settings {
		byField[s.field(&r)] = s.flag
	}
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		want := strings.ReplaceAll(name, "_", "-")
		if got := byField[v.Field(i).Addr().Interface()]; got != want {
			t.Errorf("got flag %q for %s, want %q", got, v.Type().Field(i).Name, want)
		}
	}
}

func TestPrintedRecipeReadsBackAndFlagsWinOverIt(t *testing.T) {
	first := succeeded(t, "", "train", "--print-recipe", "--lr", "0.5", "--train", "last:1", "--cache=false", "--seed", "11")
	path := filepath.Join(t.TempDir(), "recipe.yaml")
	enginetest.Write(t, path, first)
	if again := succeeded(t, "", "train", "--print-recipe", "--recipe", path); again != first {
		t.Errorf("got %q, want %q", again, first)
	}
	changed := succeeded(t, "", "train", "--print-recipe", "--recipe", path, "--lr", "0.25")
	if want := strings.Replace(first, "lr: 0.5", "lr: 0.25", 1); changed != want {
		t.Errorf("got %q, want %q", changed, want)
	}
}

func TestCommandOfARecipeGivesTheRecipeBack(t *testing.T) {
	for _, backbone := range []string{"pocket-bert", "pocket-elmo", "no-such-model"} {
		r := engine.Defaults()
		r.Backbone, r.Freeze, r.Gradual, r.Epochs, r.Cache, r.Head = backbone, "embeddings,encoder.*", 2, 9, false, "mlp"
		args := strings.Fields(strings.ReplaceAll(r.Command(), "'", ""))
		if got := succeeded(t, "", append(args[1:], "--print-recipe")...); got != r.YAML() {
			t.Errorf("got %q from %v, want %q", got, args, r.YAML())
		}
	}
}

func TestARunToStartFromBringsItsBackbone(t *testing.T) {
	home(t)
	dir := filepath.Join(t.TempDir(), "first")
	args := small(t, "--epochs", "1", "--out", dir)
	backbone := args[2]
	succeeded(t, "", args...)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--from", dir}, backbone},
		{[]string{"--from", dir, "--backbone", "pocket-glove"}, "pocket-glove"},
		{[]string{"--from", "no-run"}, "pocket-bert"},
	} {
		out := succeeded(t, "", append([]string{"train", "--print-recipe"}, c.args...)...)
		if want := "backbone: " + c.want + "\n"; !strings.Contains(out, want) {
			t.Errorf("%v: got %q, want %q in it", c.args, out, want)
		}
	}
	usual, err := engine.DefaultsFor(backbone)
	if err != nil {
		t.Fatal(err)
	}
	usual.From = dir
	if out := succeeded(t, "", "train", "--print-recipe", "--from", dir); out != usual.YAML() {
		t.Errorf("got %q, want what is usual for the run's backbone: %q", out, usual.YAML())
	}
}

func TestBackbonesBeginWithWhatIsUsualForThem(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--backbone", "pocket-bert"}, "train: all\n"},
		{[]string{"--backbone", "pocket-elmo"}, "head: bilstm\n"},
		{[]string{"--backbone", "pocket-glove"}, "train: head\n"},
		{[]string{"--backbone", "pocket-elmo", "--train", "all"}, "train: all\n"},
		{[]string{"--backbone", "pocket-elmo", "--head", "linear"}, "head: linear\n"},
	} {
		if got := succeeded(t, "", append([]string{"train", "--print-recipe"}, c.args...)...); !strings.Contains(got, c.want) {
			t.Errorf("got %q with %v, want %q in it", got, c.args, c.want)
		}
	}
}

func TestBrokenRecipeFileIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code int
		says string
	}{
		"unknown field": {"lr: 0.1\nlearning: 1\n", exitFailed, "[2:1]"},
		"wrong type":    {"epochs: many\n", exitFailed, "[1:9]"},
		"out of range":  {"epochs: 0\n", exitUsage, "epochs is 0"},
		"no yaml":       {"{{{", exitFailed, "recipe.yaml"},
	} {
		path := filepath.Join(t.TempDir(), "recipe.yaml")
		enginetest.Write(t, path, c.text)
		t.Run(name, refusal{name, []string{"train", "--recipe", path}, c.code, []string{c.says}}.check)
	}
}

func TestTrainKeepsARecipeThatLiesInTheOutFolder(t *testing.T) {
	home(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "recipe.yaml")
	enginetest.Write(t, path, "# mine\nlr: 0.1\n")
	refusal{"own recipe", small(t, "--recipe", path, "--out", dir), exitFailed, []string{"recipe.yaml"}}.check(t)
	if got, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(got), "# mine") {
		t.Errorf("got %q (%v), want the file as it was", got, err)
	}
}

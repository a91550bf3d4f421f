package command

import (
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

func TestPlainModeAsksAndTrainsLineByLine(t *testing.T) {
	home(t)
	answers := []string{enginetest.Bert(t), "no/such/file.csv", enginetest.Reviews(t, 40), "3", "0", "2", "maybe", "y"}
	out := succeeded(t, strings.Join(answers, "\n")+"\n", "--plain")
	for _, want := range []string{
		"1 pocket-bert:", "Which data?", "no/such/file.csv", "once more", "gradual thawing", "epochs is 0, expected 1 or more", "parameters learn",
		"defrost train --backbone", "--gradual 1", `found "maybe", expected yes or no`, "epoch 1: dev loss", "epoch 2: ", "finished after 4 steps", "try it: defrost predict ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q:\n%s", want, out)
		}
	}
	if strings.ContainsAny(out, "\x1b\r") {
		t.Errorf("plain text holds control characters: %q", out)
	}
	store, err := engine.DefaultStore()
	if err != nil {
		t.Fatal(err)
	}
	if runs, err := store.List(); err != nil || len(runs) != 1 || runs[0].Recipe.Gradual != 1 || runs[0].Recipe.Epochs != 2 {
		t.Errorf("got runs %+v, %v", runs, err)
	}
}

func TestPlainModeTakesNoForAnAnswer(t *testing.T) {
	home(t)
	out := succeeded(t, "\n\n1\n\nno\n", "--plain")
	if !strings.Contains(out, "[pocket-bert] ") || !strings.Contains(out, "--train head") || strings.Contains(out, "epoch 1") {
		t.Errorf("got %s", out)
	}
}

func TestPlainModeRefusesHalfAnAnswer(t *testing.T) {
	home(t)
	r := do(t, "pocket-bert\nfilms\n", "--plain")
	if r.code != exitFailed || !strings.Contains(r.err, "the input ended before the last question") {
		t.Errorf("got code %d and %q", r.code, r.err)
	}
	refusal{"with a run", []string{"--plain", "--run", "x"}, exitUsage, []string{"--plain", "--run"}}.check(t)
	refusal{"without a terminal", nil, exitFailed, []string{"no terminal", "defrost --plain"}}.check(t)
}

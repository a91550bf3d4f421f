package command

import (
	"encoding/json"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// transferred is what --json prints.
type transferred struct {
	Name           string
	Finished, Runs int
	Tables         []engine.TransferTable
}

func TestTransferMakesItsTableAndGoesOnWithIt(t *testing.T) {
	home(t)
	bert, vectors := enginetest.Bert(t), enginetest.Backbone(t, "vectors")
	args := []string{
		"transfer", "--backbone", bert + "," + vectors, "--data", enginetest.Reviews(t, 60) + "," + enginetest.Topics(t, 60), "--seeds", "2",
		"--modes", "scratch,head only,last 1,everything", "--epochs", "1", "--json",
	}
	var first, again transferred
	if err := json.Unmarshal([]byte(transferOut(t, args...)), &first); err != nil {
		t.Fatal(err)
	}
	if first.Finished != 28 || first.Runs != 28 || len(first.Tables) != 2 {
		t.Fatalf("got %d of %d runs and %d tables, want 28 of 28 and two", first.Finished, first.Runs, len(first.Tables))
	}
	for i, modes := range []int{4, 3} { // vectors have no last layer
		table := first.Tables[i]
		if len(table.Modes) != modes || len(table.Data) != 2 {
			t.Errorf("got rows %v and columns %v, want %d and 2", table.Modes, table.Data, modes)
		}
		for m, row := range table.Cells {
			for k, c := range row {
				if c == nil || c.Seeds != 2 || c.Name != "accuracy" || c.Low > c.Value || c.High < c.Value {
					t.Errorf("%s on %s: got %+v, want the mean of two seeds within its interval", table.Modes[m], table.Data[k], c)
				}
			}
		}
		for k, g := range table.Gains {
			if g == nil || g.Mode == "scratch" {
				t.Errorf("%s: got gain %+v, want that of the best mode", table.Data[k], g)
			}
		}
	}
	if err := json.Unmarshal([]byte(transferOut(t, "transfer", "--resume", first.Name, "--json")), &again); err != nil || again.Finished != 28 {
		t.Errorf("got %+v (%v), want the same table again", again, err)
	}
	if text := succeeded(t, "", "transfer", first.Name, "--markdown"); !strings.Contains(text, "| best - scratch |") || !strings.Contains(text, " ± ") {
		t.Errorf("got %q, want a Markdown table with intervals", text)
	}
}

// transferOut is what a command prints; its progress goes elsewhere.
func transferOut(t *testing.T, args ...string) string {
	t.Helper()
	got := do(t, "", args...)
	if got.code != exitOK {
		t.Fatalf("got code %d and %q, want success", got.code, got.err)
	}
	return got.out
}

func TestTransferRefusesWhatCannotBeMeant(t *testing.T) {
	home(t)
	for want, args := range map[string][]string{
		"mode is \"half\"":             {"--modes", "half"},
		"found 0 seeds":                {"--seeds", "0"},
		"limit is -1":                  {"--limit", "-1"},
		"found old beside --resume":    {"old", "--resume", "new"},
		"one of --json and --markdown": {"--json", "--markdown"},
	} {
		refusal{args: append([]string{"transfer", "--backbone", enginetest.Bert(t)}, args...), code: exitUsage, says: []string{want}}.check(t)
	}
	refusal{args: []string{"transfer", "none"}, code: exitFailed, says: []string{`none is called "none"`}}.check(t)
}

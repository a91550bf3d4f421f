package command

import (
	"encoding/csv"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// pairOfRuns trains a backbone from its weights and from scratch on the same rows.
func pairOfRuns(t *testing.T) (a, b string) {
	t.Helper()
	home(t)
	bert, data := enginetest.Bert(t), enginetest.Reviews(t, 40)
	train := func(more ...string) string {
		dir := filepath.Join(t.TempDir(), "run")
		succeeded(t, "", append([]string{
			"train", "--backbone", bert, "--data", data, "--batch", "8", "--epochs", "1", "--max-length", "16", "--out", dir,
		}, more...)...)
		return dir
	}
	return train(), train("--scratch", "--lr", "0.01")
}

func TestCompareSaysTheSameInEveryForm(t *testing.T) {
	a, b := pairOfRuns(t)
	var got engine.Comparison
	if err := json.Unmarshal([]byte(succeeded(t, "", "compare", a, b, "--json")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Settings) != 2 || got.Settings[0].Name != "scratch" || got.Settings[1].Name != "lr" || len(got.Pairs) != 1 {
		t.Fatalf("got %+v, want scratch and lr to differ and one pair", got)
	}
	p := got.Pairs[0]
	if n := p.Both + p.OnlyA + p.OnlyB + p.Neither; n != got.Runs[0].Examples || n == 0 || len(p.RightA) != p.OnlyA {
		t.Errorf("got %d counted and %d listed, want %d and %d", n, len(p.RightA), got.Runs[0].Examples, p.OnlyA)
	}
	for _, form := range [][]string{nil, {"--markdown"}} {
		text := succeeded(t, "", append([]string{"compare", a, b}, form...)...)
		for _, want := range []string{got.Verdict, "scratch", "0.01", "accuracy", "Holm p"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: got %q, want %q in it", form, text, want)
			}
		}
	}
	rows, err := csv.NewReader(strings.NewReader(succeeded(t, "", "compare", a, b, "--csv"))).ReadAll()
	if err != nil || len(rows) != 21 || rows[1][3] != "accuracy" {
		t.Errorf("got %v (%v), want a header and ten figures of each run", rows, err)
	}
}

func TestCompareRefusesWhatCannotBeCompared(t *testing.T) {
	a, _ := pairOfRuns(t)
	other := filepath.Join(t.TempDir(), "other")
	succeeded(t, "", small(t, "--epochs", "1", "--data", enginetest.Topics(t, 40), "--out", other)...)
	r := do(t, "", "compare", a, other)
	if r.code != exitFailed || !strings.Contains(r.err, "not the same examples") || !strings.Contains(r.out, "data") {
		t.Errorf("got code %d, %q and %q, want the reason after what differs", r.code, r.err, r.out)
	}
	for _, w := range []refusal{
		{"one run", []string{"compare", a}, exitUsage, []string{"found 1", "two runs or more"}},
		{"no such split", []string{"compare", a, other, "--split", "train"}, exitUsage, []string{`"train"`, "dev"}},
		{"two forms", []string{"compare", a, other, "--json", "--csv"}, exitUsage, []string{"one of --json"}},
		{"no such run", []string{"compare", a, "nope"}, exitFailed, []string{`"nope"`}},
		{"the same run", []string{"compare", a, a}, exitFailed, []string{"twice"}},
	} {
		w.check(t)
	}
}

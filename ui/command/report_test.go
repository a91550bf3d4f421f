package command

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kept is what a file holds.
func kept(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestComparisonIsWrittenToFiles(t *testing.T) {
	a, b := pairOfRuns(t)
	dir := t.TempDir()
	page, drawing, picture := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.svg"), filepath.Join(dir, "a.png")
	r := do(t, "", "compare", a, b, "--html", page, "--svg", drawing, "--png", picture)
	if r.code != exitOK || !strings.Contains(r.out, "McNemar") || strings.Count(r.err, "wrote ") != 3 {
		t.Errorf("got code %d, %q and %q, want the tables and a line per file", r.code, r.out, r.err)
	}
	for _, want := range []string{"<!DOCTYPE html>", "train loss", "McNemar", "accuracy by label", "</html>"} {
		if !strings.Contains(kept(t, page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if !strings.HasPrefix(kept(t, drawing), "<svg") {
		t.Errorf("got %.60q, want a drawing", kept(t, drawing))
	}
	if _, err := png.Decode(strings.NewReader(kept(t, picture))); err != nil {
		t.Error(err)
	}
	if again := do(t, "", "compare", a, b, "--html", page); again.code != exitUsage || !strings.Contains(again.err, "is there already") {
		t.Errorf("got code %d and %q, want the file kept", again.code, again.err)
	}
	if out := succeeded(t, "", "compare", a, b, "--html", "-", "--axis", "tokens", "--theme", "dark"); !strings.HasPrefix(out, "<!DOCTYPE html>") ||
		!strings.HasSuffix(out, "</html>\n") || !strings.Contains(out, ">tokens<") {
		t.Errorf("got %.100q, want the page and nothing else", out)
	}
}

func TestReportsRefuseWhatTheyCannotWrite(t *testing.T) {
	a, b := pairOfRuns(t)
	for _, w := range []refusal{
		{"two things on standard output", []string{"compare", a, b, "--html", "-", "--svg", "-"}, exitUsage, []string{"--svg is -"}},
		{"a form and a file on standard output", []string{"compare", a, b, "--json", "--html", "-"}, exitUsage, []string{"--html is -"}},
		{"no such theme", []string{"compare", a, b, "--theme", "solar"}, exitUsage, []string{`"solar"`, "light"}},
		{"no such axis", []string{"compare", a, b, "--axis", "miles"}, exitUsage, []string{`"miles"`, "tokens"}},
		{"no such folder", []string{"compare", a, b, "--html", filepath.Join(a, "nowhere", "x.html")}, exitFailed, []string{"nowhere"}},
		{"two forms of a run", []string{"runs", "show", a, "--json", "--csv"}, exitUsage, []string{"--json"}},
		{"no run", []string{"runs", "show"}, exitUsage, []string{"found 0"}},
		{"no such run", []string{"runs", "tensorboard", "nope"}, exitFailed, []string{`"nope"`}},
	} {
		w.check(t)
	}
}

func TestRunIsShownInEveryForm(t *testing.T) {
	a, _ := pairOfRuns(t)
	text := succeeded(t, "", "runs", "show", a)
	for _, want := range []string{"RESULTS", "dev accuracy", "RECIPE", "max length", "LAYERS", "encoder.1", "trains", "finished after"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if got := succeeded(t, "", "runs", "show", a, "--markdown"); !strings.Contains(got, "### layers") {
		t.Errorf("got %s, want tables", got)
	}
	var doc struct {
		Charts []struct{ Lines []struct{ Y []float64 } }
	}
	if err := json.Unmarshal([]byte(succeeded(t, "", "runs", "show", a, "--json")), &doc); err != nil || len(doc.Charts) == 0 {
		t.Fatalf("got %+v (%v), want charts", doc, err)
	}
	rows, err := csv.NewReader(strings.NewReader(succeeded(t, "", "runs", "show", a, "--csv"))).ReadAll()
	if steps := len(doc.Charts[0].Lines[0].Y); err != nil || steps == 0 || len(rows) < 3*steps {
		t.Errorf("got %d rows (%v) of %d steps", len(rows), err, steps)
	}
	if got := succeeded(t, "", "runs", "show", a, "--png", "-"); !bytes.HasPrefix([]byte(got), []byte("\x89PNG")) {
		t.Errorf("got %.20q, want a picture", got)
	}
}

func TestTensorBoardFileOfAnOldRunIsMade(t *testing.T) {
	a, _ := pairOfRuns(t)
	folder := filepath.Join(a, "tensorboard")
	found, err := filepath.Glob(filepath.Join(folder, "events.out.tfevents.*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v (%v), want the file that the run wrote", found, err)
	}
	want := kept(t, found[0])
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if out := succeeded(t, "", "runs", "tensorboard", a); out != found[0]+"\n" || kept(t, found[0]) != want {
		t.Errorf("got %q, want %s as it was", out, found[0])
	}
}

package ui

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/ui/shared"
)

// exported reads the one file in the exports folder that matches a pattern.
func exported(t *testing.T, pattern string) []byte {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.Getenv("DEFROST_HOME"), "exports", pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("got %v (%v), want one file %s", found, err, pattern)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLiveRunIsExportedInEveryForm(t *testing.T) {
	d := drive(t).Replay(0).Press("e").Expect("export tiny-films-01 as").Expect("SVG, charts for documents")
	d.Press("s").Expect("wrote ").Expect("tiny-films-01-1.svg")
	if got := string(exported(t, "*.svg")); !strings.HasPrefix(got, "<svg") || !strings.Contains(got, "learning rate") {
		t.Errorf("got %.100s, want the charts", got)
	}
	d.Press("e", "p").Expect("tiny-films-01-1.png")
	if _, err := png.Decode(bytes.NewReader(exported(t, "*.png"))); err != nil {
		t.Error(err)
	}
	d.Press("e", "h").Expect("tiny-films-01-1.html")
	d.Press("e", "m").Expect("tiny-films-01-1.md")
	if got := string(exported(t, "*.md")); !strings.Contains(got, "| dev accuracy |") {
		t.Errorf("got %s, want the results", got)
	}
	d.Press("e", "j").Expect("tiny-films-01-1.json")
	var doc struct {
		Charts []struct{ Lines []struct{ Y []any } }
	}
	if err := json.Unmarshal(exported(t, "*.json"), &doc); err != nil || len(doc.Charts) != 4 {
		t.Fatalf("got %d charts (%v), want 4", len(doc.Charts), err)
	}
	steps := len(doc.Charts[0].Lines[0].Y)
	d.Press("e", "c").Expect("files to ").Expect("tiny-films-01-1-curves.csv")
	rows, err := csv.NewReader(bytes.NewReader(exported(t, "*curves.csv"))).ReadAll()
	if err != nil || steps == 0 || len(rows) < 3*steps {
		t.Errorf("got %d rows (%v) of %d steps, want loss, rate and norm of each", len(rows), err, steps)
	}
}

func TestSecondExportTakesTheNextNumber(t *testing.T) {
	d := drive(t).Replay(0)
	d.Press("e", "m").Expect("tiny-films-01-1.md").Press("e", "m").Expect("tiny-films-01-2.md")
}

func TestComparisonIsExportedOverTheAxisThatIsShown(t *testing.T) {
	d := atCompare(t).Press("e").Expect("nothing to export yet")
	d.Press(" ", " ", "enter", "x").Expect("McNemar").Press("e").Expect("export compare as").Press("j").Expect("compare-1.json")
	var doc struct {
		Data   struct{ Verdict string }
		Charts []struct {
			Title, X string
			Lines    []struct{ X []float64 }
		}
	}
	if err := json.Unmarshal(exported(t, "compare-1.json"), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(doc.Data.Verdict, "McNemar") || doc.Charts[0].X != "seconds" || len(doc.Charts[0].Lines) != 2 {
		t.Errorf("got %+v, want the verdict and two curves over time", doc)
	}
}

func TestFreezeMapIsExported(t *testing.T) {
	d := drive(t).Press("2", "e").Expect("export layers as").Refuse("SVG").Press("s").Expect("no charts")
	d.Press("e", "c").Expect("layers-1-layers.csv")
	rows, err := csv.NewReader(bytes.NewReader(exported(t, "*.csv"))).ReadAll()
	if err != nil || len(rows) < 4 || rows[1][2] != "trains" {
		t.Errorf("got %q (%v), want a row per layer", rows, err)
	}
}

func TestDataSetIsExported(t *testing.T) {
	drive(t).Press("3", "e").Expect("export data films as").Press("m").Expect("data-films-1.md")
	got := string(exported(t, "*.md"))
	for _, want := range []string{"## films", "### splits", "| train |", "### labels", "negative"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestBackbonesAreExported(t *testing.T) {
	drive(t).Press("1", "e").Expect("export backbones as").Press("m").Expect("backbones-1.md")
	got := string(exported(t, "*.md"))
	for _, want := range []string{"### backbones", "| pocket-bert | bert |", "### published results", "GLUE", "isn't half-bad", "| [CLS] |"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestRecipeIsExported(t *testing.T) {
	d := drive(t).Replay(0).Press("4", "e").Expect("export recipe as").Press("m").Expect("recipe-1.md")
	got := string(exported(t, "*.md"))
	for _, want := range []string{"defrost train ", "| learning rate |", "### differs from the defaults", "| epochs | 4 | 6 |"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	d.Press("e", "s").Expect("recipe-1.svg")
	if got := string(exported(t, "*.svg")); !strings.Contains(got, "learning rate, linear") {
		t.Errorf("got %.200s, want the schedule drawn", got)
	}
}

// TestEveryScreenIsExported holds that no screen forgets the key.
func TestEveryScreenIsExported(t *testing.T) {
	for i, s := range drive(t).app.screens {
		if _, ok := s.(shared.Exporter); !ok {
			t.Errorf("%s cannot be exported", registry[i].name)
		}
	}
}

func TestExportSaysWhenThereIsNothing(t *testing.T) {
	drive(t).Press("5", "e").Expect("nothing to export yet")
}

func TestExportQuestionCloses(t *testing.T) {
	d := drive(t).Replay(0).Press("e").Expect("export tiny-films-01 as").Press("esc").Refuse("export tiny-films-01")
	if d.app.over != nil {
		t.Error("the question is still open")
	}
	d.Press("e", "ctrl+c")
	if !d.left {
		t.Error("ctrl+c does not leave while the question is open")
	}
}

func TestExportThatCannotBeWrittenIsSaid(t *testing.T) {
	d := drive(t).Replay(0)
	if err := os.WriteFile(filepath.Join(os.Getenv("DEFROST_HOME"), "exports"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d.Press("e", "j").Expect("report: ")
	if !d.app.said.Bad {
		t.Error("the trouble looks like good news")
	}
}

func TestExportQuestionFitsEverySize(t *testing.T) {
	d := drive(t).Replay(0).Press("e")
	sweep(t, d.app, false)
}

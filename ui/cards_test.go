package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestExamplesOfEveryKindAreShownAsPeopleWriteThem(t *testing.T) {
	const rows = 8 // enough for three splits
	for _, c := range []struct {
		name, file, row string
		want            []string // lines of the card, from top to bottom
	}{
		{"tags under words", "a.conll", "Ada\tB-PER\nLovelace\tI-PER\nmet\tO\nIBM\tB-ORG\n\n", []string{"Ada Lovelace met IBM", "PER─────────     ORG"}},
		{"span in its context", "a.jsonl", `{"context":"The first program was written by Ada.","question":"Who wrote it?","answers":[{"text":"Ada","answer_start":33}]}` + "\n", []string{"Who wrote it?", "written by [Ada]."}},
		{"sentence beside its translation", "a.jsonl", `{"translation":{"en":"Good evening to all","fr":"Bonsoir à tous"}}` + "\n", []string{"Good evening to all", "│ Bonsoir à tous"}},
		{"pair", "a.jsonl", `{"premise":"It rains a lot","hypothesis":"It is wet","label":"yes"}` + "\n" + `{"premise":"It rains a lot","hypothesis":"It is dry","label":"no"}` + "\n", []string{"It rains a lot", "│ It is"}},
		{"labels under their text", "a.jsonl", `{"text":"Sharp, but dead by noon","labels":["camera","battery"]}` + "\n" + `{"text":"Sharp, but dead by noon","labels":["camera","battery"]}` + "\n", []string{"Sharp, but dead by noon", "labels camera, battery"}},
		{"article under its title", "a.txt", " \n = Homarus = \n \n The lobster is blue . \n \n = = Ecology = = \n \n It eats crabs . \n", []string{"│ Homarus", "│ The lobster is blue .", "│ Ecology", "│ It eats crabs ."}},
		{"passage without its last word", "a.jsonl", `{"text":"A long way off.\n\nI do not care about signs"}` + "\n", []string{"A long way off.", "I do not care about [signs]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(strings.Repeat(c.row, rows)), 0o600); err != nil {
				t.Fatal(err)
			}
			d := drive(t)
			d.send(tea.WindowSizeMsg{Width: 140, Height: 50})
			d.Press("3", "o").Paste(path).Press("enter").settle()
			_, card, shown := strings.Cut(d.Screen(), "as people read it")
			if !shown {
				t.Fatalf("no card on\n%s", d.Screen())
			}
			for _, want := range c.want {
				i := strings.Index(card, want)
				if i < 0 {
					t.Fatalf("%q is missing or out of place on\n%s", want, d.Screen())
				}
				card = card[i+len(want):]
			}
		})
	}
}

// TestLongTextsAreCutOrReadInWindows says of each kind what becomes of what is too long.
func TestLongTextsAreCutOrReadInWindows(t *testing.T) {
	long := strings.Repeat("and the film was bad ", 60)
	for _, c := range []struct{ row, want string }{
		{`{"text":"` + long + `","label":"x"}` + "\n" + `{"text":"` + long + `","label":"y"}` + "\n", "100.0% cut at 64 tokens"},
		{`{"context":"` + long + `","question":"What was bad?","answers":[{"text":"film","answer_start":8}]}` + "\n", "100.0% in windows of 64 tokens"},
		{`{"text":"` + long + `"}` + "\n", "100.0% in windows of 64 tokens"},
	} {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		if err := os.WriteFile(path, []byte(strings.Repeat(c.row, 8)), 0o600); err != nil {
			t.Fatal(err)
		}
		if d := drive(t).Press("3", "o").Paste(path).Press("enter").settle(); !strings.Contains(d.Screen(), c.want) {
			t.Errorf("no %q on\n%s", c.want, d.Screen())
		}
	}
}

// TestCardsSaySomethingInASmallTerminal holds 80x24 to the whole of a short example.
func TestCardsSaySomethingInASmallTerminal(t *testing.T) {
	for _, c := range []struct{ file, row, want string }{
		{"a.conll", "Ada\tB-PER\nmet\tO\nIBM\tB-ORG\n\n", "PER"},
		{"a.jsonl", `{"context":"The first program was written by Ada.","question":"Who wrote it?","answers":[{"text":"Ada","answer_start":33}]}` + "\n", "written by [Ada]."},
		{"c.jsonl", `{"text":"Sharp, but dead by noon","labels":["camera","battery"]}` + "\n", "labels camera, battery"},
		{"b.jsonl", `{"translation":{"en":"Good evening to all","fr":"Bonsoir à tous"}}` + "\n", "│ Bonsoir à tous"},
	} {
		path := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(path, []byte(strings.Repeat(c.row, 8)), 0o600); err != nil {
			t.Fatal(err)
		}
		d := drive(t)
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.Press("3", "o").Paste(path).Press("enter").settle()
		if _, card, shown := strings.Cut(d.Screen(), "as people read it"); !shown || !strings.Contains(card, c.want) {
			t.Errorf("no card with %q on\n%s", c.want, d.Screen())
		}
	}
}

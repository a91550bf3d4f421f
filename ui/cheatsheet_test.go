package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/ui/shared"
)

// cheatSheet writes the key table as Markdown, one table a place.
func cheatSheet(k *shared.Keys) string {
	var b strings.Builder
	for _, place := range places(k) {
		fmt.Fprintf(&b, "\n**%s**\n\n| key | what it does | action |\n|---|---|---|\n", place)
		for _, row := range k.All() {
			if sheetPlace(row.Where) == place {
				fmt.Fprintf(&b, "| %s | %s | `%s` |\n", cell(row.Keys), strings.ReplaceAll(row.Help, "|", "\\|"), row.Action)
			}
		}
	}
	return b.String()
}

// cell writes keys as code, apart from one another.
func cell(keys []string) string {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = "`" + strings.ReplaceAll(shared.KeyName(key), "|", "\\|") + "`"
	}
	return strings.Join(names, " ")
}

// sheetPlace is the heading that a place stands under.
func sheetPlace(where string) string {
	switch {
	case where == shared.Always, where == shared.Everywhere:
		return "Everywhere"
	case shared.Typing(where):
		return "While typing"
	case shared.Question(where):
		return "Questions: " + strings.TrimPrefix(where, "ask.")
	}
	for i, r := range registry {
		if strings.EqualFold(r.name, where) {
			return fmt.Sprintf("%d %s", i+1, r.name)
		}
	}
	return where
}

// places are the headings in the order of the table.
func places(k *shared.Keys) []string {
	var all []string
	seen := map[string]bool{}
	for _, b := range k.All() {
		if p := sheetPlace(b.Where); !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}

// The comments between which README keeps the cheat sheet.
const sheetFrom, sheetTo = "<!-- keys: go test ./ui -run CheatSheet -update -->\n", "<!-- /keys -->"

// TestCheatSheetOfTheReadmeIsTheKeyTable compares README with the table; with -update it writes it.
func TestCheatSheetOfTheReadmeIsTheKeyTable(t *testing.T) {
	path := filepath.Join("..", "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(readme), sheetFrom)
	got, after, closed := strings.Cut(rest, sheetTo)
	if !opened || !closed {
		t.Fatalf("README has no place for the keys, expected one between %q and %q", sheetFrom, sheetTo)
	}
	want := cheatSheet(keyTable()) + "\n"
	if updating() {
		if err := os.WriteFile(path, []byte(before+sheetFrom+want+sheetTo+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("README's keys differ from the table: go test ./ui -run CheatSheet -update writes them\ngot:\n%s\nwant:\n%s", got, want)
	}
}

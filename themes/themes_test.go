package themes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryTextRoleIsReadable(t *testing.T) {
	for _, name := range Names() {
		theme := get(t, name)
		if theme.Mono {
			continue
		}
		want := 4.5
		if name == "contrast" {
			want = 7
		}
		for _, r := range theme.Roles() {
			got := Contrast(r.Colour, theme.Background)
			if r.Text && got < want {
				t.Errorf("%s: %s has contrast %.2f, want >= %.1f", name, r.Name, got, want)
			}
			if r.Name == "border" && got < 3 {
				t.Errorf("%s: border has contrast %.2f, want >= 3", name, got)
			}
		}
		if got := Contrast(theme.SelectionText, theme.Selection); got < want {
			t.Errorf("%s: selection has contrast %.2f, want >= %.1f", name, got, want)
		}
	}
}

func TestFaintRolesAreNamed(t *testing.T) {
	for _, name := range Names() {
		if faint := get(t, name).Faint(); len(faint) > 0 {
			t.Errorf("%s: %v", name, faint)
		}
	}
	pale := get(t, "light")
	pale.Muted, pale.Selection = "#c8c8c8", pale.SelectionText
	faint := pale.Faint()
	if len(faint) != 2 || !strings.Contains(faint[0], "muted has contrast 1.") || !strings.Contains(faint[1], "selectionText") {
		t.Errorf("got %q, want muted and selectionText", faint)
	}
}

func TestSeriesColoursDiffer(t *testing.T) {
	for _, name := range Names() {
		theme := get(t, name)
		seen := map[Colour]bool{}
		for _, c := range theme.Series {
			if seen[c] && !theme.Mono {
				t.Errorf("%s: series colour %s appears twice", name, c)
			}
			seen[c] = true
		}
	}
}

func TestMonoHasNoColour(t *testing.T) {
	theme := get(t, "mono")
	for _, r := range theme.Roles() {
		if r.Colour != "" {
			t.Errorf("mono: %s is %q, want none", r.Name, r.Colour)
		}
	}
}

func TestNamesMatchTheFiles(t *testing.T) {
	paths, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(Names()), len(paths); got != want {
		t.Errorf("%d names for %d files", got, want)
	}
	for _, name := range Names() {
		if got := get(t, name); got.Name != name || got.About == "" {
			t.Errorf("%s: name %q, about %q", name, got.Name, got.About)
		}
	}
}

func TestUnknownThemeListsTheKnown(t *testing.T) {
	_, err := Get("solar")
	if err == nil || !strings.Contains(err.Error(), "dark, light, contrast, colourblind, mono") {
		t.Errorf("error %v does not list the themes", err)
	}
}

func TestDefaultFollowsTheBackground(t *testing.T) {
	if got := Default(true).Name; got != "dark" {
		t.Errorf("dark background: %s", got)
	}
	if got := Default(false).Name; got != "light" {
		t.Errorf("light background: %s", got)
	}
}

func TestUserThemeFillsFromItsBase(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mine.json", `{"base": "light", "accent": "#005f87", "series": ["#111111"]}`)
	found, errs := Load(dir)
	if len(errs) > 0 || len(found) != 1 {
		t.Fatalf("%d themes, errors %v", len(found), errs)
	}
	light, got := get(t, "light"), found[0]
	if got.Name != "mine" || got.Accent != "#005f87" || got.Text != light.Text || got.Dark {
		t.Errorf("got %+v", got)
	}
	if got.Series[0] != "#111111" || got.Series[1] != light.Series[1] {
		t.Errorf("series %v", got.Series)
	}
}

func TestBrokenUserThemesGiveOneLineEach(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"syntax", "{\n\"name\": ,\n}", "line 2"},
		{"role", `{"acent": "#005f87"}`, "acent"},
		{"colour", `{"accent": "blue"}`, `accent: found "blue", expected a colour`},
		{"kind", "{\n\"accent\": 12}", "line 2"},
		{"base", `{"base": "solar"}`, "expected one of dark"},
		{"mono", `{"mono": true, "accent": "#005f87"}`, "expected no colour"},
		{"empty", ``, "unexpected end"},
		{"huge", strings.Repeat(" ", maxFile+1), "expected a file of at most"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, tt.name+".json", tt.text)
			found, errs := Load(dir)
			if len(found) != 0 || len(errs) != 1 {
				t.Fatalf("%d themes, errors %v, want one error", len(found), errs)
			}
			got := errs[0].Error()
			if !strings.Contains(got, tt.want) || !strings.Contains(got, tt.name+".json") || strings.Contains(got, "\n") {
				t.Errorf("error %q, want one line with %q and the file", got, tt.want)
			}
		})
	}
}

func TestGoodThemesSurviveABadNeighbour(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.json", `{`)
	write(t, dir, "b.json", `{}`)
	found, errs := Load(dir)
	if len(found) != 1 || len(errs) != 1 || found[0].Name != "b" {
		t.Errorf("themes %v, errors %v", found, errs)
	}
}

func TestMissingFolderIsNoError(t *testing.T) {
	if found, errs := Load(filepath.Join(t.TempDir(), "absent")); len(found)+len(errs) > 0 {
		t.Errorf("themes %v, errors %v", found, errs)
	}
}

func TestContrastFollowsWCAG(t *testing.T) {
	tests := []struct {
		a, b      Colour
		low, high float64
	}{
		{"#000000", "#ffffff", 21, 21},
		{"#ffffff", "#ffffff", 1, 1},
		{"#777777", "#ffffff", 4.47, 4.49}, // WCAG's own example of a near miss
		{"red", "#ffffff", 0, 0},
	}
	for _, tt := range tests {
		if got := Contrast(tt.a, tt.b); got < tt.low-1e-9 || got > tt.high+1e-9 {
			t.Errorf("Contrast(%s, %s) = %.3f, want %.2f to %.2f", tt.a, tt.b, got, tt.low, tt.high)
		}
	}
}

func get(t *testing.T, name string) Theme {
	t.Helper()
	theme, err := Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

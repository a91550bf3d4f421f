package ui

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured opens the workbench as Run does, in a folder that holds the given files.
func configured(t *testing.T, files map[string]string, o Options) (*App, error) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("DEFROST_HOME", dir)
	if err := os.MkdirAll(filepath.Join(dir, "themes"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	o.Recipe, o.Out = recipe(), io.Discard
	if err := o.configure(); err != nil {
		return nil, err
	}
	return open(context.Background(), o)
}

func TestConfigIsFollowed(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	a, err := configured(t, map[string]string{
		"config.yaml": "theme: light\nbackground: light\nmouse: true\nfps: 12\nkeys:\n  layers.toggle: x\n  move.up: [up, K]\n  layers.up: ctrl+k\n",
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.session.Styles.Theme.Name; got != "light" || a.dark || !a.known || a.paint || !a.mouse {
		t.Errorf("theme %s, dark %v, known %v, painted %v, mouse %v; want the light terminal's own background and the mouse", got, a.dark, a.known, a.paint, a.mouse)
	}
	for key, want := range map[string]string{"x": "layers.toggle", "K": "move.up", "ctrl+k": "layers.up"} {
		if got, _ := a.session.Keys.Find("layers", key); string(got) != want {
			t.Errorf("%s does %q, want %s", key, got, want)
		}
	}
}

func TestFlagsWinOverTheConfig(t *testing.T) {
	a, err := configured(t, map[string]string{"config.yaml": "theme: light\n"}, Options{Theme: "contrast"})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.session.Styles.Theme.Name; got != "contrast" {
		t.Errorf("got theme %s, want the flag's", got)
	}
}

func TestWrongConfigNamesFileAndLine(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"unknown setting", "theme: dark\n# more\ncolour: red\n", `config.yaml:3: unknown field "colour"`},
		{"wrong kind", "mouse: true\nfps: fast\n", "config.yaml:2: "},
		{"syntax", "theme: dark\nkeys: [\n", "config.yaml:2: "},
		{"background", "\nbackground: grey\n", `config.yaml:2: background is "grey", expected dark or light`},
		{"too fast", "fps: 400\n", "config.yaml:1: fps is 400, expected 1 to 60"},
		{"unknown action", "keys:\n  layers.toggle: x\n  layers.togle: x\n", `config.yaml:3: keys: found "layers.togle"`},
		{"no key", "keys:\n  layers.toggle: ctrl-x\n", `config.yaml:2: keys: layers.toggle: found "ctrl-x", expected a key such as`},
		{"empty", "keys:\n  layers.toggle: []\n", "config.yaml:2: keys: layers.toggle: found no key"},
		{"clash", "theme: dark\nkeys:\n  quit: Q\n  layers.toggle: r\n", `config.yaml:4: keys: layers: "r" does layers.toggle and run`},
		{"no such theme", "theme: solar\n", `found "solar", expected one of dark, light, contrast, colourblind, mono`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", "")
			_, err := configured(t, map[string]string{"config.yaml": tt.text}, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, tt.want)
			}
		})
	}
}

func TestMissingConfigIsNoError(t *testing.T) {
	if _, err := configured(t, nil, Options{}); err != nil {
		t.Error(err)
	}
}

func TestConfigFolderFollowsTheDesktop(t *testing.T) {
	t.Setenv("DEFROST_HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "/etc/mine")
	if got, err := ConfigDir(); err != nil || got != filepath.Join("/etc/mine", "defrost") {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestOwnThemesFollowTheBuiltInOnes(t *testing.T) {
	a, err := configured(t, map[string]string{
		"themes/dusk.json": `{"base": "dark", "about": "evening", "accent": "#ffd75f"}`,
		"themes/pale.json": `{"base": "light", "muted": "#d0d0d0"}`,
		"themes/mono.json": `{"base": "dark"}`,
		"themes/bad.json":  `{"acent": "#000000"}`,
	}, Options{Theme: "mono"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bad.json", "acent", "pale: hard to read: muted has contrast", "expected 4.5 or more", "mono: there is a theme of this name"} {
		if !strings.Contains(a.said.Text, want) {
			t.Errorf("the warning %q lacks %q", a.said.Text, want)
		}
	}
	a.resize(100, 30)
	for _, want := range []string{"dusk", "pale", "dark"} {
		a.Update(keyMsg("t"))
		if got := a.session.Styles.Theme.Name; got != want {
			t.Errorf("t turned to %s, want %s", got, want)
		}
	}
}

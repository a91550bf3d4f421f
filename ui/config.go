package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"defrost/ui/shared"
)

// A Config is what a person wants the workbench to be like every time, read from config.yaml:
//
//	theme: light            # dark, light, contrast, colourblind, mono, or one of your own
//	background: light       # dark or light; the terminal is asked when this is missing
//	mouse: true             # clicks and wheel from the start
//	fps: 20                 # frames a second at most, 1 to 60
//	keys:                   # other keys for actions; help shows their names when it is searched
//	  layers.toggle: x
//	  move.up: [up, k, w]
type Config struct {
	Theme      string         `yaml:"theme"`
	Background string         `yaml:"background"`
	Mouse      bool           `yaml:"mouse"`
	FPS        int            `yaml:"fps"`
	Keys       map[string]any `yaml:"keys"` // a key or a list of them, by action id
}

// The rates of drawing. News is gathered for a thirtieth of a second whatever the rate; a higher one
// answers keys sooner and costs an idle workbench more.
const (
	usualFPS = 30
	mostFPS  = 60
)

// ConfigDir is where config.yaml and the folder themes lie: $DEFROST_HOME, else
// $XDG_CONFIG_HOME/defrost, else .config/defrost in the home folder.
func ConfigDir() (string, error) {
	if home := os.Getenv("DEFROST_HOME"); home != "" {
		return home, nil
	}
	if config := os.Getenv("XDG_CONFIG_HOME"); config != "" {
		return filepath.Join(config, "defrost"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("config: %w", err)
	}
	return filepath.Join(home, ".config", "defrost"), nil
}

// LoadConfig reads a config file, strictly: a setting that is unknown or cannot work gives an error
// that names file and line. A missing file is the zero Config.
func LoadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, nil
	}
	if err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	var c Config
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return Config{}, readError(path, err)
	}
	for _, wrong := range c.wrong() {
		return Config{}, fmt.Errorf("config: %s:%d: %s", path, lineOf(data, wrong.at...), wrong.text)
	}
	return c, nil
}

// readError puts the line of a YAML error behind the path, on one line.
func readError(path string, err error) error {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return fmt.Errorf("config: %s:%d: %s", path, syntax.GetToken().Position.Line, syntax.GetMessage())
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("config: %s: %s", path, line)
}

// A wrong is a setting that cannot work, and where it stands.
type wrong struct {
	at   []string // names from the top of the file
	text string
}

// wrong lists the settings that cannot work.
func (c Config) wrong() []wrong {
	var list []wrong
	if c.Background != "" && c.Background != "dark" && c.Background != "light" {
		list = append(list, wrong{[]string{"background"}, fmt.Sprintf("background is %q, expected dark or light", c.Background)})
	}
	if c.FPS < 0 || c.FPS > mostFPS {
		list = append(list, wrong{[]string{"fps"}, fmt.Sprintf("fps is %d, expected 1 to %d", c.FPS, mostFPS)})
	}
	table := keyTable().All()
	for _, action := range sorted(c.Keys) {
		at := []string{"keys", action}
		if !slices.ContainsFunc(table, func(b shared.Binding) bool { return string(b.Action) == action }) {
			list = append(list, wrong{at, fmt.Sprintf("keys: found %q, expected an action that help lists", action)})
		}
		if _, err := keysOf(c.Keys[action]); err != nil {
			list = append(list, wrong{at, fmt.Sprintf("keys: %s: %v", action, err)})
		}
	}
	if err := keyTable().Rebind(c.bindings()); err != nil && len(list) == 0 {
		list = append(list, wrong{append([]string{"keys"}, mentioned(err, c.Keys)...), err.Error()})
	}
	return list
}

// mentioned is the action of the file that an error is about.
func mentioned(err error, keys map[string]any) []string {
	for _, action := range sorted(keys) {
		if strings.Contains(err.Error(), action) {
			return []string{action}
		}
	}
	return nil
}

func sorted(keys map[string]any) []string {
	var names []string
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// bindings are the other keys by action.
func (c Config) bindings() map[shared.Action][]string {
	all := map[shared.Action][]string{}
	for action, v := range c.Keys {
		all[shared.Action(action)], _ = keysOf(v)
	}
	return all
}

// keysOf reads one key or a list of them, as Bubble Tea names them.
func keysOf(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var keys []string
	for _, item := range list {
		name := fmt.Sprint(item) // 7 is a number to YAML and a key to a person
		if name == "space" {
			name = " "
		}
		if item == nil || !isKey(name) {
			return nil, fmt.Errorf("found %q, expected a key such as x, space, enter, f5, ctrl+r or alt+x", name)
		}
		keys = append(keys, name)
	}
	if len(keys) == 0 {
		return nil, errors.New("found no key, expected one or more")
	}
	return keys, nil
}

// namedKeys are the keys that are more than a letter.
var namedKeys = strings.Fields(`enter esc tab shift+tab backspace delete insert up down left right home end pgup pgdown
	shift+up shift+down shift+left shift+right ctrl+up ctrl+down ctrl+left ctrl+right ctrl+home ctrl+end ctrl+pgup ctrl+pgdown
	f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 f11 f12`)

func isKey(name string) bool {
	if slices.Contains(namedKeys, name) || len([]rune(name)) == 1 {
		return true
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return len(letter) == 1 && letter >= "a" && letter <= "z"
	}
	rest, ok := strings.CutPrefix(name, "alt+")
	return ok && isKey(rest)
}

// lineOf is the line of the setting that the names lead to, 1 when it is not found.
func lineOf(data []byte, names ...string) int {
	file, err := parser.ParseBytes(data, 0)
	if err != nil || len(file.Docs) == 0 {
		return 1
	}
	line, node := 1, ast.Node(file.Docs[0].Body)
	for _, name := range names {
		mapping, ok := node.(*ast.MappingNode)
		if !ok {
			break
		}
		for _, v := range mapping.Values {
			if v.Key.GetToken().Value == name {
				line, node = v.Key.GetToken().Position.Line, v.Value
			}
		}
	}
	return line
}

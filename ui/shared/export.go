package shared

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/report"
)

// Exported is what a screen shows, on its way to files.
type Exported struct {
	Name   string                          // of the files, such as "compare"
	Charts bool                            // there are some, so that it can be a picture
	Make   func() (report.Document, error) // called outside Update, on what it was given inside
}

// An Exporter is a screen whose contents can be written to files; ok is false while there is nothing
// to write.
type Exporter interface {
	Export() (e Exported, ok bool)
}

// ExportsFolder is where exports go: beside the runs.
func ExportsFolder() (string, error) {
	store, err := engine.DefaultStore()
	return filepath.Join(filepath.Dir(store.Root), "exports"), err
}

// Save writes an export in the colours of the current theme and says where it lies. Files are
// numbered, so that none is ever overwritten.
func (s *Session) Save(e Exported, f report.Format) tea.Cmd {
	if !e.Charts && (f == report.SVG || f == report.PNG) {
		return Complain(errors.New("export: this screen has no charts, expected csv, json, markdown or html for it"))
	}
	theme := s.Styles.Theme
	return func() tea.Msg {
		dir, err := ExportsFolder()
		if err != nil {
			return SayMsg{Text: err.Error(), Bad: true}
		}
		d, err := e.Make()
		if err != nil {
			return SayMsg{Text: err.Error(), Bad: true}
		}
		paths, err := d.Save(dir, e.Name, f, theme)
		if err != nil {
			return SayMsg{Text: err.Error(), Bad: true}
		}
		return SayMsg{Text: wrote(paths)}
	}
}

// wrote names the files: the whole path of one, the folder and the names of several.
func wrote(paths []string) string {
	if len(paths) == 1 {
		return "wrote " + paths[0]
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	return fmt.Sprintf("wrote %d files to %s: %s", len(paths), filepath.Dir(paths[0]), strings.Join(names, ", "))
}

package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/ui/report"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/pane"
)

// formats are the answers to what an export is written as; pictures need charts.
var formats = []struct {
	key     string
	format  report.Format
	picture bool
	about   string
}{
	{"s", report.SVG, true, "SVG, charts for documents"},
	{"p", report.PNG, true, "PNG, charts as a picture"},
	{"c", report.CSV, false, "CSV, tables and curves for spreadsheets"},
	{"j", report.JSON, false, "JSON, everything for programs"},
	{"m", report.Markdown, false, "Markdown, tables for notes"},
	{"h", report.HTML, false, "HTML, a page with charts and tables"},
}

// exportKeys are the bindings of the question.
func exportKeys() []shared.Binding {
	var keys []shared.Binding
	for _, f := range formats {
		keys = append(keys, shared.Binding{
			Action: exportAction(f.format), Where: "ask.export", Keys: []string{f.key}, Short: string(f.format), Help: "export as " + f.about,
		})
	}
	return keys
}

func exportAction(f report.Format) shared.Action { return "export." + shared.Action(f) }

// export asks what to write the screen as, when there is something on it.
func (a *App) export() tea.Cmd {
	screen, ok := a.screen().(shared.Exporter)
	if !ok {
		return shared.Say("nothing to export from this screen")
	}
	e, ok := screen.Export()
	if !ok {
		return shared.Say("nothing to export yet")
	}
	a.over = exporting{e}
	return nil
}

// exporting is the question.
type exporting struct{ what shared.Exported }

func (exporting) where() string    { return "ask.export" }
func (exporting) typed(tea.KeyMsg) {}

func (x exporting) act(a *App, action shared.Action) tea.Cmd {
	a.over = nil
	if action == "quit.now" {
		return a.quit()
	}
	for _, f := range formats {
		if action == exportAction(f.format) {
			return a.session.Save(x.what, f.format)
		}
	}
	return nil
}

func (x exporting) view(a *App, w, h int) string {
	s := &a.session.Styles
	p := pane.Pane{Title: "export " + x.what.Name + " as", Footer: "esc closes", Focused: true, Pad: 1, Styles: s.Pane()}
	lines := len(formats) + 3
	w = min(w, 58)
	iw, ih := p.Inner(w, lines)
	c := canvas.New(iw, ih)
	y := 0
	for _, f := range formats {
		if f.picture && !x.what.Charts {
			continue
		}
		c.Text(0, y, 3, f.key, c.Ink(s.Accent))
		c.Text(3, y, iw-3, f.about, c.Ink(s.Text))
		y++
	}
	if dir, err := shared.ExportsFolder(); err == nil {
		c.Text(0, y, iw, fmt.Sprintf("into %s", dir), c.Ink(s.Muted))
	}
	p.Body = c.String()
	return p.View(w, min(h, lines-(len(formats)-y)))
}

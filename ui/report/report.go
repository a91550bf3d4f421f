// Package report writes what a run, a comparison or a screen holds as files that others can open: one
// HTML page that needs nothing else, Markdown, CSV, JSON, and its charts as SVG and PNG.
//
//	d := report.Run(run)
//	err := d.HTML(w, theme)
//
// A Document is made from engine values (run.go, compare.go, sweep.go) or by a screen, and each form
// is a method of it.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"defrost/engine"
	"defrost/themes"
	"defrost/ui/figure"
)

// A Document is a report: a title, a few sentences, charts and tables.
type Document struct {
	Title  string
	Lead   []string // sentences
	Charts []figure.Chart
	Tables []Table
	Data   any // what JSON also carries under "data", for programs; nil for nothing
}

// A Table is rows of cells under a header, which is the first row. Rows may be shorter.
type Table struct {
	Title string
	Rows  [][]string
}

// Filled are the tables that have a row under their header.
func Filled(tables ...Table) []Table {
	var list []Table
	for _, t := range tables {
		if len(t.Rows) > 1 {
			list = append(list, t)
		}
	}
	return list
}

// sheetColumns is how many charts stand side by side.
const sheetColumns = 2

// Sheet is all charts on one picture, under the document's title.
func (d Document) Sheet() figure.Sheet {
	return figure.Sheet{Title: d.Title, Note: strings.Join(d.Lead, ". "), Charts: d.Charts, Columns: sheetColumns}
}

// SVG writes the charts as a vector drawing.
func (d Document) SVG(w io.Writer, t themes.Theme) error { return d.drawn(d.Sheet().SVG, w, t) }

// PNG writes the charts as a picture.
func (d Document) PNG(w io.Writer, t themes.Theme) error { return d.drawn(d.Sheet().PNG, w, t) }

func (d Document) drawn(draw func(io.Writer, themes.Theme) error, w io.Writer, t themes.Theme) error {
	if len(d.Charts) == 0 {
		return fmt.Errorf("report: found no charts in %q, expected at least one", d.Title)
	}
	return draw(w, t)
}

// Forms of the JSON document.
type (
	documentJSON struct {
		Title  string      `json:"title"`
		Lead   []string    `json:"text"`
		Data   any         `json:"data,omitempty"`
		Charts []chartJSON `json:"charts,omitempty"`
		Tables []tableJSON `json:"tables,omitempty"`
	}
	chartJSON struct {
		Title string     `json:"title"`
		X     string     `json:"x"`
		Lines []lineJSON `json:"lines"`
	}
	lineJSON struct {
		Name string          `json:"name"`
		X    []engine.Number `json:"x"`
		Y    []engine.Number `json:"y"`
		Low  []engine.Number `json:"low,omitempty"`
		High []engine.Number `json:"high,omitempty"`
	}
	tableJSON struct {
		Title  string     `json:"title"`
		Header []string   `json:"header"`
		Rows   [][]string `json:"rows"`
	}
)

// JSON writes everything as one object; numbers that are no numbers are texts.
func (d Document) JSON(w io.Writer) error {
	out := documentJSON{Title: d.Title, Lead: d.Lead, Data: d.Data}
	for _, c := range d.Charts {
		chart := chartJSON{Title: c.Title, X: c.X, Lines: []lineJSON{}}
		for _, l := range c.Lines {
			chart.Lines = append(chart.Lines, lineOf(l))
		}
		out.Charts = append(out.Charts, chart)
	}
	for _, t := range d.Tables {
		if len(t.Rows) > 0 {
			out.Tables = append(out.Tables, tableJSON{t.Title, t.Rows[0], t.Rows[1:]})
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func lineOf(l figure.Line) lineJSON {
	out := lineJSON{Name: l.Name, X: []engine.Number{}, Y: []engine.Number{}}
	for _, p := range l.Points {
		out.X, out.Y = append(out.X, engine.Number(p.X)), append(out.Y, engine.Number(p.Y))
		if l.Spread != figure.None {
			out.Low, out.High = append(out.Low, engine.Number(p.Low)), append(out.High, engine.Number(p.High))
		}
	}
	return out
}

// Package stack draws the freeze map: one row per layer of a network, from the
// embeddings down to the head, with its state, its size and its learning rate.
//
//	s := stack.Stack{
//		Rows: []stack.Row{
//			{Name: "embeddings", State: stack.Frozen, Params: 3_970_000},
//			{Name: "encoder.0", State: stack.Trains, Params: 198_000, Rate: 3e-5},
//		},
//		FreezeLine: 1, Anchor: -1, Styles: styles,
//	}
//	view := s.View(60, 20) // exactly 20 lines of 60 cells
//
// State is shown by a sign and a word as well as by colour. An open row is
// followed by its tensors. During a run, heat columns (gradient norm, distance
// from the pre-trained weights) stand at the right.
package stack

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
)

// State says whether a layer learns.
type State int

// The states of a layer.
const (
	Frozen State = iota
	Trains
	Partly // some of its tensors learn, for example only the biases
)

// A Row is a layer or, inside Parts, one of its tensors.
type Row struct {
	Name      string
	State     State
	Params    int64
	Trainable int64     // of Params; only read when State is Partly
	Rate      float64   // learning rate; 0 shows "-"
	Heat      []float64 // one value per Stack.Heats; NaN shows "-"
	Parts     []Row     // tensors, shown when Open; their own Parts are not shown
	Open      bool
	Note      string // replaces the heat columns, for example a tensor's shape
}

// Styles are the colours of a Stack.
type Styles struct {
	Header     lipgloss.Style
	Text       lipgloss.Style // names, counts and rates
	Muted      lipgloss.Style // tensors
	Frozen     lipgloss.Style // state and bar of frozen rows
	Trains     lipgloss.Style // of rows that learn
	Cursor     lipgloss.Style // the whole cursor row
	Selected   lipgloss.Style // the rows between Anchor and Cursor
	FreezeLine lipgloss.Style
	Heat       lipgloss.Style // heat bars
}

// A Stack is the freeze map. Cursor and Anchor count lines as Lines returns them.
type Stack struct {
	Rows       []Row
	Cursor     int      // line of the cursor; negative for none
	Anchor     int      // other end of the selected range; negative for none
	FreezeLine int      // rows before this index are below the line; negative for none
	LineHint   string   // written on the freeze line; "freeze line" when empty
	Heats      []string // titles of the heat columns
	NoHeader   bool
	Styles     Styles
}

// A Line names what a line of the map shows: a row, or part Part of it (-1 for the row itself).
type Line struct{ Row, Part int }

// Lines lists the rows and open parts in drawing order, without the freeze line.
func (s Stack) Lines() []Line {
	var out []Line
	for i, r := range s.Rows {
		out = append(out, Line{i, -1})
		if !r.Open {
			continue
		}
		for k := range r.Parts {
			out = append(out, Line{i, k})
		}
	}
	return out
}

// freezeLine stands for the freeze line among lines.
var freezeLine = Line{-1, -1}

// drawn is Lines with the freeze line, and the cursor's place among them.
func (s Stack) drawn() (lines []Line, index []int, cursor int) {
	cursor = s.Cursor
	all := s.Lines()
	for i, l := range all {
		if l.Part < 0 && l.Row == s.FreezeLine {
			lines, index = append(lines, freezeLine), append(index, -1)
		}
		if i == s.Cursor {
			cursor = len(lines)
		}
		lines, index = append(lines, l), append(index, i)
	}
	if s.FreezeLine >= 0 && s.FreezeLine == len(s.Rows) {
		lines, index = append(lines, freezeLine), append(index, -1)
	}
	return lines, index, cursor
}

// LineAt returns the line (as Cursor counts) drawn on row y of a view of height h, for the mouse.
func (s Stack) LineAt(y, h int) (line int, ok bool) {
	top := s.headerHeight(h)
	lines, index, cursor := s.drawn()
	from, to := canvas.Window(cursor, len(lines), h-top)
	at := from + y - top
	if y < top || at < from || at >= to || index[at] < 0 {
		return 0, false
	}
	return index[at], true
}

func (s Stack) headerHeight(h int) int {
	if s.NoHeader || h < 4 {
		return 0
	}
	return 1
}

// View draws the map, scrolled to the cursor, as exactly h lines of w cells.
func (s Stack) View(w, h int) string {
	c := canvas.New(w, h)
	w, h = c.Size()
	top := s.headerHeight(h)
	lines, index, cursor := s.drawn()
	from, to := canvas.Window(cursor, len(lines), h-top)
	p := painter{s: s, c: c, cols: s.layout(w), inks: newInks(c, s.Styles)}
	p.largest = s.largest()
	p.hottest = s.hottest()
	if top > 0 {
		p.header()
	}
	for i := from; i < to; i++ {
		y := top + i - from
		if lines[i] == freezeLine {
			p.freezeLine(y, w)
			continue
		}
		p.line(y, lines[i], index[i], w)
	}
	return c.String()
}

package stack

import (
	"math"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// Signs repeat in shape what the styles say in colour.
const (
	frozenSign = '■'
	trainsSign = '►'
	partlySign = '◊'
	cursorSign = '▸'
	rangeSign  = '*'
	closedSign = '+'
	openSign   = '-'
	partIndent = "└ "
)

type inks struct {
	header, text, muted, frozen, trains, cursor, selected, line, heat canvas.Ink
}

func newInks(c *canvas.Canvas, s Styles) inks {
	return inks{c.Ink(s.Header), c.Ink(s.Text), c.Ink(s.Muted), c.Ink(s.Frozen), c.Ink(s.Trains), c.Ink(s.Cursor), c.Ink(s.Selected), c.Ink(s.FreezeLine), c.Ink(s.Heat)}
}

// painter draws one view of a stack.
type painter struct {
	s       Stack
	c       *canvas.Canvas
	cols    columns
	inks    inks
	largest float64
	hottest []float64
}

// state is the sign, word and colour of a row's state.
func (p *painter) state(r Row) (sign rune, word string, k canvas.Ink) {
	switch r.State {
	case Trains:
		return trainsSign, "trains", p.inks.trains
	case Partly:
		return partlySign, "partly", p.inks.trains
	}
	return frozenSign, "frozen", p.inks.frozen
}

func (p *painter) header() {
	x := signs
	p.c.Text(x, 0, p.cols.name, "layer", p.inks.header)
	x += p.cols.name
	if p.cols.state == stateWidth {
		p.c.Text(x+1, 0, stateWidth-1, "state", p.inks.header)
	}
	x += p.cols.state
	if p.cols.bar > 0 {
		title := "parameters"
		if p.cols.bar < len(title) {
			title = "params"
		}
		p.c.Text(x+1, 0, p.cols.bar, title, p.inks.header)
		x += p.cols.bar + 1
	} else if p.cols.count > 0 {
		p.c.Right(x+1, 0, p.cols.count-1, "params", p.inks.header)
	}
	x += p.cols.count
	if p.cols.rate > 0 {
		p.c.Right(x+1, 0, p.cols.rate-1, "rate", p.inks.header)
	}
	x += p.cols.rate
	for i := range p.cols.heats {
		p.c.Right(x+1, 0, heatWidth-1-heatBar, p.s.Heats[i], p.inks.header)
		x += heatWidth
	}
}

// base is the ink that a whole line is drawn with when the cursor or the range covers it.
func (p *painter) base(index int) (k canvas.Ink, sign rune, covers bool) {
	lo, hi := min(p.s.Anchor, p.s.Cursor), max(p.s.Anchor, p.s.Cursor)
	switch {
	case index == p.s.Cursor:
		return p.inks.cursor, cursorSign, true
	case p.s.Anchor >= 0 && p.s.Cursor >= 0 && index >= lo && index <= hi:
		return p.inks.selected, rangeSign, true
	}
	return p.inks.text, ' ', false
}

// line draws one row or part.
func (p *painter) line(y int, l Line, index, w int) {
	row := p.s.Rows[l.Row]
	text := p.inks.text
	if l.Part >= 0 {
		row, text = row.Parts[l.Part], p.inks.muted
	}
	sign, word, state := p.state(row)
	bar := state // bars keep their colour under the cursor: a bar in its ink would look like a hole
	base, mark, covers := p.base(index)
	if covers {
		p.c.Paint(0, y, w, base)
		p.c.Set(0, y, mark, base)
		text, state = base, base
		if p.s.Styles.Trains.GetForeground() == (lipgloss.NoColor{}) {
			bar = base // without colours the other ink is that of the row itself
		}
	}
	p.name(y, row, l.Part >= 0, text)
	x := signs + p.cols.name
	p.c.Set(x+1, y, sign, state)
	if p.cols.state == stateWidth {
		p.c.Text(x+3, y, stateWidth-3, word, state)
	}
	x += p.cols.state
	if p.cols.bar > 0 {
		p.bar(x+1, y, row, bar, p.inks.frozen)
		x += p.cols.bar + 1
	}
	p.numbers(x, y, row, text, p.inks.heat)
}

// name writes the row's name, or a tensor's indented under it.
func (p *painter) name(y int, r Row, part bool, k canvas.Ink) {
	if part {
		n := p.c.Text(signs, y, p.cols.name, partIndent, k)
		p.c.Text(signs+n, y, p.cols.name-n, r.Name, k)
		return
	}
	if len(r.Parts) > 0 {
		sign := closedSign
		if r.Open {
			sign = openSign
		}
		p.c.Set(1, y, sign, k)
	}
	p.c.Text(signs, y, p.cols.name, r.Name, k)
}

// bar draws the share of the largest layer; a partly frozen row has a lighter part that stays.
func (p *painter) bar(x, y int, r Row, state, frozen canvas.Ink) {
	n := p.c.Bar(x, y, p.cols.bar, float64(r.Params)/p.largest, state)
	if r.State != Partly || r.Params <= 0 {
		return
	}
	learns := int(math.Ceil(float64(n) * float64(max(r.Trainable, 0)) / float64(r.Params)))
	p.c.Rule(x+learns, y, n-learns, '▒', frozen)
}

// numbers writes parameters, rate and heat from column x on.
func (p *painter) numbers(x, y int, r Row, text, heat canvas.Ink) {
	if p.cols.count > 0 {
		p.c.Right(x+1, y, p.cols.count-1, number.Compact(float64(r.Params)), text)
	}
	x += p.cols.count
	if p.cols.rate > 0 {
		p.c.Right(x+1, y, p.cols.rate-1, number.Rate(r.Rate), text)
	}
	x += p.cols.rate
	if r.Note != "" {
		p.c.Text(x+2, y, p.cols.heats*heatWidth-2, r.Note, text)
		return
	}
	for i := range p.cols.heats {
		if i < len(r.Heat) {
			p.heat(x, y, r.Heat[i], p.hottest[i], text, heat)
		}
		x += heatWidth
	}
}

// heat writes a value and its share of the column's largest; exactly 0 is written "0", with no bar.
func (p *painter) heat(x, y int, v, most float64, text, heat canvas.Ink) {
	shown := number.Sig(v, 3)
	if math.IsNaN(v) {
		shown = "-"
	}
	n := heatWidth - 1 - heatBar
	p.c.Right(x+1, y, n, shown, text)
	if most > 0 {
		p.c.Bar(x+n+2, y, heatBar-1, v/most, heat)
	}
}

func (p *painter) freezeLine(y, w int) {
	hint := p.s.LineHint
	if hint == "" {
		hint = "freeze line"
	}
	p.c.Rule(1, y, w-2, '─', p.inks.line)
	if w > signs+6 {
		n := p.c.Text(signs+2, y, w-signs-6, hint, p.inks.line)
		p.c.Set(signs+1, y, ' ', canvas.Plain)
		p.c.Set(signs+2+n, y, ' ', canvas.Plain)
	}
}

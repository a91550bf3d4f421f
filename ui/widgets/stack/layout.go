package stack

import (
	"math"

	"defrost/ui/widgets/canvas"
)

// Widths of the columns, in cells, with the blank before each.
const (
	signs      = 3 // cursor, open or closed, blank
	leastName  = 12
	mostName   = 28
	stateWidth = 9 // " ■ frozen"
	signState  = 2 // " ■"
	countWidth = 8
	rateWidth  = 9
	heatBar    = 6
	heatWidth  = 8 + heatBar
	leastBar   = 5
	mostBar    = 40
)

// columns are the widths left after fitting; 0 leaves a column out.
type columns struct{ name, state, bar, count, rate, heats int }

// layout fits the columns into w cells: names, counts and signs stay longest,
// heat goes first, then the bar, then the rate, then the words of the state.
func (s Stack) layout(w int) columns {
	c := columns{name: s.nameWidth(), state: stateWidth, count: countWidth, rate: rateWidth, heats: len(s.Heats)}
	c.name = min(c.name, max(leastName, w/3))
	free := func() int { return w - signs - c.name - c.state - c.count - c.rate - c.heats*heatWidth }
	for free() < leastBar+1 && c.heats > 0 {
		c.heats--
	}
	if free() < 0 {
		c.rate = 0
	}
	if free() < 0 {
		c.state = signState
	}
	if free() < 0 {
		c.count = 0
	}
	if free() < 0 {
		c.name = max(0, c.name+free())
	}
	if f := free() - 1; f >= leastBar {
		c.bar = min(f, mostBar)
	}
	return c
}

func (s Stack) nameWidth() int {
	n := leastName
	for _, r := range s.Rows {
		n = max(n, canvas.Width(r.Name))
		if !r.Open {
			continue
		}
		for _, part := range r.Parts {
			n = max(n, canvas.Width(part.Name)+canvas.Width(partIndent))
		}
	}
	return min(n, mostName)
}

// largest is the parameter count that a full bar stands for.
func (s Stack) largest() float64 {
	most := int64(1)
	for _, r := range s.Rows {
		most = max(most, r.Params)
	}
	return float64(most)
}

// hottest is the value of a full heat bar, per heat column.
func (s Stack) hottest() []float64 {
	most := make([]float64, len(s.Heats))
	for _, r := range s.Rows {
		for i := range min(len(most), len(r.Heat)) {
			if v := r.Heat[i]; !math.IsInf(v, 0) && v > most[i] {
				most[i] = v
			}
		}
	}
	return most
}

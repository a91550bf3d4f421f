package figure

import "image/color"

// A spot is a place on the sheet in pixels, from its top left.
type spot struct{ x, y float64 }

// A stroke is how a path is drawn.
type stroke struct {
	colour  color.RGBA
	width   float64
	opacity float64
	dash    []float64
}

// An anchor is which part of a text stands at its spot.
type anchor int

const (
	begins anchor = iota
	centred
	ends
)

// A lettering is how text is written.
type lettering struct {
	colour color.RGBA
	size   float64 // pixels
	bold   bool
	anchor anchor
}

// A surface is what a sheet is drawn on: SVG or PNG.
type surface interface {
	path(points []spot, s stroke)
	area(points []spot, c color.RGBA, opacity float64)
	text(at spot, text string, l lettering)
}

// rectangle is the outline of a box.
func rectangle(b box) []spot {
	return []spot{{b.x, b.y}, {b.x + b.w, b.y}, {b.x + b.w, b.y + b.h}, {b.x, b.y + b.h}}
}

// A box is a part of the sheet.
type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }

package figure

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"defrost/themes"
)

// scale is the pixels of a PNG per pixel of the sheet, so that it is sharp on today's screens and
// in print.
const scale = 2

// PNG writes the sheet as a picture of twice its size.
func (s Sheet) PNG(w io.Writer, t themes.Theme) error { return png.Encode(w, s.picture(t)) }

func (s Sheet) picture(t themes.Theme) *image.RGBA {
	size := s.size()
	r := &raster{image: image.NewRGBA(image.Rect(0, 0, int(size.x*scale), int(size.y*scale))), letters: letters{}}
	s.draw(&painter{r, inksOf(t), r.letters})
	return r.image
}

// A raster is a surface of pixels.
type raster struct {
	image   *image.RGBA
	letters letters
	fill    vector.Rasterizer
}

func (r *raster) area(points []spot, c color.RGBA, opacity float64) {
	r.shapes([][]spot{points}, c, opacity)
}

// path fills the outline of a stroke: a bar along every piece, a disc at every joint. All of them
// turn the same way, so that where they lie over each other is as dark as elsewhere.
func (r *raster) path(points []spot, s stroke) {
	var shapes [][]spot
	for _, part := range dashed(points, s.dash) {
		for i, p := range part {
			if len(s.dash) == 0 || i > 0 && i < len(part)-1 {
				shapes = append(shapes, disc(p, s.width/2))
			}
			if i > 0 && p != part[i-1] {
				shapes = append(shapes, bar(part[i-1], p, s.width/2))
			}
		}
	}
	r.shapes(shapes, s.colour, s.opacity)
}

// shapes fills closed outlines in one go, within the rectangle that holds them.
func (r *raster) shapes(list [][]spot, c color.RGBA, opacity float64) {
	b := r.around(list)
	if b.Empty() {
		return
	}
	r.fill.Reset(b.Dx(), b.Dy())
	at := func(p spot) (x, y float32) {
		return float32(p.x*scale - float64(b.Min.X)), float32(p.y*scale - float64(b.Min.Y))
	}
	for _, shape := range list {
		for i, p := range shape {
			if x, y := at(p); i == 0 {
				r.fill.MoveTo(x, y)
			} else {
				r.fill.LineTo(x, y)
			}
		}
		r.fill.ClosePath()
	}
	ink := image.NewUniform(color.NRGBA{c.R, c.G, c.B, uint8(math.Round(255 * opacity))})
	r.fill.Draw(r.image, b, ink, image.Point{})
}

// around is the part of the picture that outlines lie in.
func (r *raster) around(list [][]spot) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, shape := range list {
		for _, p := range shape {
			x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
		}
	}
	if x0 > x1 {
		return image.Rectangle{}
	}
	down, up := func(v float64) int { return int(math.Floor(v * scale)) }, func(v float64) int { return int(math.Ceil(v * scale)) }
	return image.Rect(down(x0), down(y0), up(x1)+1, up(y1)+1).Intersect(r.image.Bounds())
}

// bar is the rectangle of the given half width along a piece of a line.
func bar(a, b spot, half float64) []spot {
	n := math.Hypot(b.x-a.x, b.y-a.y)
	dx, dy := (b.x-a.x)/n*half, (b.y-a.y)/n*half
	return []spot{{a.x - dy, a.y + dx}, {a.x + dy, a.y - dx}, {b.x + dy, b.y - dx}, {b.x - dy, b.y + dx}}
}

// discSides make a joint round enough.
const discSides = 12

// disc is a circle, turning as bar does.
func disc(c spot, radius float64) []spot {
	var list []spot
	for i := range discSides {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / discSides)
		list = append(list, spot{c.x + radius*cos, c.y + radius*sin})
	}
	return list
}

func (r *raster) text(at spot, text string, l lettering) {
	switch w := r.letters.width(text, l.size, l.bold); l.anchor {
	case centred:
		at.x -= w / 2
	case ends:
		at.x -= w
	}
	d := font.Drawer{Dst: r.image, Src: image.NewUniform(l.colour), Face: r.letters.face(l.size*scale, l.bold), Dot: fixed.Point26_6{X: units(at.x), Y: units(at.y)}}
	d.DrawString(text)
}

// units are pixels of the picture in 64ths.
func units(v float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(v * scale * 64)) }

package figure

import (
	"image/color"

	"defrost/themes"
)

// inks are the colours of a drawing by role.
type inks struct {
	paper, text, muted, grid, axis, bad, warn color.RGBA
	series                                    []color.RGBA
}

// Colours of themes that have none.
const (
	black = themes.Colour("#000000")
	grey  = themes.Colour("#595959")
	pale  = themes.Colour("#d9d9d9")
	white = themes.Colour("#ffffff")
)

// inksOf takes the colours of a theme; a mono theme draws black on white and tells lines apart by
// dash and marker alone.
func inksOf(t themes.Theme) inks {
	of := func(c, otherwise themes.Colour) color.RGBA {
		r, g, b, ok := c.RGB()
		if !ok {
			r, g, b, _ = otherwise.RGB()
		}
		return color.RGBA{r, g, b, 255}
	}
	k := inks{
		paper: of(t.Background, white), text: of(t.Text, black), muted: of(t.Muted, grey), grid: of(t.Band, pale),
		axis: of(t.Border, grey), bad: of(t.Bad, black), warn: of(t.Warn, black),
	}
	for _, c := range t.Series {
		k.series = append(k.series, of(c, black))
	}
	return k
}

func (k inks) of(style int) color.RGBA { return k.series[mod(style, len(k.series))] }

// dashes are the patterns of lines in pixels, on and off; the first is solid.
var dashes = [][]float64{nil, {9, 4}, {2, 3}, {9, 3, 2, 3}, {16, 5}, {4, 4}}

func dashOf(style int) []float64 { return dashes[mod(style, len(dashes))] }

func mod(n, m int) int { return (n%m + m) % m }

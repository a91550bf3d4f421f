package figure

// Lengths of a legend in pixels.
const (
	sample    = 28 // of a line before its name
	legendGap = 18
)

// legend names the lines from the top of a box on, in as many rows as they need, and returns where
// it ends. A single line that is called what the chart is called needs no legend.
func (c Chart) legend(p *painter, b box) (end float64) {
	named := 0
	for _, l := range c.Lines {
		if l.Name != "" {
			named++
		}
	}
	if named == 0 {
		return b.y
	}
	x, y := b.x, b.y
	for _, l := range c.Lines {
		if l.Name == "" {
			continue
		}
		name := p.cut(l.Name, b.w-sample-6, textSize, false)
		w := sample + 6 + p.width(name, textSize, false)
		if x > b.x && x+w > b.right() {
			x, y = b.x, y+lineHeight
		}
		l.key(p, spot{x, y + 8})
		p.text(spot{x + sample + 6, y + 12}, name, lettering{p.ink.text, textSize, false, begins})
		x += w + legendGap
	}
	return y + lineHeight
}

// key draws a sample of the line.
func (l Line) key(p *painter, at spot) {
	if !l.Loose {
		p.path([]spot{at, {at.x + sample, at.y}}, l.stroke(p.ink))
	}
	if l.Dots || l.Loose {
		l.dot(p, spot{at.x + sample/2, at.y})
	}
}

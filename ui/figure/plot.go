package figure

import "math"

// A plot is a chart with its place on the sheet: the rectangle of the curves and the two axes.
type plot struct {
	Chart
	p    *painter
	in   box
	x, y axis
}

// draw paints the chart into a box: title, legend, axes, lines.
func (c Chart) draw(p *painter, b box) {
	b = box{b.x, b.y, b.w - margin, b.h - margin}
	top := b.y
	if c.Title != "" {
		p.text(spot{b.x, top + headSize}, p.cut(c.Title, b.w, headSize, true), lettering{p.ink.text, headSize, true, begins})
		top += headSize + 8
	}
	top = c.legend(p, box{b.x, top, b.w, 0})
	t := &plot{Chart: c, p: p, x: newAxis(c.LogX), y: newAxis(c.LogY)}
	t.limit()
	if t.x.empty() || t.y.empty() {
		t.nothing(box{b.x, top, b.w, b.bottom() - top})
		return
	}
	t.place(box{b.x, top, b.w, b.bottom() - top})
	t.axes()
	t.marks()
	t.lines()
}

// limit finds the ends of the axes.
func (t *plot) limit() {
	for _, l := range t.Lines {
		for _, q := range l.Points {
			t.x.include(q.X) // of values that are no number too: they get a mark
			t.y.include(q.Y)
			if l.Spread != None && t.y.takes(q.Y) {
				t.y.include(q.Low)
				t.y.include(q.High)
			}
		}
	}
	for _, tick := range t.XTicks {
		t.x.include(tick.Value)
	}
	if !t.x.empty() && !t.y.empty() {
		t.x.pad(max(t.Room, 0.02))
		t.y.pad(0.06)
	}
}

// nothing says why there are no curves.
func (t *plot) nothing(b box) {
	text := t.Empty
	for _, l := range t.Lines {
		if len(l.Points) > 0 {
			text = "no finite value"
		}
	}
	if text == "" {
		text = "no data"
	}
	t.p.path(append(rectangle(b), spot{b.x, b.y}), stroke{t.p.ink.grid, 1, 1, nil})
	t.p.text(spot{b.x + b.w/2, b.y + b.h/2}, text, lettering{t.p.ink.muted, textSize, false, centred})
}

// Room around the curves in pixels: the name of the y axis above, ticks and the name of the x axis
// below, a tick's label to the right.
const (
	nameRoom = 22
	below    = 36
	aside    = 12
)

// place puts the axes where their labels have room.
func (t *plot) place(b box) {
	above := 8.0
	if t.Y != "" {
		above = nameRoom
	}
	h := b.h - above - below
	left := 0.0
	for _, tick := range t.yTicks(h) {
		left = max(left, t.p.width(tick.Text, textSize, false))
	}
	left = math.Ceil(left) + 8
	t.in = box{b.x + left, b.y + above, b.w - left - aside, h}
	t.x.a, t.x.b = t.in.x, t.in.right()
	t.y.a, t.y.b = t.in.bottom(), t.in.y
}

func (t *plot) yTicks(h float64) []Tick { return t.y.ticks(int(h / 30)) }

func (t *plot) xTicks() []Tick {
	if len(t.XTicks) > 0 {
		return t.XTicks
	}
	return t.x.ticks(int(t.in.w / 80))
}

// axes paints the grid, the ticks and the names.
func (t *plot) axes() {
	p, label := t.p, lettering{t.p.ink.muted, textSize, false, ends}
	for _, tick := range t.yTicks(t.in.h) {
		y := t.y.at(tick.Value)
		p.path([]spot{{t.in.x, y}, {t.in.right(), y}}, stroke{p.ink.grid, 1, 1, nil})
		p.text(spot{t.in.x - 6, y + 4}, tick.Text, label)
	}
	label.anchor = centred
	for _, tick := range t.xTicks() {
		if !t.x.takes(tick.Value) {
			continue
		}
		x := t.x.at(tick.Value)
		p.path([]spot{{x, t.in.bottom()}, {x, t.in.bottom() + 4}}, stroke{p.ink.axis, 1, 1, nil})
		p.text(spot{x, t.in.bottom() + 17}, tick.Text, label)
	}
	p.path([]spot{{t.in.x, t.in.y}, {t.in.x, t.in.bottom()}, {t.in.right(), t.in.bottom()}}, stroke{p.ink.axis, 1, 1, nil})
	label.anchor = begins
	p.text(spot{t.in.x, t.in.y - 8}, axisName(t.Y, t.LogY), label)
	label.anchor = ends
	p.text(spot{t.in.right(), t.in.bottom() + 32}, axisName(t.X, t.LogX), label)
}

func axisName(name string, log bool) string {
	if log && name != "" {
		return name + " (log)"
	}
	return name
}

// marks paints what happened on the way; letters that would lie over each other step down a line.
func (t *plot) marks() {
	last, level := math.Inf(-1), 0.0
	for _, m := range t.Marks {
		if !t.x.takes(m.X) || t.x.share(m.X) < 0 || t.x.share(m.X) > 1 {
			continue
		}
		x := t.x.at(m.X)
		if level++; x-last > 14 || level > 5 {
			level = 0
		}
		last = x
		t.p.path([]spot{{x, t.in.y}, {x, t.in.bottom()}}, stroke{t.p.ink.warn, 1, 0.7, []float64{3, 3}})
		t.p.text(spot{x + 3, t.in.y + 11 + level*13}, m.Text, lettering{t.p.ink.warn, textSize - 1, true, begins})
	}
}

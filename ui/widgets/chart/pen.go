package chart

import "math"

// pen draws a dashed path of dots for one line.
type pen struct {
	p     *plot
	owner uint8
	dash  string
	phase int // dots drawn, which chooses the place in the dash pattern
	down  bool
	x, y  float64
}

func (n *pen) moveTo(x, y float64) {
	n.x, n.y, n.down = x, y, !math.IsNaN(y)
}

// lineTo draws from the pen's place to (x, y), or a single dot when the pen was up.
func (n *pen) lineTo(x, y float64) {
	fx, fy, from := n.x, n.y, n.down
	n.moveTo(x, y)
	switch {
	case math.IsNaN(y):
	case !from:
		n.dot(int(math.Floor(x+0.5)), int(math.Floor(clampDot(y)+0.5)), false)
	default:
		n.segment(fx, fy, x, y)
	}
}

// segment sets the dots of a straight line after its start, clipped to the
// plot, one per step along its longer side.
func (n *pen) segment(ax, ay, bx, by float64) {
	w, h := float64(n.p.pw*n.p.kind.cx-1), float64(n.p.ph*n.p.kind.cy-1)
	first := 1
	if ax < 0 || ay < 0 || ay > h { // the start is clipped, so its dot is not drawn yet
		first = 0
	}
	ax, ay, bx, by, ok := clip(ax, ay, bx, by, w, h)
	if !ok {
		return
	}
	steep := math.Abs(by-ay) > math.Abs(bx-ax)
	steps := int(max(math.Abs(bx-ax), math.Abs(by-ay), 1) + 0.5)
	for k := first; k <= steps; k++ {
		f := float64(k) / float64(steps)
		n.dot(int(ax+(bx-ax)*f+0.5), int(ay+(by-ay)*f+0.5), steep)
	}
}

// dot sets the next dot of the dash pattern. Braille curves are two dots thick,
// across their direction, for one dot is lost in a band.
func (n *pen) dot(x, y int, steep bool) {
	on := n.dash[n.phase%len(n.dash)] == '1'
	n.phase++
	if !on {
		return
	}
	n.set(x, y)
	switch {
	case n.p.c.Symbols != Braille:
	case steep:
		n.set(x+1, y)
	default:
		n.set(x, y+1)
	}
}

func (n *pen) set(x, y int) {
	if d, bit := n.p.at(x, y); d != nil {
		d.line |= bit
		d.lineOf = n.owner
	}
}

// at returns the cell and bit of a dot; nil outside the plot.
func (p *plot) at(x, y int) (*dots, uint8) {
	k := p.kind
	cx, cy := x>>k.shiftX, y>>k.shiftY
	if x < 0 || y < 0 || cx >= p.pw || cy >= p.ph {
		return nil, 0
	}
	return &p.cells[cy*p.pw+cx], k.bits[y&(k.cy-1)][x&(k.cx-1)]
}

// stipple draws one line's band.
type stipple struct {
	p     *plot
	owner uint8
	shift int // moves the pattern, so that two bands that overlap look denser
}

// fill sets every fourth dot of column x between the rows top and bottom.
func (s *stipple) fill(x int, top, bottom float64) {
	last := float64(s.p.ph*s.p.kind.cy - 1)
	from, to := int(max(top, 0)+0.5), int(min(bottom, last)+0.5)
	if to-from < 2 { // a thin band: the raw curve itself, every other dot
		if x&1 == 0 {
			s.set(x, from)
		}
		return
	}
	for y := from; y <= to; y++ {
		if (y+s.shift)&1 == 0 && (x+(y+s.shift)>>1)&1 == 0 {
			s.set(x, y)
		}
	}
}

func (s *stipple) dot(x int, y float64) { s.set(x, int(math.Floor(clampDot(y)+0.5))) }

func (s *stipple) set(x, y int) {
	if d, bit := s.p.at(x, y); d != nil {
		d.band |= bit
		d.bandOf = s.owner
	}
}

// clampDot keeps a dot row that is far outside the plot inside an int.
func clampDot(y float64) float64 { return min(max(y, -1e6), 1e6) }

// clip cuts a segment to 0..w and 0..h (Liang and Barsky, 1984); ok is false when nothing is left.
func clip(ax, ay, bx, by, w, h float64) (cx, cy, dx, dy float64, ok bool) {
	ux, uy, t0, t1 := bx-ax, by-ay, 0.0, 1.0
	for _, e := range [4][2]float64{{-ux, ax}, {ux, w - ax}, {-uy, ay}, {uy, h - ay}} {
		switch p, q := e[0], e[1]; {
		case p == 0 && q < 0:
			return 0, 0, 0, 0, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if !(t0 <= t1) {
		return 0, 0, 0, 0, false
	}
	return ax + t0*ux, ay + t0*uy, ax + t1*ux, ay + t1*uy, true
}

package figure

import (
	"math"
	"slices"
)

// stroke is how the line is drawn.
func (l Line) stroke(k inks) stroke { return stroke{k.of(l.Style), 2, 1, dashOf(l.Style)} }

// pale is how the points of a smoothed line are drawn.
func (l Line) pale(k inks) stroke { return stroke{k.of(l.Style), 1, 0.35, nil} }

// lines paints areas first, then what is pale, then the rest, so that nothing hides a curve.
func (t *plot) lines() {
	bars, n := t.crowd(), 0
	for _, l := range t.Lines {
		if l.Spread == Band {
			t.band(l)
		}
		if l.Smooth > 0 {
			t.curve(l.Points, l.pale(t.p.ink), 0)
		}
	}
	for _, l := range t.Lines {
		shift := 0.0
		if l.Spread == Bars && bars > 1 {
			shift = barGap * (float64(n) - float64(bars-1)/2) // bars at one place stand side by side
			n++
		}
		t.line(l, shift)
	}
}

// crowd is how many lines have error bars, 0 when no two of them have one at the same place.
func (t *plot) crowd() int {
	lines, shared, seen := 0, false, map[float64]bool{}
	for _, l := range t.Lines {
		if l.Spread != Bars {
			continue
		}
		lines++
		for _, q := range l.Points {
			shared = shared || seen[q.X]
			seen[q.X] = true
		}
	}
	if !shared {
		return 0
	}
	return lines
}

// barGap is how far apart error bars at one place stand, barCap how wide their ends are.
const (
	barGap = 7
	barCap = 3
)

// line paints the curve, its error bars and markers, and a cross under every value that is no
// number.
func (t *plot) line(l Line, shift float64) {
	if !l.Loose {
		t.curve(smoothed(l.Points, l.Smooth), l.stroke(t.p.ink), shift)
	}
	for _, q := range l.Points {
		if !t.x.takes(q.X) || !t.y.takes(q.Y) {
			continue
		}
		at := spot{t.x.at(q.X) + shift, t.y.at(q.Y)}
		if l.Spread == Bars && finite(q.Low) && finite(q.High) {
			t.bar(l, at.x, t.y.at(q.Low), t.y.at(q.High))
		}
		if l.Dots || l.Loose {
			l.dot(t.p, at)
		}
	}
	t.crosses(l)
}

// curve joins points, but not over gaps.
func (t *plot) curve(points []Point, s stroke, shift float64) {
	for _, run := range t.runs(points) {
		run = thinned(run)
		for i := range run {
			run[i].x += shift
		}
		t.p.path(run, s)
	}
}

func (t *plot) bar(l Line, x, low, high float64) {
	s := stroke{t.p.ink.of(l.Style), 1.5, 1, nil}
	t.p.path([]spot{{x, low}, {x, high}}, s)
	for _, y := range []float64{low, high} {
		t.p.path([]spot{{x - barCap, y}, {x + barCap, y}}, s)
	}
}

// runs are the stretches of points that have a place, in pixels.
func (t *plot) runs(points []Point) [][]spot {
	var list [][]spot
	whole := false
	for _, q := range points {
		if !t.x.takes(q.X) || !t.y.takes(q.Y) {
			whole = false
			continue
		}
		if !whole {
			list, whole = append(list, nil), true
		}
		list[len(list)-1] = append(list[len(list)-1], spot{t.x.at(q.X), t.y.at(q.Y)})
	}
	return list
}

// thinned keeps of every column of pixels the first, lowest, highest and last point in their order
// (Jugel et al., "M4", 2014), which draw the same picture as all of them.
func thinned(points []spot) []spot {
	var out []spot
	for i := 0; i < len(points); {
		j := i + 1
		for j < len(points) && math.Floor(points[j].x) == math.Floor(points[i].x) {
			j++
		}
		low, high := i, i
		for k := i; k < j; k++ {
			if points[k].y < points[low].y {
				low = k
			}
			if points[k].y > points[high].y {
				high = k
			}
		}
		keep := []int{i, low, high, j - 1}
		slices.Sort(keep)
		for _, k := range slices.Compact(keep) {
			out = append(out, points[k])
		}
		i = j
	}
	return out
}

// band paints the area between the lows and the highs of every stretch of points that have both.
func (t *plot) band(l Line) {
	var low, high []spot
	flush := func() {
		if len(low) > 1 {
			low, high = thinned(low), thinned(high)
			slices.Reverse(high)
			t.p.area(append(low, high...), t.p.ink.of(l.Style), 0.18)
		}
		low, high = nil, nil
	}
	for _, q := range l.Points {
		if !t.x.takes(q.X) || !finite(q.Low) || !finite(q.High) {
			flush()
			continue
		}
		x := t.x.at(q.X)
		low, high = append(low, spot{x, t.y.at(q.Low)}), append(high, spot{x, t.y.at(q.High)})
	}
	flush()
}

// crosses marks the values that have no place, at most one per few pixels.
func (t *plot) crosses(l Line) {
	last := math.Inf(-1)
	for _, q := range l.Points {
		if t.y.takes(q.Y) || !t.x.takes(q.X) || t.x.share(q.X) < 0 || t.x.share(q.X) > 1 {
			continue
		}
		x, y := t.x.at(q.X), t.in.bottom()-6
		if x-last < 6 {
			continue
		}
		last = x
		s := stroke{t.p.ink.bad, 1.5, 1, nil}
		t.p.path([]spot{{x - 3, y - 3}, {x + 3, y + 3}}, s)
		t.p.path([]spot{{x - 3, y + 3}, {x + 3, y - 3}}, s)
	}
}

// markers are regular polygons: sides, the turn of the first corner in degrees, and the radius.
var markers = []struct{ sides, turn, radius float64 }{
	{20, 0, 4}, {4, 45, 4.8}, {3, -90, 5.2}, {4, 0, 5}, {3, 90, 5.2}, {6, 0, 4.6},
}

// dot paints the marker of the line.
func (l Line) dot(p *painter, at spot) {
	m := markers[mod(l.Style, len(markers))]
	var corners []spot
	for i := range int(m.sides) {
		sin, cos := math.Sincos((m.turn + 360*float64(i)/m.sides) * math.Pi / 180)
		corners = append(corners, spot{at.x + m.radius*cos, at.y + m.radius*sin})
	}
	p.area(corners, p.ink.of(l.Style), 1)
}

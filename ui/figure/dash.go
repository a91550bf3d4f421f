package figure

import "math"

// dashed cuts a path into the pieces that a pattern of lengths, on and off, leaves of it.
func dashed(points []spot, pattern []float64) [][]spot {
	if len(pattern) == 0 || len(points) < 2 {
		return [][]spot{points}
	}
	parts, part := [][]spot{}, []spot{points[0]}
	at, left, on := 0, pattern[0], true
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		for n := math.Hypot(to.x-from.x, to.y-from.y); n > left; n = math.Hypot(to.x-from.x, to.y-from.y) {
			from = spot{from.x + (to.x-from.x)*left/n, from.y + (to.y-from.y)*left/n}
			if on {
				parts = append(parts, append(part, from))
			}
			at, on = (at+1)%len(pattern), !on
			left, part = pattern[at], []spot{from}
		}
		left -= math.Hypot(to.x-from.x, to.y-from.y)
		part = append(part, to)
	}
	if on {
		parts = append(parts, part)
	}
	return parts
}

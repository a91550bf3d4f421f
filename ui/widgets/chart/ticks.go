package chart

import (
	"math"
	"strconv"

	"defrost/ui/widgets/number"
)

type tick struct {
	value float64
	label string
}

// maxTicks bounds any axis; no terminal has room for more labels.
const maxTicks = 64

// niceStep is the smallest of 1, 2, 5 times a power of ten that cuts width into at most n parts.
func niceStep(width float64, n int) float64 {
	raw := width / float64(max(n, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*power >= raw*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// linearTicks are the multiples of a nice step inside r, at most about n.
func linearTicks(r Range, n int, format func(float64) string) []tick {
	return multiples(r, niceStep(r.To-r.From, n), format)
}

// multiples are the ticks at multiples of step inside r.
func multiples(r Range, step float64, format func(float64) string) []tick {
	if !(step > 0) || !finite(step) {
		return nil
	}
	first := math.Ceil(r.From/step - 1e-9)
	var out []tick
	for i := range maxTicks {
		v := (first + float64(i)) * step
		if v > r.To+step*1e-9 {
			break
		}
		out = append(out, tick{v, label(v, step, format)})
	}
	return out
}

// roundTimes are the steps of a time axis in seconds, below a day.
var roundTimes = []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200}

const day = 86400 // seconds

// timeTicks are the multiples of a round time inside r, whose ends are seconds.
func timeTicks(r Range, n int, format func(float64) string) []tick {
	if format == nil {
		format = number.Clock
	}
	width := r.To - r.From
	switch {
	case width < float64(n):
		return linearTicks(r, n, format)
	case width/float64(n) > day/2:
		return multiples(r, day*max(1, niceStep(width/day, n)), format)
	}
	for _, step := range roundTimes {
		if step*float64(n) >= width {
			return multiples(r, step, format)
		}
	}
	return multiples(r, day, format)
}

// logTicks are powers of ten inside r, with 2 and 5 between them when there is
// room; under one decade, where those would be too few, linear ticks.
func logTicks(r Range, n int, format func(float64) string) []tick {
	lo, hi := math.Floor(math.Log10(r.From)), math.Ceil(math.Log10(r.To))
	decades := math.Log10(r.To / r.From)
	if !finite(decades) {
		decades = hi - lo
	}
	if decades < 1 {
		return linearTicks(r, n, format)
	}
	factors := []float64{1}
	if decades*3 <= float64(n)+1 {
		factors = []float64{1, 2, 5}
	}
	every := max(1, math.Ceil(decades/float64(max(n, 1))))
	var out []tick
	for e := lo; e <= hi && len(out) < maxTicks; e += every {
		for _, f := range factors {
			if v := f * math.Pow(10, e); v >= r.From*(1-1e-9) && v <= r.To*(1+1e-9) {
				out = append(out, tick{v, label(v, v, format)})
			}
		}
	}
	return out
}

// label writes a tick with just the digits that its step needs.
func label(v, step float64, format func(float64) string) string {
	if format != nil {
		return format(v)
	}
	a := math.Abs(v)
	if a < step/2 {
		return "0"
	}
	switch {
	case a >= 1e15 || digits(a, step) > 7 || step < 1e-4 && a < 0.01:
		return number.Exponent(v, 1+digits(a, step))
	case a >= 1e12:
		return decimals(v/1e12, step/1e12) + "T"
	case a >= 1e9:
		return decimals(v/1e9, step/1e9) + "G"
	case a >= 1e6:
		return decimals(v/1e6, step/1e6) + "M"
	case a >= 1e4 || a >= 1e3 && step >= 100:
		return decimals(v/1e3, step/1e3) + "k"
	}
	return decimals(v, step)
}

// digits is how many digits after the first v needs to be told from v + step.
func digits(v, step float64) int {
	return min(max(0, int(math.Floor(math.Log10(v)+1e-9)-math.Floor(math.Log10(step)+1e-9))), 15)
}

// decimals writes v with the decimal places of step.
func decimals(v, step float64) string {
	places := min(max(0, int(-math.Floor(math.Log10(step)+1e-9))), 9)
	return strconv.FormatFloat(v, 'f', places, 64)
}

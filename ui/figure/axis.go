package figure

import (
	"math"
	"strconv"

	"defrost/ui/widgets/number"
)

// An axis maps values to pixels.
type axis struct {
	from, to float64 // values
	a, b     float64 // pixels of from and to
	log      bool
}

// largest is where values are clamped, so that differences stay finite.
const largest = 1e300

// takes says that the axis has a place for v.
func (x axis) takes(v float64) bool { return finite(v) && (!x.log || v > 0) }

// at is the pixel of v, of the nearer end for values outside.
func (x axis) at(v float64) float64 {
	return x.a + (x.b-x.a)*min(max(x.share(v), 0), 1)
}

func (x axis) share(v float64) float64 {
	v = min(max(v, -largest), largest)
	if !x.log {
		return (v - x.from) / (x.to - x.from)
	}
	if v <= 0 {
		return 0
	}
	return (math.Log(v) - math.Log(x.from)) / (math.Log(x.to) - math.Log(x.from))
}

// include widens the axis to hold v; the first value makes it.
func (x *axis) include(v float64) {
	if !x.takes(v) {
		return
	}
	v = min(max(v, -largest), largest)
	if math.IsNaN(x.from) {
		x.from, x.to = v, v
	}
	x.from, x.to = min(x.from, v), max(x.to, v)
}

// newAxis holds nothing yet.
func newAxis(log bool) axis { return axis{from: math.NaN(), to: math.NaN(), log: log} }

func (x axis) empty() bool { return math.IsNaN(x.from) }

// pad adds a share of the axis at both ends, and gives an axis of one value some width.
func (x *axis) pad(share float64) {
	if x.log {
		factor := math.Pow(x.to/x.from, share)
		if !(factor > 1+1e-9) {
			factor = 2
		}
		if finite(factor) && x.from/factor > 0 {
			x.from, x.to = x.from/factor, x.to*factor
		}
		return
	}
	by := (x.to - x.from) * share
	if middle := math.Abs(x.from/2 + x.to/2); !(by > middle*1e-12) {
		by = max(middle/10, 1e-280)
		if middle == 0 {
			by = 1
		}
	}
	x.from, x.to = x.from-by, x.to+by
}

// ticks are at most about n round places of the axis with their labels.
func (x axis) ticks(n int) []Tick {
	if decades := math.Log10(x.to / x.from); x.log && decades >= 1 {
		return x.powers(n, decades)
	}
	step := round((x.to - x.from) / float64(max(n, 1)))
	if !(step > 0) || !finite(step) {
		return nil
	}
	var list []Tick
	first := math.Ceil(x.from/step - 1e-9)
	for i := range maxTicks {
		v := (first + float64(i)) * step
		if v > x.to+step*1e-9 {
			break
		}
		list = append(list, Tick{v, label(v, step)})
	}
	return list
}

// maxTicks bounds any axis.
const maxTicks = 50

// powers are those of ten, with 2 and 5 between them where there is room.
func (x axis) powers(n int, decades float64) []Tick {
	factors := []float64{1}
	if decades*3 <= float64(n)+1 {
		factors = []float64{1, 2, 5}
	}
	every := max(1, math.Ceil(decades/float64(max(n, 1))))
	var list []Tick
	for e := math.Floor(math.Log10(x.from)); e <= math.Log10(x.to) && len(list) < maxTicks; e += every {
		for _, f := range factors {
			if v := f * math.Pow(10, e); v >= x.from && v <= x.to {
				list = append(list, Tick{v, number.Compact(v)})
			}
		}
	}
	return list
}

// round is the smallest of 1, 2, 5 times a power of ten that is not below v.
func round(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// label writes a tick with the decimals that its step needs.
func label(v, step float64) string {
	a := math.Abs(v)
	if a < step/2 {
		return "0"
	}
	digits := int(math.Floor(math.Log10(a)+1e-9) - math.Floor(math.Log10(step)+1e-9))
	switch {
	case a >= 1e12 || step < 1e-4 || digits > 7:
		return number.Exponent(v, 1+min(max(digits, 0), 14))
	case a >= 1e6 && step >= 1e3:
		return decimals(v/1e6, step/1e6) + "M"
	case a >= 1e4 && step >= 10, step >= 1e3:
		return decimals(v/1e3, step/1e3) + "k"
	}
	return decimals(v, step)
}

// decimals writes v with the decimal places of step.
func decimals(v, step float64) string {
	places := min(max(0, int(-math.Floor(math.Log10(step)+1e-9))), 9)
	return strconv.FormatFloat(v, 'f', places, 64)
}

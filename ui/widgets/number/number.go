// Package number writes numbers in few cells: 3.97M parameters, a rate of
// 3e-5, a loss of 0.2412, 4m12s. Every function is total: NaN and infinities
// have names too.
package number

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// units are the powers of 1,000 that Compact shortens by.
var units = []struct {
	size float64
	name string
}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}

// Compact writes v with three significant digits and a unit: 514, 1.2k, 3.97M, 0.241, 3e-05 as "3e-5".
func Compact(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e15 || a != a || a > 0 && a < 1e-3:
		return Sig(v, 3)
	case a >= 999.5:
		return unit(v)
	}
	return Sig(v, 3)
}

func unit(v float64) string {
	for _, u := range units {
		if math.Abs(v) >= u.size*0.9995 {
			return fixed(v/u.size, 3) + u.name
		}
	}
	return fixed(v, 3)
}

// Sig writes v with n significant digits, as a plain decimal from 0.001 to
// 100,000 and with an exponent outside: 0.2412, 12346, 1.5e-5, NaN, +Inf.
func Sig(v float64, n int) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return fmt.Sprintf("%+f", v)[:4]
	case a == 0:
		return "0"
	case a < 1e-3 || a >= 1e5:
		return Exponent(v, n)
	}
	return fixed(v, n)
}

// fixed writes v without an exponent with n significant digits, trailing zeros dropped.
func fixed(v float64, n int) string {
	whole := int(math.Floor(math.Log10(math.Abs(v)))) + 1
	s := strconv.FormatFloat(v, 'f', max(n-whole, 0), 64)
	return trim(s)
}

func trim(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Exponent writes v as mantissa and power of ten without padding: 1.5e-5, 2e6.
func Exponent(v float64, n int) string {
	s := strconv.FormatFloat(v, 'e', max(n-1, 0), 64)
	mantissa, power, ok := strings.Cut(s, "e")
	if !ok {
		return s
	}
	p, err := strconv.Atoi(power)
	if err != nil {
		return s
	}
	return trim(mantissa) + "e" + strconv.Itoa(p)
}

// Rate writes a learning rate with two significant digits, always with an
// exponent when below 0.01: 3e-5, 1.1e-5, 0.01; "-" for 0 (nothing learns).
func Rate(v float64) string {
	switch {
	case v == 0:
		return "-"
	case math.Abs(v) < 0.01:
		return Exponent(v, 2)
	}
	return Sig(v, 2)
}

// Percent writes a share from 0 to 1 with one decimal: 9.6%.
func Percent(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Sig(v, 3)
	}
	return strconv.FormatFloat(v*100, 'f', 1, 64) + "%"
}

// Bytes writes a size in powers of 1,000: 38 MB.
func Bytes(n int64) string {
	if n < 1000 && n > -1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	s := unit(float64(n))
	return s[:len(s)-1] + " " + s[len(s)-1:] + "B"
}

// Duration writes d in its two largest units: 0.8s, 12s, 4m12s, 2h05m.
func Duration(d time.Duration) string {
	switch s := d.Seconds(); {
	case d < 0:
		return "-" + Duration(-max(d, -math.MaxInt64))
	case s < 9.95:
		return strconv.FormatFloat(s, 'f', 1, 64) + "s"
	case s < 59.5:
		return strconv.FormatFloat(s, 'f', 0, 64) + "s"
	}
	s := int(d.Seconds() + 0.5)
	if s < 3600 {
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%dh%02dm", s/3600, s%3600/60)
}

// Whole writes an integer with a comma between thousands: 12,345,678.
func Whole(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 1
	if n < 0 {
		start = 2
	}
	for i := len(s) - 3; i >= start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Clock writes seconds as an axis does, in the units that are not 0: 0, 30s,
// 5m, 1m30s, 2h, 2h30m, 1d6h. Parts of a second are written below ten seconds.
func Clock(seconds float64) string {
	switch a := math.Abs(seconds); {
	case math.IsNaN(seconds) || a > 1e15:
		return Sig(seconds, 3)
	case seconds < 0:
		return "-" + Clock(a)
	case a == 0:
		return "0"
	case a < 10:
		return Sig(a, 3) + "s"
	}
	left := int64(seconds + 0.5)
	var parts []string
	for _, u := range []struct {
		size int64
		name string
	}{{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := left / u.size; n > 0 {
			parts = append(parts, strconv.FormatInt(n, 10)+u.name)
			left -= n * u.size
		}
	}
	return strings.Join(parts[:min(len(parts), 2)], "")
}

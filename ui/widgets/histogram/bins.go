package histogram

import "math"

// A Bin counts the values from From (inclusive) to To (exclusive, except in the last bin).
type Bin struct {
	From, To float64
	Count    int
}

// Cut sorts values into n bins of equal width from the least to the greatest.
// Values that are not finite are left out. It returns nil when none are left.
func Cut(values []float64, n int) []Bin {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi || n <= 0 {
		return nil
	}
	bins := empty(lo, hi, n)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			bins[place(v, lo, hi, len(bins))].Count++
		}
	}
	return bins
}

func empty(lo, hi float64, n int) []Bin {
	if lo == hi {
		n = 1
	}
	bins := make([]Bin, n)
	for i := range bins {
		bins[i].From = lo + (hi/float64(n)-lo/float64(n))*float64(i)
		bins[i].To = lo + (hi/float64(n)-lo/float64(n))*float64(i+1)
	}
	bins[n-1].To = hi
	return bins
}

// place is the bin of v; the halves keep the differences of huge values finite.
func place(v, lo, hi float64, n int) int {
	width := hi/2 - lo/2
	if !(width > 0) {
		return 0
	}
	return min(max(int((v/2-lo/2)/width*float64(n)), 0), n-1)
}

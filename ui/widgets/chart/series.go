package chart

import "math"

// MaxBuckets is the number of buckets a Series keeps. When they are full,
// neighbours merge in pairs, so a run of any length fits in 230 kB.
const MaxBuckets = 4096

// largest is where values are clamped, so that differences stay finite.
const largest = 1e300

// A Bucket sums up consecutive points of a Series.
type Bucket struct {
	From, To       float64 // x of the first and last point
	Min, Mean, Max float64 // of the finite values; NaN when N is 0
	N              int     // finite values
	Bad            int     // values that were NaN or infinite
}

// A Series is a curve's history: any number of points in at most MaxBuckets
// buckets, each with minimum, mean and maximum, so that a spike of one step
// stays visible after millions. The zero value is ready to use. A Series is
// not safe for concurrent use.
type Series struct {
	buckets []Bucket
	per     int // points that fill a bucket
	last    Bucket
	all     Bucket  // every point merged
	least   float64 // least value above 0, for log axes; 0 when there is none
}

// Add appends the point (x, y). A y that is NaN or infinite becomes a gap with
// a sign; a point whose x is not finite is left out, for it has no place.
func (s *Series) Add(x, y float64) { s.AddBand(x, y, y, y) }

// AddBand appends the point (x, y) with a band from lo to hi around it, for
// example the mean over several seeds with their minimum and maximum.
func (s *Series) AddBand(x, y, lo, hi float64) {
	if !finite(x) {
		return
	}
	x = clamp(x)
	b := Bucket{From: x, To: x, Bad: 1, Min: math.NaN(), Mean: math.NaN(), Max: math.NaN()}
	if finite(y) {
		b = Bucket{From: x, To: x, N: 1, Min: clamp(y), Mean: clamp(y), Max: clamp(y)}
		if finite(lo) && finite(hi) {
			b.Min, b.Max = min(clamp(lo), b.Mean), max(clamp(hi), b.Mean)
		}
	}
	s.note(&b)
	s.push(&b)
}

// note keeps what charts of the whole series ask for, so that they need not walk it.
func (s *Series) note(b *Bucket) {
	s.last = *b
	for _, v := range [2]float64{b.Max, b.Min} {
		if v > 0 && (s.least == 0 || v < s.least) {
			s.least = v
		}
	}
	if s.all.N+s.all.Bad == 0 {
		s.all = *b
		return
	}
	s.all.take(b)
}

func (s *Series) push(b *Bucket) {
	s.per = max(s.per, 1)
	if n := len(s.buckets); n > 0 && s.buckets[n-1].N+s.buckets[n-1].Bad < s.per {
		s.buckets[n-1].take(b)
		return
	}
	if len(s.buckets) == MaxBuckets {
		s.halve()
	}
	s.buckets = append(s.buckets, *b)
}

// halve merges neighbours in pairs; from now on a bucket takes twice the points.
func (s *Series) halve() {
	half := len(s.buckets) / 2
	for i := range half {
		b := s.buckets[2*i]
		b.take(&s.buckets[2*i+1])
		s.buckets[i] = b
	}
	s.buckets = s.buckets[:half]
	s.per *= 2
}

// take merges o into b.
func (b *Bucket) take(o *Bucket) {
	b.From, b.To = min(b.From, o.From), max(b.To, o.To)
	switch {
	case o.N == 0:
	case b.N == 0:
		b.Min, b.Mean, b.Max = o.Min, o.Mean, o.Max
	default:
		share := float64(o.N) / float64(b.N+o.N)
		b.Min, b.Max = min(b.Min, o.Min), max(b.Max, o.Max)
		b.Mean = b.Mean*(1-share) + o.Mean*share
	}
	b.N += o.N
	b.Bad += o.Bad
}

// Rewind forgets the points behind x, for a history that was given up. A bucket that x lies in
// stays whole.
func (s *Series) Rewind(x float64) {
	kept := s.buckets
	for len(kept) > 0 && kept[len(kept)-1].From > x {
		kept = kept[:len(kept)-1]
	}
	whole := Series{per: s.per}
	for i := range kept {
		whole.note(&kept[i])
	}
	whole.buckets = kept
	*s = whole
}

// Buckets returns a copy of the history, oldest first, for exports.
func (s *Series) Buckets() []Bucket {
	if s == nil {
		return nil
	}
	return append([]Bucket(nil), s.buckets...)
}

// Last returns the newest point as it was added.
func (s *Series) Last() (x, y float64, ok bool) {
	if s == nil || len(s.buckets) == 0 {
		return 0, 0, false
	}
	return s.last.From, s.last.Mean, true
}

// Extent returns the x range of all points; ok is false when there are none.
func (s *Series) Extent() (r Range, ok bool) {
	if s == nil || len(s.buckets) == 0 {
		return Range{}, false
	}
	return Range{s.all.From, s.all.To}, true
}

// Near returns the value of the smoothed curve at the finite bucket nearest to
// x; smooth is as in Chart.
func (s *Series) Near(x, smooth float64) (y float64, ok bool) {
	if s == nil {
		return 0, false
	}
	e, best := newAverage(smooth), math.Inf(1)
	for i := range s.buckets {
		b := &s.buckets[i]
		if b.N == 0 {
			continue
		}
		v := e.add(b.Mean, b.N)
		if d := math.Abs(b.middle() - x); d <= best {
			y, ok, best = v, true, d
		}
	}
	return y, ok
}

func (b *Bucket) middle() float64 { return b.From + (b.To-b.From)/2 }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func clamp(v float64) float64 { return min(max(v, -largest), largest) }

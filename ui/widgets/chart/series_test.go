package chart

import (
	"math"
	"math/rand"
	"testing"
)

func TestHistoryStaysBoundedAndExact(t *testing.T) {
	const n = 10_000_000
	var s Series
	for i := range n {
		y := float64(i % 7)
		switch i {
		case 1234:
			y = 1e9
		case 7_654_321:
			y = -1e9
		case 9_999_999:
			y = math.NaN()
		}
		s.Add(float64(i), y)
	}
	if got := len(s.buckets); got > MaxBuckets || got < MaxBuckets/2 {
		t.Errorf("%d buckets, want %d to %d", got, MaxBuckets/2, MaxBuckets)
	}
	points, bad, lo, hi := 0, 0, math.Inf(1), math.Inf(-1)
	for _, b := range s.buckets {
		points, bad, lo, hi = points+b.N, bad+b.Bad, min(lo, b.Min), max(hi, b.Max)
	}
	if points != n-1 || bad != 1 {
		t.Errorf("%d values and %d bad, want %d and 1", points, bad, n-1)
	}
	if lo != -1e9 || hi != 1e9 {
		t.Errorf("extremes %g and %g, want the spikes", lo, hi)
	}
	if r, _ := s.Extent(); r != (Range{0, n - 1}) {
		t.Errorf("extent %v", r)
	}
}

func TestMergedMeanIsTheMeanOfItsPoints(t *testing.T) {
	var s Series
	r, sum := rand.New(rand.NewSource(1)), 0.0
	const n = 100_000
	for i := range n {
		y := r.NormFloat64()
		sum += y
		s.Add(float64(i), y)
	}
	got, count := 0.0, 0
	for _, b := range s.buckets {
		got, count = got+b.Mean*float64(b.N), count+b.N
		if b.Mean < b.Min || b.Mean > b.Max {
			t.Fatalf("bucket mean %g outside %g..%g", b.Mean, b.Min, b.Max)
		}
	}
	if math.Abs(got-sum) > 1e-8 || count != n {
		t.Errorf("sum %g of %d values, want %g of %d", got, count, sum, n)
	}
}

func TestAverageIsDebiased(t *testing.T) {
	for _, w := range []float64{0, 0.5, 0.93, 0.999, 5} {
		a := newAverage(w)
		for i := range 50 {
			if got := a.add(3, 1); math.Abs(got-3) > 1e-12 {
				t.Fatalf("weight %g, value %d of a constant 3 is %g", w, i, got)
			}
		}
	}
}

func TestAverageFollowsItsFormula(t *testing.T) {
	values := []float64{1, 4, 2, 8, 5, 7}
	const w = 0.8
	a := newAverage(w)
	for n := range values {
		num, den := 0.0, 0.0
		for i := range n + 1 {
			weight := math.Pow(w, float64(n-i))
			num, den = num+weight*values[i], den+weight
		}
		if got := a.add(values[n], 1); math.Abs(got-num/den) > 1e-12 {
			t.Errorf("after %d values: got %g, want %g", n+1, got, num/den)
		}
	}
}

func TestMergingKeepsTheSmoothedCurve(t *testing.T) {
	one, four := newAverage(0.99), newAverage(0.99)
	var a, b float64
	for i := range 2000 {
		v := math.Sin(float64(i) / 500)
		a = one.add(v, 1)
		if i%4 == 3 {
			b = four.add(math.Sin((float64(i)-1.5)/500), 4)
		}
	}
	if math.Abs(a-b) > 0.01 {
		t.Errorf("one by one %g, merged by four %g", a, b)
	}
}

func TestNearFindsTheClosestFiniteValue(t *testing.T) {
	var s Series
	for i, y := range []float64{1, 2, math.NaN(), 4} {
		s.Add(float64(i), y)
	}
	tests := []struct{ x, want float64 }{{-5, 1}, {0.4, 1}, {1.2, 2}, {2.9, 4}, {99, 4}, {math.Inf(1), 4}}
	for _, tt := range tests {
		if got, ok := s.Near(tt.x, 0); !ok || got != tt.want {
			t.Errorf("Near(%g) = %g, %v, want %g", tt.x, got, ok, tt.want)
		}
	}
	if _, ok := (*Series)(nil).Near(0, 0); ok {
		t.Error("a nil series has a value")
	}
}

func TestZoomAndMoveStayInside(t *testing.T) {
	full := Range{0, 100}
	z := Range{}.Zoom(full, 20, 0.5)
	if want := (Range{10, 60}); z != want {
		t.Errorf("zoomed to %v, want %v", z, want)
	}
	if got := z.Zoom(full, 20, 10); !got.Whole() {
		t.Errorf("zoomed out to %v, want everything", got)
	}
	if got, want := z.Move(full, 5), (Range{50, 100}); got != want {
		t.Errorf("moved to %v, want %v", got, want)
	}
	if got, want := z.Move(full, -5), (Range{0, 50}); got != want {
		t.Errorf("moved to %v, want %v", got, want)
	}
	deep := z
	for range 200 {
		deep = deep.Zoom(full, 20, 0.5)
	}
	if !(deep.To > deep.From) {
		t.Errorf("zoomed 200 times to %v, which is empty", deep)
	}
}

func TestRewoundSeriesForgetsWhatCameLater(t *testing.T) {
	var s Series
	for i := range 10 * MaxBuckets {
		s.Add(float64(i), float64(i%7))
	}
	s.Rewind(100)
	if full, _ := s.Extent(); full.From != 0 || full.To < 100 || full.To > 120 {
		t.Errorf("the series covers %v, want 0 to about 100", full)
	}
	s.Add(101, 3)
	if x, y, _ := s.Last(); x != 101 || y != 3 {
		t.Errorf("the newest point is %v, %v, want 101, 3", x, y)
	}
	s.Rewind(-1)
	if _, ok := s.Extent(); ok {
		t.Error("something is left of a series that was rewound to before its start")
	}
	s.Add(1, math.NaN())
	if _, _, ok := s.Last(); !ok {
		t.Error("an emptied series takes no point")
	}
}

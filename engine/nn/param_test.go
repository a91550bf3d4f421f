package nn

import (
	"math"
	"strings"
	"testing"
)

func TestOneValueThatIsNoNumberIsFound(t *testing.T) {
	for _, n := range []int{1, 7, 3*checkChunk + 5} {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, at := range []int{0, n / 2, n - 1} {
				p := NewParam(Zeros, n)
				p.Name, p.Value[n/3] = "w", -math.MaxFloat32
				if err := p.Check(); err != nil {
					t.Fatalf("%d values: got error %v of finite numbers, want none", n, err)
				}
				p.Value[at] = float32(bad)
				if err := p.Check(); err == nil || !strings.Contains(err.Error(), "expected a finite number") {
					t.Errorf("%d values: got error %v with %v at %d, want it refused", n, err, bad, at)
				}
			}
		}
	}
}

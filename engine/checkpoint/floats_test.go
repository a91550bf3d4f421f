package checkpoint

import (
	"math"
	"testing"
)

// halfByDefinition is the value of a half by IEEE 754: (-1)^s 2^(e-15) 1.f, or
// (-1)^s 2^-14 0.f when e is 0.
func halfByDefinition(h uint16) float64 {
	sign, e, f := 1.0, int(h>>10&31), float64(h&1023)/1024
	if h&0x8000 != 0 {
		sign = -1
	}
	switch {
	case e == 31 && f == 0:
		return sign * math.Inf(1)
	case e == 31:
		return math.NaN()
	case e == 0:
		return sign * math.Ldexp(f, -14)
	}
	return sign * math.Ldexp(1+f, e-15)
}

func TestEveryHalfWidensExactlyAndComesBack(t *testing.T) {
	for i := range 1 << 16 {
		h := uint16(i)
		got, want := fromF16(h), halfByDefinition(h)
		if math.IsNaN(want) {
			if got == got || fromF16(toF16(got)) == fromF16(toF16(got)) {
				t.Fatalf("half %04x = %v, want NaN both ways", h, got)
			}
			continue
		}
		if float64(got) != want || math.Signbit(float64(got)) != math.Signbit(want) {
			t.Fatalf("half %04x = %v, want %v", h, got, want)
		}
		if back := toF16(got); back != h {
			t.Fatalf("half %04x came back as %04x", h, back)
		}
	}
}

func TestNarrowingRoundsToNearestEven(t *testing.T) {
	for i := range 0x7c00 - 1 {
		low, high := fromF16(uint16(i)), fromF16(uint16(i+1))
		middle := (low + high) / 2 // exact: a half has 13 fewer bits than a float32
		even := uint16(i + i&1)
		if got := toF16(middle); got != even {
			t.Fatalf("%v between halves %04x and %04x became %04x, want %04x", middle, i, i+1, got, even)
		}
		above := math.Nextafter32(middle, high)
		if got := toF16(above); got != uint16(i+1) {
			t.Fatalf("%v became %04x, want %04x", above, got, i+1)
		}
		below := math.Nextafter32(middle, low)
		if got := toF16(-below); got != uint16(i)|0x8000 {
			t.Fatalf("%v became %04x, want %04x", -below, got, uint16(i)|0x8000)
		}
	}
	tests := []struct {
		in   float32
		want uint16
	}{{65519.996, 0x7bff}, {65520, 0x7c00}, {1e38, 0x7c00}, {float32(math.Inf(-1)), 0xfc00}, {1e-45, 0}}
	for _, tt := range tests {
		if got := toF16(tt.in); got != tt.want {
			t.Errorf("toF16(%v) = %04x, want %04x", tt.in, got, tt.want)
		}
	}
}

func TestBrainFloatRoundsToNearestEven(t *testing.T) {
	tests := []struct {
		bits uint32
		want uint16
	}{
		{0x3f800000, 0x3f80}, {0x3f808000, 0x3f80}, {0x3f808001, 0x3f81}, {0x3f818000, 0x3f82},
		{0x7f7fffff, 0x7f80}, {0xff800000, 0xff80}, {0x7f800001, 0x7fc0}, {0x80000000, 0x8000},
	}
	for _, tt := range tests {
		if got := toBF16(math.Float32frombits(tt.bits)); got != tt.want {
			t.Errorf("toBF16(%08x) = %04x, want %04x", tt.bits, got, tt.want)
		}
	}
}

func TestThePortableDecoderReadsInPlace(t *testing.T) {
	want := []float32{1, -2.5, 1e-40, float32(math.Inf(1))}
	got := make([]float32, len(want))
	encodeFloats(bytesOf(got), want, F32) // files' byte order in the slice's own memory
	decodeFloats(got, bytesOf(got), F32)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("element %d = %v, want %v", i, got[i], want[i])
		}
	}
}

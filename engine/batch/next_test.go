package batch

import (
	"slices"
	"testing"
)

func TestNextStaysWithinSequences(t *testing.T) {
	b := Pack([]Sequence{{IDs: []int32{1, 2, 3}}, {}, {IDs: []int32{4}}, {IDs: []int32{5, 6}}})
	for _, c := range []struct {
		name         string
		labels, want []int32
	}{
		{"tokens", nil, []int32{2, 3, Ignore, Ignore, 6, Ignore}},
		{"labels", []int32{7, Ignore, 8, 9, 9, Ignore}, []int32{Ignore, 8, Ignore, Ignore, Ignore, Ignore}},
	} {
		if got := b.Next(c.labels); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

package batch

import (
	"reflect"
	"sort"
	"testing"
)

func TestPackingKeepsOnlyRealTokens(t *testing.T) {
	b := Pack([]Sequence{{IDs: []int32{5, 6, 7}}, {IDs: []int32{8}, Types: []int32{1}}})
	if want := []int32{5, 6, 7, 8}; !reflect.DeepEqual(b.IDs, want) {
		t.Errorf("got ids %v, want %v", b.IDs, want)
	}
	if want := []int32{0, 1, 2, 0}; !reflect.DeepEqual(b.Positions, want) {
		t.Errorf("got positions %v, want %v", b.Positions, want)
	}
	if want := []int32{0, 0, 0, 1}; !reflect.DeepEqual(b.Types, want) {
		t.Errorf("got types %v, want %v", b.Types, want)
	}
	if b.Tokens() != 4 || b.Len() != 2 || b.Longest() != 3 {
		t.Errorf("got %d tokens, %d sequences, longest %d; want 4, 2, 3", b.Tokens(), b.Len(), b.Longest())
	}
}

func TestEveryExampleIsSeenOncePerEpoch(t *testing.T) {
	lengths := make([]int, 1003)
	for i := range lengths {
		lengths[i] = 1 + i*7919%50
	}
	var seen []int
	for _, at := range Order(lengths, 16, 7, true) {
		seen = append(seen, at...)
	}
	sort.Ints(seen)
	for i, got := range seen {
		if got != i {
			t.Fatalf("got example %d at place %d, want each once", got, i)
		}
	}
	if len(seen) != len(lengths) {
		t.Errorf("got %d examples, want %d", len(seen), len(lengths))
	}
}

func TestSameSeedSameOrder(t *testing.T) {
	lengths := []int{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}
	if a, b := Order(lengths, 2, 7, true), Order(lengths, 2, 7, true); !reflect.DeepEqual(a, b) {
		t.Errorf("got %v, then %v", a, b)
	}
	if a, b := Order(lengths, 2, 7, true), Order(lengths, 2, 8, true); reflect.DeepEqual(a, b) {
		t.Errorf("seeds 7 and 8 both gave %v", a)
	}
}

// TestBatchesAreEven compares the padding a rectangular batch would need with and without sorting
// by length.
func TestBatchesAreEven(t *testing.T) {
	lengths := make([]int, 2048)
	for i := range lengths {
		lengths[i] = 1 + i*7919%97
	}
	waste := func(batches [][]int) (wasted int) {
		for _, at := range batches {
			longest, sum := 0, 0
			for _, i := range at {
				longest, sum = max(longest, lengths[i]), sum+lengths[i]
			}
			wasted += longest*len(at) - sum
		}
		return wasted
	}
	sorted, plain := waste(Order(lengths, 32, 7, true)), waste(Order(lengths, 32, 7, false))
	if sorted*10 > plain {
		t.Errorf("got %d wasted places, want a tenth of the %d of unsorted batches", sorted, plain)
	}
}

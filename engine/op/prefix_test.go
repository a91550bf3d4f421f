package op

import (
	"slices"
	"testing"

	"defrost/engine/batch"
)

// frontier is a prefix whose frontier are two kernels of one column, over two examples of 2 and 1 tokens.
func frontier(budget int) (c *Prefix, first, second *Fused) {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2}}, {IDs: []int32{3}}})
	b.Examples = []int{7, 9}
	pass := NewPass()
	pass.Batch = b
	c = NewPrefix(budget)
	first = &Fused{kernel: &Twice{Cols: 1}, pass: pass, frontier: true, out: []float32{1, 1, 2, 2, 3, 3}}
	second = &Fused{kernel: &Twice{Cols: 1}, pass: pass, frontier: true, out: []float32{4, 4, 5, 5, 6, 6}}
	c.frontier = []*Fused{first, second}
	return c, first, second
}

func TestFrontierIsRememberedInWhateverOrderItRuns(t *testing.T) {
	for name, order := range map[string][]int{"as listed": {0, 1}, "the other way": {1, 0}} {
		c, first, second := frontier(1 << 10)
		both := []*Fused{first, second}
		c.begin(first.pass.Batch)
		if c.hit {
			t.Errorf("%s: a batch that was never seen is remembered", name)
		}
		c.remember(both[order[0]])
		if c.begin(first.pass.Batch); c.hit || c.Examples() != 0 {
			t.Errorf("%s: a batch of which half is there is remembered", name)
		}
		c.remember(both[order[1]])
		if c.begin(first.pass.Batch); !c.hit || c.Examples() != 2 || c.Bytes() != 48 {
			t.Fatalf("%s: hit %v, %d examples, %d bytes, want 2 of 48", name, c.hit, c.Examples(), c.Bytes())
		}
		for _, f := range both {
			if got := c.recall(f); !slices.Equal(got, f.out) {
				t.Errorf("%s: got %v, want %v", name, got, f.out)
			}
		}
	}
}

func TestExampleThatDoesNotFitIsForgottenWhole(t *testing.T) {
	c, first, second := frontier(40) // both examples of one kernel, and the first of the other
	c.remember(second)
	c.remember(first)
	if c.begin(first.pass.Batch); c.hit || c.Examples() != 1 || c.Bytes() != 32 {
		t.Errorf("hit %v, %d examples, %d bytes, want the first example alone in 32 bytes", c.hit, c.Examples(), c.Bytes())
	}
}

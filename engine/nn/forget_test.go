package nn

import (
	"slices"
	"testing"

	"defrost/engine/op"
)

// TestActivationsComputedAgainGiveTheSameGradients lets go of every activation that can be had again.
func TestActivationsComputedAgainGiveTheSameGradients(t *testing.T) {
	step := func(recall int) (grads []float32, bytes int) {
		e, params := newEncoder(3)
		for _, p := range params {
			p.Thaw()
		}
		b := NewBuilder(true)
		b.pass.Recall = recall
		loss, _, _ := e.build(b, op.PoolMean, false)
		p, err := b.Build(loss)
		if err != nil {
			t.Fatal(err)
		}
		run(t, p, textsBatch())
		for _, p := range params {
			clear(p.Grad)
		}
		run(t, p, textsBatch()) // in the buffers of the first
		for _, p := range params {
			grads = append(grads, p.Grad...)
		}
		return grads, p.Bytes()
	}
	want, kept := step(1 << 30)
	got, again := step(1)
	if !slices.Equal(got, want) {
		t.Error("got other gradients from activations that were computed again")
	}
	if again >= kept {
		t.Errorf("got %d bytes of activations computed again, want fewer than the %d kept", again, kept)
	}
}

// TestInputsOfSumsAreNotKept compares with a network whose closing norms have outputs of linear
// layers as roots, which keeps them.
func TestInputsOfSumsAreNotKept(t *testing.T) {
	bytes := func(keep bool) int {
		e, params := newEncoder(3)
		for _, p := range params {
			p.Thaw()
		}
		b := NewBuilder(true)
		loss, _, last := e.build(b, op.PoolMean, false)
		var roots []*Node
		for n := last; keep && len(n.in) == 2; n = n.in[1] {
			roots = append(roots, n.in[0])
		}
		p, err := b.Build(loss, roots...)
		if err != nil {
			t.Fatal(err)
		}
		run(t, p, textsBatch())
		return p.Bytes()
	}
	if free, kept := bytes(false), bytes(true); free >= kept {
		t.Errorf("got %d bytes of activations, want fewer than the %d with the sums' inputs kept", free, kept)
	}
}

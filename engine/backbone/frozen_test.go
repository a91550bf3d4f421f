package backbone

import (
	"slices"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

const tinyXLNet = `{"model_type": "xlnet", "vocab_size": 11, "d_model": 8, "n_layer": 3, "n_head": 2, "d_head": 4, "d_inner": 12}`

// gradients thaws the layers from number lowest up, runs a batch without dropout and returns the
// gradients of the layers from number top up.
func gradients(t *testing.T, bb Backbone, data *batch.Batch, lowest, top int) map[string][]float32 {
	t.Helper()
	for i, l := range bb.Layers() {
		for _, p := range l.Params {
			p.Freeze()
			if i >= lowest {
				p.Thaw()
			}
		}
	}
	b := nn.NewBuilder(true)
	summary := bb.Summary(b, bb.Build(b), op.PoolMean)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: summary.Width}, summary)
	prog, err := b.Build(loss)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Run(data, nn.Step{}); err != nil {
		t.Fatal(err)
	}
	grads := map[string][]float32{}
	for _, l := range bb.Layers()[top:] {
		for _, p := range l.Params {
			grads[p.Name] = slices.Clone(p.Grad)
		}
	}
	return grads
}

// TestFrozenLayersDoNotChangeTheGradientsAbove freezes more and more of a network from below.
func TestFrozenLayersDoNotChangeTheGradientsAbove(t *testing.T) {
	xlnet, err := newXLNet([]byte(tinyXLNet))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Params(xlnet) {
		p.Reset(2)
	}
	tokens := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3, 4}, Types: []int32{0, 0, 1, 2}}, {IDs: []int32{5, 6}, Types: []int32{0, 2}}})
	elmo := tinyElmo(t)
	words := sentences(elmo, 0, [][]string{{"a bird sang"}, {"it was late and cold"}})
	for _, c := range []struct {
		name string
		bb   Backbone
		data *batch.Batch
	}{{"xlnet", xlnet, tokens}, {"elmo", elmo, words}} {
		c.data.Classes = make([]int32, c.data.Len())
		for lowest := range c.bb.Layers() {
			want := gradients(t, c.bb, c.data, 0, lowest)
			for name, got := range gradients(t, c.bb, c.data, lowest, lowest) {
				if !slices.Equal(got, want[name]) {
					t.Errorf("%s, frozen below layer %d: gradient of %s differs from that without freezing", c.name, lowest, name)
				}
			}
		}
	}
}

func TestBrokenXLNetConfigurationsAreRefused(t *testing.T) {
	for name, config := range map[string]string{
		"heads that do not fit":  `{"vocab_size": 5, "d_model": 8, "n_layer": 1, "n_head": 3, "d_head": 4, "d_inner": 8}`,
		"a head of another size": `{"vocab_size": 5, "d_model": 8, "n_layer": 1, "n_head": 2, "d_head": 3, "d_inner": 8}`,
		"an odd width":           `{"vocab_size": 5, "d_model": 3, "n_layer": 1, "n_head": 1, "d_head": 3, "d_inner": 8}`,
		"an unknown attention":   `{"vocab_size": 5, "d_model": 8, "n_layer": 1, "n_head": 2, "d_head": 4, "d_inner": 8, "attn_type": "sideways"}`,
		"an unknown activation":  `{"vocab_size": 5, "d_model": 8, "n_layer": 1, "n_head": 2, "d_head": 4, "d_inner": 8, "ff_activation": "swish"}`,
	} {
		if _, err := newXLNet([]byte(config)); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

// TestXLNetRepeatsAStepOfTheSameSeed runs one step with dropout three times.
func TestXLNetRepeatsAStepOfTheSameSeed(t *testing.T) {
	m, err := newXLNet([]byte(tinyXLNet))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Params(m) {
		p.Reset(2)
		p.Thaw()
	}
	b := nn.NewBuilder(true)
	summary := m.Summary(b, m.Build(b), op.PoolFirst)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 8}, summary)
	prog, err := b.Build(loss)
	if err != nil {
		t.Fatal(err)
	}
	data := batch.Pack([]batch.Sequence{{IDs: []int32{1, 2, 3, 4}}, {IDs: []int32{5, 6}}})
	data.Classes = []int32{1, 7}
	var losses []float32
	for _, seed := range []uint64{1, 1, 2} {
		l, err := prog.Run(data, nn.Step{Train: true, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		losses = append(losses, l)
	}
	if losses[0] != losses[1] || losses[0] == losses[2] {
		t.Errorf("got losses %v, want the first two alike and the third another", losses)
	}
}

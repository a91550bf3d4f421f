package backbone

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// tinyConfigs are the smallest networks of the transformers.
var tinyConfigs = map[string]string{
	"bert":       `{"model_type":"bert","vocab_size":11,"hidden_size":6,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":8,"max_position_embeddings":9}`,
	"roberta":    `{"model_type":"roberta","vocab_size":11,"hidden_size":6,"num_hidden_layers":2,"num_attention_heads":2,"intermediate_size":8,"max_position_embeddings":9,"pad_token_id":1}`,
	"distilbert": `{"model_type":"distilbert","vocab_size":11,"dim":6,"n_layers":2,"n_heads":2,"hidden_dim":8,"max_position_embeddings":9}`,
	"gpt2":       `{"model_type":"gpt2","vocab_size":11,"n_embd":6,"n_layer":2,"n_head":2,"n_positions":9,"n_inner":null}`,
	"openai-gpt": `{"model_type":"openai-gpt","vocab_size":11,"n_embd":6,"n_layer":2,"n_head":2,"n_positions":9}`,
	"xlnet":      `{"model_type":"xlnet","vocab_size":11,"d_model":6,"n_layer":2,"n_head":2,"d_head":3,"d_inner":8}`,
}

func tiny(t *testing.T, family string) (Backbone, Family) {
	t.Helper()
	f := families[family]
	bb, err := f.New([]byte(tinyConfigs[family]))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Params(bb) {
		p.Reset(1)
	}
	return bb, f
}

// A listed is a checkpoint whose every value is one.
type listed map[string][]int

func (l listed) Tensors() []checkpoint.Info {
	var list []checkpoint.Info
	for name, shape := range l {
		list = append(list, checkpoint.Info{Name: name, Shape: shape})
	}
	return list
}

func (l listed) Read(_ string, dst []float32) error {
	for i := range dst {
		dst[i] = 1
	}
	return nil
}

func (l listed) ReadInts(name string) ([]int64, error) {
	return nil, fmt.Errorf("no integers in %s", name)
}
func (l listed) Close() error { return nil }

// TestPublishedNamesLoadWithAndWithoutTheirPrefix renames what the model calls its own.
func TestPublishedNamesLoadWithAndWithoutTheirPrefix(t *testing.T) {
	for family := range tinyConfigs {
		for _, prefix := range append([]string{""}, families[family].Prefixes...) {
			bb, f := tiny(t, family)
			file := listed{}
			for _, p := range Params(bb) {
				file[prefix+p.Name] = p.Shape
			}
			report, err := Load(file, f, Params(bb), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Fresh) != 0 || len(report.Dropped) != 0 || len(report.Loaded) != len(file) {
				t.Errorf("%s with prefix %q: got %+v, want everything loaded", family, prefix, report)
			}
		}
	}
}

func TestConstantsAndTiedWeightsAreDroppedWithAReason(t *testing.T) {
	for family, tensors := range map[string][]string{
		"bert":       {"bert.embeddings.position_ids", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias"},
		"roberta":    {"roberta.embeddings.position_ids", "lm_head.decoder.weight", "lm_head.decoder.bias", "roberta.pooler.dense.weight"},
		"distilbert": {"vocab_projector.weight"},
		"gpt2":       {"h.0.attn.bias", "transformer.h.11.attn.masked_bias", "lm_head.weight"},
		"openai-gpt": {"h.0.attn.bias", "transformer.position_ids", "lm_head.weight"},
	} {
		bb, f := tiny(t, family)
		for _, name := range tensors {
			report, err := Load(listed{name: {1}}, f, Params(bb), 0)
			if err != nil {
				t.Errorf("%s: %s: %v", family, name, err)
				continue
			}
			if len(report.Dropped) != 1 || strings.Contains(report.Dropped[0].Why, "no parameter") {
				t.Errorf("%s: %s: got %+v, want it dropped with a reason of its own", family, name, report.Dropped)
			}
		}
	}
	if _, drop := dropFromGPT("h.0.attn.c_attn.bias"); drop {
		t.Error("got the bias of c_attn dropped as if it were a mask, want it kept")
	}
}

func TestRobertaCountsPositionsBehindThePadding(t *testing.T) {
	b := batch.Pack([]batch.Sequence{{IDs: []int32{0, 9, 1, 8}}, {}, {IDs: []int32{0, 2}}})
	if got, want := positionsBehind(1)(b), []int32{2, 3, 1, 4, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	bb, _ := tiny(t, "roberta")
	if got := bb.Shape().Positions; got != 7 {
		t.Errorf("got %d positions of a table of 9 with padding 1, want 7", got)
	}
}

// TestSequencesOfABatchDoNotMeet runs sequences together and alone, the last ones as long as the
// table of positions allows.
func TestSequencesOfABatchDoNotMeet(t *testing.T) {
	seqs := []batch.Sequence{{IDs: []int32{3, 7, 5}}, {IDs: []int32{9}}, {IDs: []int32{2, 4, 6, 8, 10, 3, 0}}}
	for family := range tinyConfigs {
		bb, _ := tiny(t, family)
		b := nn.NewBuilder(false)
		h := bb.Build(b)
		prog, err := b.Build(nil, h.Last, bb.Summary(b, h, op.PoolFirst))
		if err != nil {
			t.Fatal(err)
		}
		together, pooled := run(t, prog, seqs...)
		for i, s := range seqs {
			alone, one := run(t, prog, s)
			if !near(alone, together[:len(alone)]) || !near(one, pooled[i*6:i*6+6]) {
				t.Errorf("%s: sequence %d differs when it is alone", family, i)
			}
			together = together[len(alone):]
		}
	}
}

func run(t *testing.T, prog *nn.Program, seqs ...batch.Sequence) (states, summary []float32) {
	t.Helper()
	if _, err := prog.Run(batch.Pack(seqs), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(prog.Output(0)), slices.Clone(prog.Output(1))
}

func near(a, b []float32) bool {
	for i := range a {
		if d := a[i] - b[i]; d > 1e-5 || d < -1e-5 {
			return false
		}
	}
	return len(a) == len(b)
}

// TestCausalModelsDoNotLookAhead changes the last token and reads the states before it.
func TestCausalModelsDoNotLookAhead(t *testing.T) {
	for _, family := range []string{"gpt2", "openai-gpt"} {
		bb, _ := tiny(t, family)
		b := nn.NewBuilder(false)
		h := bb.Build(b)
		prog, err := b.Build(nil, h.Last, bb.Summary(b, h, op.PoolFirst))
		if err != nil {
			t.Fatal(err)
		}
		a, _ := run(t, prog, batch.Sequence{IDs: []int32{3, 7, 5}})
		c, last := run(t, prog, batch.Sequence{IDs: []int32{3, 7, 6}})
		if !near(a[:12], c[:12]) || near(a[12:], c[12:]) {
			t.Errorf("%s: got states %v and %v, want them to differ in the last row only", family, a, c)
		}
		if !near(last, c[12:]) {
			t.Errorf("%s: got summary %v, want the last state %v", family, last, c[12:])
		}
	}
}

func TestUnknownVariantsAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ family, old, wrong, says string }{
		"relative positions": {"bert", `"vocab_size"`, `"position_embedding_type":"relative_key","vocab_size"`, `"relative_key", expected absolute`},
		"a decoder":          {"roberta", `"vocab_size"`, `"is_decoder":true,"vocab_size"`, "expected an encoder"},
		"no attention scale": {"gpt2", `"vocab_size"`, `"scale_attn_weights":false,"vocab_size"`, "scaled otherwise"},
		"an activation":      {"openai-gpt", `"vocab_size"`, `"afn":"swish","vocab_size"`, `"swish", expected gelu`},
		"heads":              {"distilbert", `"n_heads":2`, `"n_heads":4`, "modulo heads is 2, expected 0"},
		"no vocabulary":      {"gpt2", `"vocab_size":11`, `"vocab_size":0`, "vocab_size is 0"},
		"padding":            {"roberta", `"max_position_embeddings":9`, `"max_position_embeddings":2`, "beyond the padding's is 0"},
	} {
		config := strings.Replace(tinyConfigs[c.family], c.old, c.wrong, 1)
		if _, err := families[c.family].New([]byte(config)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.says)
		}
	}
}

// TestEveryParameterHasOneLayer holds the freeze map to the checkpoint: nothing twice, nothing lost.
func TestEveryParameterHasOneLayer(t *testing.T) {
	for family := range tinyConfigs {
		bb, _ := tiny(t, family)
		seen := map[string]string{}
		for _, l := range bb.Layers() {
			for _, p := range l.Params {
				if other, twice := seen[p.Name]; twice {
					t.Errorf("%s: %s is in %s and %s", family, p.Name, other, l.Name)
				}
				seen[p.Name] = l.Name
			}
		}
		if all := nn.Params("", bb); len(all) != len(seen) {
			t.Errorf("%s: got %d parameters in layers, want %d", family, len(seen), len(all))
		}
		for _, p := range nn.Params("", bb) {
			if seen[p.Name] == "" {
				t.Errorf("%s: %s is in no layer", family, p.Name)
			}
		}
	}
}

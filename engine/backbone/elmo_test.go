package backbone

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// elmoFixture opens a published fixture beside the module: a model, sentences and what they became.
func elmoFixture(t *testing.T, name string) (dir string, m *Elmo) {
	t.Helper()
	dir = filepath.Join("..", "..", "..", "shared", "fixtures", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("reference files are not here: %v", err)
	}
	bb, family, err := Describe(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	src, err := checkpoint.OpenHDF5(open(t, filepath.Join(dir, "lm_weights.hdf5")))
	if err != nil {
		t.Fatal(err)
	}
	report, err := Load(src, family, Params(bb), 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"mix.gamma", "mix.scalars"}; !slices.Equal(report.Fresh, want) || len(report.Dropped) != 0 {
		t.Fatalf("got %v fresh and %v dropped, want %v fresh alone", report.Fresh, report.Dropped, want)
	}
	return dir, bb.(*Elmo)
}

func open(t *testing.T, path string) (*os.File, int64, string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return f, info.Size(), path
}

// sentences packs one sentence of each list, with <S> and </S>.
func sentences(m *Elmo, at int, lists [][]string) *batch.Batch {
	tok := tokenizer.NewCharacters()
	var seqs []batch.Sequence
	for _, list := range lists {
		enc := tok.Wrap(tok.EncodeWords(strings.Fields(list[at])), nil, 0)
		seqs = append(seqs, batch.Sequence{IDs: enc.IDs})
	}
	b := batch.Pack(seqs)
	Spell(m, tok, b)
	return b
}

// TestElmoGivesThePublishedEmbeddings walks the fixtures of AllenNLP and bilm-tf: three streams of
// ten sentences each, with the states carried from one to the next.
func TestElmoGivesThePublishedEmbeddings(t *testing.T) {
	const tolerance = 2e-6
	for name, file := range map[string]string{
		"elmo-allennlp": "sentences.json", "elmo-bilm-tf": "lm_embeddings_sentences.json",
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := elmoFixture(t, name)
			var lists [][]string
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err == nil {
				err = json.Unmarshal(data, &lists)
			}
			if err != nil {
				t.Fatal(err)
			}
			m.Carry()
			b := nn.NewBuilder(false)
			prog, err := b.Build(nil, m.Build(b).All...)
			if err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for at := range lists[0] {
				packed := sentences(m, at, lists)
				if _, err := prog.Run(packed, nn.Step{}); err != nil {
					t.Fatal(err)
				}
				for stream := range lists {
					worst = max(worst, distance(t, dir, stream, at, packed, prog.Output(2)))
				}
			}
			t.Logf("largest difference %.2g", worst)
			if worst > tolerance {
				t.Errorf("got a difference of %v, want at most %v", worst, tolerance)
			}
		})
	}
}

// distance compares the top layer of one sentence with the fixture's [forward, backward].
func distance(t *testing.T, dir string, stream, at int, b *batch.Batch, got []float32) float64 {
	t.Helper()
	src, err := checkpoint.OpenHDF5(open(t, filepath.Join(dir, fmt.Sprintf("lm_embeddings_%d.hdf5", stream))))
	if err != nil {
		t.Fatal(err)
	}
	const p = 16
	from, to := b.Bounds(stream)
	words := to - from - 2
	want := make([]float32, 2*words*p)
	if err := src.Read(fmt.Sprint(at), want); err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for w := range words {
		for c := range p {
			for d := range 2 {
				diff := got[(from+1+w)*2*p+d*p+c] - want[(d*words+w)*p+c]
				worst = max(worst, math.Abs(float64(diff)))
			}
		}
	}
	return worst
}

// tinyElmo is a network of 2 layers with fresh weights.
func tinyElmo(t *testing.T) *Elmo {
	t.Helper()
	bb, err := newElmo([]byte(`{"lstm": {"dim": 6, "projection_dim": 4, "n_layers": 2, "cell_clip": 3, "proj_clip": 3,
		"use_skip_connections": true}, "char_cnn": {"embedding": {"dim": 3}, "filters": [[1, 4], [3, 5]], "n_highway": 1,
		"n_characters": 262, "max_characters_per_token": 50, "activation": "relu"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Params(bb) {
		p.Reset(1)
	}
	return bb.(*Elmo)
}

// TestWithoutCarryingElmoIsReproducible runs one batch twice, with another between.
func TestWithoutCarryingElmoIsReproducible(t *testing.T) {
	for _, carry := range []bool{false, true} {
		m := tinyElmo(t)
		if carry {
			m.Carry()
		}
		b := nn.NewBuilder(false)
		prog, err := b.Build(nil, m.Build(b).Last)
		if err != nil {
			t.Fatal(err)
		}
		lists := [][]string{{"a bird sang", "it was late"}, {"so ?", "the bird , a wren , sang"}}
		var outputs [][]float32
		for _, at := range []int{0, 1, 0} {
			if _, err := prog.Run(sentences(m, at, lists), nn.Step{}); err != nil {
				t.Fatal(err)
			}
			outputs = append(outputs, slices.Clone(prog.Output(0)))
		}
		if same := slices.Equal(outputs[0], outputs[2]); same == carry {
			t.Errorf("carry %v: got the same vectors again: %v, want %v", carry, same, !carry)
		}
	}
}

func TestAWordIsSpelledOncePerBatch(t *testing.T) {
	m := tinyElmo(t)
	b := sentences(m, 0, [][]string{{"the cat saw the cat"}, {"the end"}})
	if got, want := len(b.Chars), 6*tokenizer.WordLength; got != want { // <S> the cat saw </S> end
		t.Errorf("got %d characters, want %d", got, want)
	}
	if got, want := b.CharIndex, []int32{0, 1, 2, 3, 1, 2, 4, 0, 1, 5, 4}; !slices.Equal(got, want) {
		t.Errorf("got words %v, want %v", got, want)
	}
}

func TestBrokenElmoOptionsAreRefused(t *testing.T) {
	for name, options := range map[string]string{
		"text":           `x`,
		"no filters":     `{"lstm": {"dim": 1, "projection_dim": 1, "n_layers": 1}, "char_cnn": {"embedding": {"dim": 1}, "n_characters": 262}}`,
		"huge":           `{"lstm": {"dim": 1000000000}}`,
		"tanh":           `{"lstm": {"dim": 1, "projection_dim": 1, "n_layers": 1}, "char_cnn": {"embedding": {"dim": 1}, "filters": [[1, 1]], "n_characters": 262, "activation": "tanh"}}`,
		"long filter":    `{"lstm": {"dim": 1, "projection_dim": 1, "n_layers": 1}, "char_cnn": {"embedding": {"dim": 1}, "filters": [[51, 1]], "n_characters": 262}}`,
		"few characters": `{"lstm": {"dim": 1, "projection_dim": 1, "n_layers": 1}, "char_cnn": {"embedding": {"dim": 1}, "filters": [[1, 1]], "n_characters": 100}}`,
	} {
		if _, err := newElmo([]byte(options)); err == nil || !strings.Contains(err.Error(), "options.json") {
			t.Errorf("%s: got %v, want an error that names options.json", name, err)
		}
	}
}

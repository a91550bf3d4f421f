package backbone

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

const fewVectors = "the 1 2\ncat 3 4\nParis -1 0\nsat 5 -6\n"

func readVectors(t *testing.T, text string, keep func(string) bool) (*Vectors, *tokenizer.Words) {
	t.Helper()
	v, err := checkpoint.ReadVectors(strings.NewReader(text), 0, keep)
	if err != nil {
		t.Fatal(err)
	}
	m, tok, err := FromVectors(v)
	if err != nil {
		t.Fatal(err)
	}
	return m, tok
}

// lookUp runs the texts and returns a vector for each word.
func lookUp(t *testing.T, m *Vectors, tok tokenizer.Tokenizer, texts ...string) []float32 {
	t.Helper()
	var seqs []batch.Sequence
	for _, text := range texts {
		seqs = append(seqs, batch.Sequence{IDs: tok.Wrap(tok.Encode(text), nil, 0).IDs})
	}
	b := nn.NewBuilder(false)
	prog, err := b.Build(nil, m.Build(b).Last)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Run(batch.Pack(seqs), nn.Step{}); err != nil {
		t.Fatal(err)
	}
	return slices.Clone(prog.Output(0))
}

func TestWordsReadTheirVectors(t *testing.T) {
	m, tok := readVectors(t, fewVectors, nil)
	got := lookUp(t, m, tok, "The cat", "Paris", "xyzzy")
	want := []float32{1, 2, 3, 4, -1, 0, 2, 0} // an unknown word reads the mean
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnlyTheWordsOfTheDataAreKept(t *testing.T) {
	m, tok := readVectors(t, fewVectors, WordsOf([]string{"The cat, in Paris."}))
	if _, kept := tok.ID("sat"); kept {
		t.Error("got a vector for sat, want none: no text has it")
	}
	for _, w := range []string{"the", "cat", "Paris"} {
		if _, kept := tok.ID(w); !kept {
			t.Errorf("got no vector for %s, want one", w)
		}
	}
	if got, want := m.Shape().Vocabulary, tok.Size(); got != want {
		t.Errorf("got a table of %d rows, want the tokenizer's %d", got, want)
	}
}

func TestNoKnownWordIsRefused(t *testing.T) {
	v, err := checkpoint.ReadVectors(strings.NewReader(fewVectors), 0, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := FromVectors(v); err == nil {
		t.Error("got no error for vectors without words, want one")
	}
}

// TestSavedVectorsOpenAgain writes the three files of a model folder and reads them back.
func TestSavedVectorsOpenAgain(t *testing.T) {
	m, tok := readVectors(t, fewVectors, nil)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, configFile), m.Config(), 0o644); err != nil {
		t.Fatal(err)
	}
	w := m.Words.W
	tensors := []checkpoint.Tensor{{Name: w.Name, Shape: w.Shape, Data: w.Value}}
	if err := checkpoint.WriteSafetensors(filepath.Join(dir, "model.safetensors"), tensors, checkpoint.F32, nil); err != nil {
		t.Fatal(err)
	}
	if err := tok.Save(dir); err != nil {
		t.Fatal(err)
	}
	bb, family, err := Describe(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	src, err := checkpoint.Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if _, err := Load(src, family, Params(bb), 1); err != nil {
		t.Fatal(err)
	}
	again, err := tokenizer.Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	text := "the Cat sat in Paris"
	if got, want := lookUp(t, bb.(*Vectors), again, text), lookUp(t, m, tok, text); !slices.Equal(got, want) {
		t.Errorf("got %v after saving, want %v", got, want)
	}
}

// TestATableLearnsTheRowsOfItsBatchOnly asks for sparse updates.
func TestATableLearnsTheRowsOfItsBatchOnly(t *testing.T) {
	m, tok := readVectors(t, fewVectors, nil)
	m.Words.W.Thaw()
	b := nn.NewBuilder(true)
	summary := m.Summary(b, m.Build(b), op.PoolFirst)
	loss := b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, summary)
	prog, err := b.Build(loss)
	if err != nil {
		t.Fatal(err)
	}
	packed := batch.Pack([]batch.Sequence{{IDs: tok.Encode("the cat").IDs}})
	packed.Classes = []int32{0}
	if _, err := prog.Run(packed, nn.Step{Train: true}); err != nil {
		t.Fatal(err)
	}
	if got, want := m.Words.W.Rows.List, []int32{0, 1}; !slices.Equal(got, want) {
		t.Errorf("got rows %v, want %v", got, want)
	}
	for i, g := range m.Words.W.Grad {
		if touched := i < 4; touched != (g != 0) {
			t.Errorf("entry %d: got gradient %v, want one in the rows of the batch alone", i, g)
		}
	}
}

func TestPublishedGloVeIsABackbone(t *testing.T) {
	const name = "glove.6B.100d.sample.txt.gz"
	dir := filepath.Join("..", "..", "..", "shared", "fixtures", "glove")
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		t.Skipf("reference files are not here: %v", err)
	}
	m, tok, err := OpenVectors(os.DirFS(dir), name, 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := lookUp(t, m, tok, "the"); len(got) != 100 || got[0] != -0.038194 {
		t.Errorf("got %d numbers, the first %v, want 100 from -0.038194", len(got), got[0])
	}
}

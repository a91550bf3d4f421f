package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/tokenizer"
)

// vectorFamily is the model_type of static word vectors.
const vectorFamily = "vectors"

// A vectorFile is a file of word vectors on this machine.
type vectorFile struct {
	path string
	dim  int // numbers a word, 0 to find out
}

// read returns the words that keep says yes to, nil for all.
func (f vectorFile) read(keep func(word string) bool) (*checkpoint.Vectors, error) {
	dir, name := filepath.Split(f.path)
	return checkpoint.OpenVectors(os.DirFS(filepath.Clean(dir)), name, f.dim, keep)
}

// wordVectors are the words of a file that a model is made of, and what they read.
type wordVectors struct {
	file    vectorFile
	words   []string
	initial []float32 // (V, H) with <unk> and <pad>; nil until it is read
}

// listVectors makes a model of all words of a file; their vectors are read by Load.
func listVectors(name string, f vectorFile) (*Model, error) {
	var words []string
	seen := map[string]bool{}
	v, err := f.read(func(word string) bool {
		if !seen[word] {
			seen[word] = true
			words = append(words, word)
		}
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.dim = v.Dim
	return modelOfWords(name, &wordVectors{file: f, words: words})
}

// readVectors makes a model of the words that keep says yes to, in one reading.
func readVectors(name string, f vectorFile, keep func(word string) bool) (*Model, error) {
	v, err := f.read(keep)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f.dim = v.Dim
	w := &wordVectors{file: f, words: v.Words}
	if err := w.fill(v); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return modelOfWords(name, w)
}

// narrowed is the model with fewer words.
func (m *Model) narrowed(keep func(word string) bool) (*Model, error) {
	words := slices.DeleteFunc(slices.Clone(m.vectors.words), func(w string) bool { return !keep(w) })
	return modelOfWords(m.name, &wordVectors{file: m.vectors.file, words: words})
}

// modelOfWords is the model of a table that may not have been read yet.
func modelOfWords(name string, w *wordVectors) (*Model, error) {
	if len(w.words) == 0 {
		return nil, fmt.Errorf("%s: found no vector for any word of the data, expected one or more", name)
	}
	tok := tokenizer.NewWords(w.words)
	config := backbone.VectorsConfig(tok.Size(), w.file.dim)
	bb, family, err := backbone.FromConfig(config)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Model{name: name, config: config, weights: w.open, vectors: w, bb: bb, family: family, tok: tok}, nil
}

// open reads the vectors, once.
func (w *wordVectors) open() (checkpoint.Source, error) {
	if w.initial == nil {
		wanted := make(map[string]bool, len(w.words))
		for _, word := range w.words {
			wanted[word] = true
		}
		v, err := w.file.read(func(word string) bool { return wanted[word] })
		if err != nil {
			return nil, err
		}
		if err := w.fill(v); err != nil {
			return nil, err
		}
	}
	shape := []int{len(w.initial) / w.file.dim, w.file.dim}
	return inMemory{{Name: "embeddings.weight", Shape: shape, Data: w.initial}}, nil
}

// fill adds the rows of <unk> and <pad>.
func (w *wordVectors) fill(v *checkpoint.Vectors) error {
	m, _, err := backbone.FromVectors(v)
	if err != nil {
		return err
	}
	w.initial = m.Words.W.Value
	return nil
}

// textsOf lists all that a model may be asked to read of d.
func textsOf(d *datasets.Dataset) []string {
	var texts []string
	for _, part := range datasets.Parts() {
		for _, ex := range d.Part(part) {
			texts = append(append(texts, ex.Text, ex.Pair, ex.Context, ex.Question), ex.Words...)
		}
	}
	return texts
}

// inMemory is a checkpoint that lies in no file.
type inMemory []checkpoint.Tensor

// Tensors lists them.
func (s inMemory) Tensors() []checkpoint.Info {
	var list []checkpoint.Info
	for _, t := range s {
		list = append(list, checkpoint.Info{Name: t.Name, DType: checkpoint.F32, Shape: t.Shape})
	}
	return list
}

// Read copies one.
func (s inMemory) Read(name string, dst []float32) error {
	for _, t := range s {
		if t.Name == name && len(t.Data) == len(dst) {
			copy(dst, t.Data)
			return nil
		}
	}
	return fmt.Errorf("checkpoint: found no tensor %q of %d numbers", name, len(dst))
}

// ReadInts has none to give.
func (s inMemory) ReadInts(name string) ([]int64, error) {
	return nil, fmt.Errorf("checkpoint: found no tensor %q of integers", name)
}

// Close has nothing to release.
func (s inMemory) Close() error { return nil }

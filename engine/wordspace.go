package engine

import (
	"context"
	"fmt"
	"io"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/words"
)

// What package words holds, for front ends.
type (
	WordSpace      = words.Space           // words and their directions: Near, Analogy, Similarity, Analogies
	Neighbour      = words.Neighbour       // a word and its cosine
	WordPair       = words.Pair            // two words and how alike people find them
	WordSimilarity = words.SimilarityScore // how well cosines agree with people
	AnalogySection = words.Section         // named questions of an analogy benchmark
	AnalogyScore   = words.SectionScore    // answers of one section
	Plane          = words.Plane           // vectors in two dimensions
)

// ReadWordPairs reads a similarity benchmark: two words and a number a line.
func ReadWordPairs(r io.Reader) ([]WordPair, error) { return words.ReadPairs(r) }

// ReadAnalogies reads an analogy benchmark: four words a line, sections opened by ": NAME".
func ReadAnalogies(r io.Reader) ([]AnalogySection, error) { return words.ReadQuestions(r) }

// TotalAnalogies adds sections up.
func TotalAnalogies(scores []AnalogyScore) AnalogyScore { return words.Total(scores) }

// Project lays vectors of one length on the plane of their first two principal components.
func Project(vectors [][]float32) (Plane, error) { return words.Project(vectors) }

// Static says whether a word has the same vector wherever it stands.
func (m *Model) Static() bool { return m.family.Name == vectorFamily }

// OpenWords opens static word vectors by name or path and reads all of them. Of another backbone,
// whose words have no vector of their own, Model.WordsAlone makes a space.
func OpenWords(ctx context.Context, nameOrPath string) (*WordSpace, error) {
	v, err := readWords(ctx, nameOrPath)
	if err != nil {
		return nil, err
	}
	return words.New(v.Words, v.Data, v.Dim)
}

// ExportWords writes static word vectors to a file in word2vec's format, as text or, when path ends
// in .bin, binary. It returns how many words it wrote.
func ExportWords(ctx context.Context, nameOrPath, path string) (int, error) {
	v, err := readWords(ctx, nameOrPath)
	if err != nil {
		return 0, err
	}
	return len(v.Words), checkpoint.WriteVectors(path, v)
}

// readWords reads static vectors, without the rows for unknown words and padding.
func readWords(ctx context.Context, nameOrPath string) (*checkpoint.Vectors, error) {
	m, err := OpenModel(ctx, nameOrPath)
	if err != nil {
		return nil, err
	}
	if !m.Static() {
		return nil, fmt.Errorf("words: %s is a %s, which has no vector for a word alone, expected static word vectors", nameOrPath, m.family.Name)
	}
	if err := m.Load(0, false); err != nil {
		return nil, err
	}
	table, v := backbone.Params(m.bb)[0].Value, &checkpoint.Vectors{Words: m.words(), Dim: m.Shape().Width}
	v.Data = make([]float32, 0, len(v.Words)*v.Dim)
	for _, w := range v.Words {
		id, _ := m.tok.ID(w)
		v.Data = append(v.Data, table[int(id)*v.Dim:(int(id)+1)*v.Dim]...)
	}
	return v, nil
}

// words are the model's tokens without those for unknown words and padding.
func (m *Model) words() []string {
	special := []int32{m.tok.Specials().UNK, m.tok.Specials().PAD}
	var list []string
	for id := range int32(m.tok.Size()) {
		if !slices.Contains(special, id) {
			list = append(list, m.tok.Token(id))
		}
	}
	return list
}

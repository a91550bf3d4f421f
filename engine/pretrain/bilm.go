package pretrain

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// A bilm is ELMo's objective (Peters et al. 2018): the forward network says the next word, the
// backward one the word before, through one output layer that both share. Words outside the output
// layer are read and not asked for.
type bilm struct {
	o     LanguageOptions
	tok   *tokenizer.Characters
	elmo  *backbone.Elmo
	words []wordCount // that are predicted, the most frequent first
	place map[int32]int32
	out   *nn.Param // (V, P)
	bias  *nn.Param // (V)

	said   []int32 // (2N) words of the vocabulary, forward and backward in turn
	placed []int32 // (2N) the same as places among the candidates
	among  op.Candidates
	asked  int
	draws  *logUniform
}

func (m *bilm) texts(corpus []Source) []Source { return corpus }

// prepare counts words; the ends of a sentence are words too.
func (m *bilm) prepare(train []string) (tokenizer.Tokenizer, error) {
	m.tok = tokenizer.NewCharacters()
	path := filepath.Join(m.o.Out, outputWordsFile)
	words, err := readWordCounts(path)
	if errors.Is(err, fs.ErrNotExist) {
		words = countWords(m.tok, train[:min(len(train), countedTexts)])
		err = writeWordCounts(path, words)
	}
	if err != nil {
		return nil, err
	}
	m.words = words
	return m.tok, nil
}

// attach makes the output layer.
func (m *bilm) attach(bb backbone.Backbone, _ backbone.Family) error {
	elmo, ok := bb.(*backbone.Elmo)
	if !ok {
		return fmt.Errorf("pretrain: the objective bilm reads words by their characters: found a %s, expected an elmo", bb.Shape().Family)
	}
	m.elmo = elmo
	v := min(len(m.words), m.o.Vocabulary)
	m.place = make(map[int32]int32, v)
	for i, w := range m.words[:v] {
		m.place[m.id(w.word)] = int32(i)
	}
	m.out, m.bias = nn.NewParam(nn.Normal, v, bb.Shape().Width/2), nn.NewParam(nn.Zeros, v)
	m.out.Name, m.bias.Name, m.out.Decay = "softmax.W", "softmax.b", false
	m.draws = newLogUniform(m.words[:v])
	return nil
}

// id is the tokenizer's number of a word that may be an end of a sentence.
func (m *bilm) id(word string) int32 {
	if id, ok := m.tok.ID(word); ok {
		return id
	}
	return m.tok.EncodeWords([]string{word}).IDs[0]
}

func (m *bilm) params() []*nn.Param { return []*nn.Param{m.out, m.bias} }

// fresh makes the output layer say how frequent words are before it has learnt anything else.
func (m *bilm) fresh() {
	total := 0
	for _, w := range m.words[:len(m.bias.Value)] {
		total += w.count
	}
	for i := range m.bias.Value {
		m.bias.Value[i] = float32(math.Log(float64(m.words[i].count) / float64(total)))
	}
	m.bias.Changed()
}

func (m *bilm) sequence(text string) batch.Sequence {
	ids := m.tok.Wrap(m.tok.Encode(text), nil, 0).IDs
	if len(ids) > longestWords || len(ids) < 4 {
		return batch.Sequence{}
	}
	return batch.Sequence{IDs: ids}
}

// pack labels every word with its neighbours.
func (m *bilm) pack(seqs []batch.Sequence, step uint64) *batch.Batch {
	b := batch.Pack(seqs)
	backbone.Spell(m.elmo, m.tok, b)
	m.said, m.asked = m.said[:0], 0
	for _, q := range seqs {
		for i := range q.IDs {
			m.said = append(m.said, m.label(q.IDs, i+1), m.label(q.IDs, i-1))
		}
	}
	if m.o.Candidates > 0 {
		rng := rand.New(rand.NewPCG(uint64(m.o.Seed)^0xb1, step))
		m.among, m.placed = m.draws.candidates(rng, m.o.Candidates, m.said, m.placed[:0])
	}
	return b
}

// label is the output layer's number of word i of a sentence.
func (m *bilm) label(ids []int32, i int) int32 {
	if i < 0 || i >= len(ids) {
		return batch.Ignore
	}
	place, known := m.place[ids[i]]
	if !known {
		return batch.Ignore
	}
	m.asked++
	return place
}

func (m *bilm) labels() int { return m.asked }

// loss reads the top layer, (N, 2P), as (2N, P): a row for each direction of each word.
func (m *bilm) loss(b *nn.Builder, h backbone.Hidden, train bool) *nn.Node {
	k := &op.WordLoss{Words: &m.out.Weight, Bias: &m.bias.Weight, Labels: func(*batch.Batch) []int32 { return m.said }}
	if train && m.o.Candidates > 0 {
		k.Labels = func(*batch.Batch) []int32 { return m.placed }
		k.Candidates = func(*batch.Batch) op.Candidates { return m.among }
	}
	return b.Apply(k, h.All[len(h.All)-1])
}

// outputScale brings the teacher's vectors, whose entries are about 1, down to where the output
// layer's first guesses are gentle.
const outputScale = 0.1

// learnWords starts the character network, and the output layer, from a teacher's vectors of words.
func (m *bilm) learnWords(t *teacher, report func(seen int, loss, rate float64)) error {
	f, err := newWordFit(t, m.words, m.out.Shape[1], uint64(m.o.Seed))
	if err != nil {
		return err
	}
	p := m.out.Shape[1]
	for i, word := range f.words {
		if at, known := m.place[m.id(word)]; known {
			for c, v := range f.vectors[i*p : (i+1)*p] {
				m.out.Value[int(at)*p+c] = outputScale * v
			}
		}
	}
	m.out.Changed()
	return f.run(m, spelling(m.elmo), m.o.FitWords, report)
}

// spelling are the parameters that read a word's characters.
func spelling(bb backbone.Backbone) (params []*nn.Param) {
	for _, l := range bb.Layers() {
		if l.Kind == "embeddings" {
			params = append(params, l.Params...)
		}
	}
	return params
}

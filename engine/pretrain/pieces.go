package pretrain

import (
	"fmt"
	"os"
	"strings"

	"defrost/engine/backbone"
	"defrost/engine/tokenizer"
)

// A pieces is what clm and mlm share: texts are passages of several sentences, read as pieces of
// words.
type pieces struct {
	o     LanguageOptions
	tok   tokenizer.Tokenizer
	out   backbone.Output
	max   int // longest sequence
	train func(corpus []Source, size int) (tokenizer.Tokenizer, error)
	asked int
}

// charactersPerPiece is what a piece is long on average, about; passages are cut by it.
const charactersPerPiece = 4

// texts joins neighbouring sentences to passages that fill a sequence.
func (m *pieces) texts(corpus []Source) []Source {
	length := m.o.Length
	if length == 0 {
		length = defaultPassage
	}
	list := make([]Source, len(corpus))
	for i, s := range corpus {
		list[i] = Source{Path: s.Path, Sentences: s.passages(length * charactersPerPiece)}
	}
	return list
}

// defaultPassage is the length of a passage, in pieces, where none is asked for.
const defaultPassage = 128

// passages joins sentences that follow each other in one text, up to so many bytes each.
func (s *Source) passages(most int) []string {
	var list []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			list = append(list, b.String())
			b.Reset()
		}
	}
	breaks := s.breaks
	for i, sentence := range s.Sentences {
		for len(breaks) > 0 && breaks[0] <= i {
			flush()
			breaks = breaks[1:]
		}
		if b.Len() > 0 && b.Len()+1+len(sentence) > most {
			flush()
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(sentence)
	}
	flush()
	return list
}

// prepare opens the tokenizer of the checkpoint or of the unfinished run, or learns one.
func (m *pieces) prepare([]string) (tokenizer.Tokenizer, error) {
	var err error
	if m.o.Start != nil {
		m.tok, err = tokenizer.Open(m.o.Start)
	} else if m.tok, err = tokenizer.Open(os.DirFS(m.o.Out)); err != nil {
		m.tok, err = m.train(m.o.Corpus, m.o.Vocabulary)
	}
	if err != nil {
		return nil, err
	}
	return m.tok, m.tok.Save(m.o.Out)
}

// bytePieces learns GPT-2's kind of vocabulary from words with the blank before them.
func bytePieces(corpus []Source, size int) (tokenizer.Tokenizer, error) {
	return tokenizer.TrainBPE(weightedBy(corpus, func(w string) string { return " " + w }), tokenizer.BPEOptions{Size: size})
}

// attach checks that the backbone says words as the objective asks.
func (m *pieces) attach(bb backbone.Backbone, causal bool) error {
	speaker, ok := bb.(backbone.Speaker)
	if !ok || speaker.Output().Causal != causal {
		kind := map[bool]string{true: "reads from left to right, as gpt2", false: "reads both ways, as bert"}[causal]
		return fmt.Errorf("pretrain: the objective %s needs a backbone that %s: found %s", m.o.Objective, kind, bb.Shape().Family)
	}
	m.out, m.max = speaker.Output(), bb.Shape().Positions
	if m.o.Length > 0 {
		m.max = min(m.max, m.o.Length)
	} else {
		m.max = min(m.max, defaultPassage)
	}
	return nil
}

// fresh has nothing to do: a checkpoint knows its words, or they start at random.
func (m *pieces) fresh() {}

func (m *pieces) labels() int { return m.asked }

// learnWords places every piece where the teacher sees it standing alone.
func (m *pieces) learnWords(t *teacher, _ func(seen int, loss, rate float64)) error {
	table := m.out.Words
	texts := make([]string, m.tok.Size())
	for i := range texts {
		texts[i] = strings.TrimSpace(strings.TrimPrefix(m.tok.Decode([]int32{int32(i)}), "##"))
	}
	states, err := t.alone(texts)
	if err != nil {
		return err
	}
	h := table.Shape[1]
	if h > t.width {
		return fmt.Errorf("pretrain: the teacher is %d wide, expected at least the backbone's %d", t.width, h)
	}
	s, err := newSpace(states, t.width, h, uint64(m.o.Seed))
	if err != nil {
		return err
	}
	for i := range texts {
		for c, v := range s.project(states[i*t.width : (i+1)*t.width]) {
			table.Value[i*h+c] = float32(v / s.axis * embeddingRMS)
		}
	}
	table.Changed()
	return nil
}

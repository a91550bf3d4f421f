package task

import (
	"math"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/metric"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// LastWord says the last word of a passage (LAMBADA: Paperno et al. 2016). It is right when each of
// the word's tokens is the likeliest there, after the right ones before it: what a model that takes
// the likeliest token every time would have written. A masked model sees as many masks as the word
// has tokens, which it is told so.
type LastWord struct{ causal bool }

func init() {
	Register(Kind{
		Name: "lastword", Data: []datasets.Kind{datasets.Text}, Heads: []string{"linear"}, Speaks: true,
		New:  func(*datasets.Dataset, Options) (Task, error) { return &LastWord{}, nil },
		Open: func(Saved) (Task, error) { return &LastWord{}, nil },
	})
}

// Name is lastword.
func (l *LastWord) Name() string { return "lastword" }

// Labels are none: all words of the vocabulary may be said.
func (l *LastWord) Labels() []string { return nil }

// Primary is accuracy: whole words that are right.
func (l *LastWord) Primary() string { return "accuracy" }

// NewHead is the backbone's own output layer. It notes which way the backbone reads.
func (l *LastWord) NewHead(o HeadOptions) (Head, error) {
	h, err := newSpeaker(l.Name(), o)
	if err == nil {
		l.causal = h.causal
	}
	return h, err
}

// split parts a passage before its last word.
func split(text string) (before, word string) {
	text = strings.TrimSpace(text)
	i := strings.LastIndexAny(text, " \t\n")
	return text[:i+1], text[i+1:]
}

// A lastWord is what an Item has beside its tokens.
type lastWord struct {
	question
	tok tokenizer.Tokenizer
}

// Encode asks for the tokens of the last word. Of a long passage the end is read.
func (l *LastWord) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	before, word := split(ex.Text)
	it, q := questioned(tok, l.causal, before+word, len(before), len(before)+len(word), max)
	it.Own = lastWord{q, tok}
	return []Item{it}
}

// Collate packs passages with their last words.
func (l *LastWord) Collate(items []Item) *batch.Batch {
	return asked(items, func(it Item) (rows, words []int32) {
		q := it.Own.(lastWord)
		return q.rows, q.words
	})
}

// Build is the scores of all words where the last one stands (R, V).
func (l *LastWord) Build(b *nn.Builder, f Features, h Head) []*nn.Node { return scoresAt(b, f, h) }

// Loss is the mean cost of the last words' tokens.
func (l *LastWord) Loss(b *nn.Builder, h Head, out []*nn.Node) *nn.Node { return wordLoss(b, h, out) }

// EvalTokens keeps the scores of an evaluation's batch small.
func (l *LastWord) EvalTokens() int { return spokenTokens }

// spokenTokens is a few passages.
const spokenTokens = 2048

// Read takes the likeliest token of each row.
func (l *LastWord) Read(s Said) []Prediction {
	list, v := make([]Prediction, len(s.Items)), s.Head.(*speaker).Words()
	for i, it := range s.Items {
		q := it.Own.(lastWord)
		var said []int32
		for k, r := 0, int(s.Batch.Spans[i]); k < len(q.words); k, r = k+1, r+1 {
			p := softmax(s.Out[0][r*v : (r+1)*v])
			said = append(said, int32(p.Class))
			list[i].Loss -= math.Log(math.Max(p.Probabilities[q.words[k]], 1e-30))
		}
		list[i].Tokens = len(said)
		list[i].Text = strings.TrimSpace(q.tok.Decode(said))
		if len(said) > 0 && slices.Equal(said, q.words) {
			list[i].Class = 1
		}
	}
	return list
}

// Show puts the passage, its last word and the one said side by side.
func (l *LastWord) Show(ex datasets.Example, p Prediction) Case {
	before, word := split(ex.Text)
	said := p.Text
	if p.Class == 1 {
		said = word // as it is written there
	}
	return Case{Text: strings.TrimSpace(before), Gold: word, Predicted: said, Right: p.Class == 1}
}

// Ask takes a passage with its last word.
func (l *LastWord) Ask(text string) (datasets.Example, error) {
	return datasets.Example{Text: text}, nil
}

// NewScore counts words.
func (l *LastWord) NewScore() Score { return &lastWordScore{words: metric.NewPerplexity()} }

type lastWordScore struct {
	right int
	all   int
	words *metric.Perplexity
}

func (s *lastWordScore) Add(_ datasets.Example, p Prediction) {
	s.all++
	s.right += p.Class
	s.words.Add(1, p.Loss)
}

// Values are the share of words that are right and the perplexity of a whole word.
func (s *lastWordScore) Values() map[string]float64 {
	return map[string]float64{"accuracy": float64(s.right) / float64(max(s.all, 1)), "perplexity": s.words.Value()}
}

func (s *lastWordScore) Confusion() [][]int { return nil }

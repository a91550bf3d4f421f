package task

import (
	"fmt"
	"math"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/metric"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// LM goes on with what a backbone was pre-trained on: a causal one says every next token (Radford et
// al. 2018), a masked one those that are hidden (Devlin et al. 2019; on text of one's own: Gururangan
// et al. 2020). Any text will do; labels are of no account.
type LM struct{ causal, breaks bool }

func init() {
	Register(Kind{
		Name: "lm", Default: []datasets.Kind{datasets.Text}, Heads: []string{"linear"}, Speaks: true,
		Data: []datasets.Kind{datasets.Text, datasets.Classify, datasets.Pair, datasets.MultiLabel},
		New:  func(*datasets.Dataset, Options) (Task, error) { return &LM{}, nil },
		Open: func(Saved) (Task, error) { return &LM{}, nil },
	})
}

// gpt1 is the family whose tokenizer has no token for the end of a line.
const gpt1 = "openai-gpt"

// Name is lm.
func (l *LM) Name() string { return "lm" }

// Labels are none: all words of the vocabulary may be said.
func (l *LM) Labels() []string { return nil }

// Primary is the perplexity per token.
func (l *LM) Primary() string { return "perplexity" }

// A speaker is the output layer of a backbone as a head.
type speaker struct {
	*head.LM
	causal bool
}

// Pretrained says that a masked model's weights may hold the layer.
func (h *speaker) Pretrained() bool { return true }

// NewHead is the backbone's own output layer. It notes which way the backbone reads.
func (l *LM) NewHead(o HeadOptions) (Head, error) {
	h, err := newSpeaker(l.Name(), o)
	if err == nil {
		l.causal, l.breaks = h.causal, o.Output.Family != gpt1
	}
	return h, err
}

func newSpeaker(task string, o HeadOptions) (*speaker, error) {
	switch {
	case o.Output == nil:
		return nil, fmt.Errorf("task: %s asks a backbone for words, and this one has no output layer of its own, expected gpt2, openai-gpt, bert, roberta or distilbert", task)
	case o.Kind != "linear":
		return nil, fmt.Errorf("task: head is %s, expected linear: %s reads the backbone's own output layer", o.Kind, task)
	case o.Output.Causal:
		return &speaker{head.NewCausalLM(o.Output.Words), true}, nil
	}
	return &speaker{head.NewMaskedLM(o.Output.Family, o.Output.Words, o.Output.Act, o.Output.Eps), false}, nil
}

// An lmWindow is what an Item of LM has beside its tokens. Item.Tags are the words to say, one a row:
// of a causal model the next token, of a masked one the token itself.
type lmWindow struct {
	tok    tokenizer.Tokenizer
	masked bool
	opens  bool // begins with a token of the text that nobody says
}

// textOf is all the text of an example.
func textOf(ex datasets.Example) string {
	if ex.Pair == "" {
		return ex.Text
	}
	return ex.Text + " " + ex.Pair
}

// Encode cuts a text into windows. Every token is said once, but for the first of a causal model
// without a mark for where texts begin.
func (l *LM) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	ids := tok.Encode(textOf(ex)).IDs
	if !l.causal {
		return maskedWindows(tok, ids, max)
	}
	begin := beginning(tok)
	if begin >= 0 {
		ids = append([]int32{begin}, ids...)
	}
	return causalWindows(lmWindow{tok: tok, opens: begin < 0}, ids, max)
}

// beginning is the mark that stands before a text, -1 for none: GPT-2 marks ends, and after an end
// begins another text.
func beginning(tok tokenizer.Tokenizer) int32 {
	s := tok.Specials()
	if s.BOS >= 0 {
		return s.BOS
	}
	return s.EOS
}

// causalWindows overlap by half, so that a token far into a text is said with at least that much
// before it in view; what an earlier window said is not said again.
func causalWindows(own lmWindow, ids []int32, max int) []Item {
	var items []Item
	for from, said := 0, 0; ; from += (max + 1) / 2 {
		to := min(from+max, len(ids)-1)
		if to <= from {
			to = len(ids) // of a single token nothing is said
		}
		it := Item{Sequence: batch.Sequence{IDs: ids[from:to]}, Tags: make([]int32, to-from), Own: own}
		for r := range it.Tags {
			if it.Tags[r] = batch.Ignore; from+r >= said && from+r+1 < len(ids) {
				it.Tags[r] = ids[from+r+1]
			}
		}
		items, said, own.opens = append(items, it), to, false
		if to >= len(ids)-1 {
			return items
		}
	}
}

// maskedWindows follow each other, each with the marks that stand around a text.
func maskedWindows(tok tokenizer.Tokenizer, ids []int32, max int) []Item {
	var items []Item
	room := max - len(tok.Wrap(tokenizer.Encoding{}, nil, 0).IDs)
	for {
		n := min(room, len(ids))
		items = append(items, wrapped(tok, ids[:n]))
		if ids = ids[n:]; len(ids) == 0 {
			return items
		}
	}
}

// wrapped puts marks around tokens; all but marks may be asked for.
func wrapped(tok tokenizer.Tokenizer, ids []int32) Item {
	n := len(ids)
	e := tok.Wrap(tokenizer.Encoding{
		IDs: ids, Spans: make([]tokenizer.Span, n), Words: make([]int32, n), Types: make([]int32, n), Special: make([]bool, n),
	}, nil, 0)
	it := Item{
		Sequence: batch.Sequence{IDs: e.IDs, Types: e.Types}, Tags: make([]int32, len(e.IDs)), Own: lmWindow{tok: tok, masked: true},
	}
	sep := tok.Specials().SEP
	for r, id := range e.IDs {
		if it.Tags[r] = id; e.Special[r] || id == sep {
			it.Tags[r] = batch.Ignore
		}
	}
	return it
}

// Collate packs windows. Tags are the words that are asked for; of a masked model Firsts are their
// rows, which are the same whenever the window is asked about.
func (l *LM) Collate(items []Item) *batch.Batch {
	b := pack(items)
	if l.causal {
		for _, it := range items {
			b.Tags = append(b.Tags, it.Tags...)
		}
		return b
	}
	hide(b, items, hiddenOf)
	return b
}

// Build is what each word that is asked for costs (R, 1).
func (l *LM) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	states, lm := f.Tokens, h.(*speaker)
	if !lm.causal {
		states = b.Apply(&op.Gather{Rows: func(b *batch.Batch) []int32 { return b.Firsts }, Cols: states.Width, Few: true}, states)
	}
	return []*nn.Node{lm.Costs(b, states, tagsOf)}
}

func tagsOf(b *batch.Batch) []int32 { return b.Tags }

// Loss is the mean cost of a word.
func (l *LM) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.LabelledMean{Labels: tagsOf}, out[0])
}

// Read adds up each window's costs.
func (l *LM) Read(s Said) []Prediction {
	list, costs := make([]Prediction, len(s.Items)), s.Out[0]
	i := 0
	for k, word := range s.Batch.Tags {
		row := k
		if s.Batch.Firsts != nil {
			row = int(s.Batch.Firsts[k])
		}
		for row >= int(s.Batch.Offsets[i+1]) {
			i++
		}
		if word != batch.Ignore {
			list[i].Loss += float64(costs[k])
			list[i].Tokens++
		}
	}
	return list
}

// Join adds up the windows of a text.
func (l *LM) Join(_ datasets.Example, windows []Prediction) Prediction {
	var p Prediction
	for _, w := range windows {
		p.Loss += w.Loss
		p.Tokens += w.Tokens
	}
	return p
}

// Show says how hard a text is to foresee.
func (l *LM) Show(ex datasets.Example, p Prediction) Case {
	nats, tokens := p.Loss, p.Tokens
	return Case{
		Text: textOf(ex), Predicted: fmt.Sprintf("perplexity %.2f", math.Exp(p.Loss/float64(max(p.Tokens, 1)))),
		Detail: Detail{Nats: &nats, Said: &tokens},
	}
}

// Ask takes any text.
func (l *LM) Ask(text string) (datasets.Example, error) { return datasets.Example{Text: text}, nil }

// NewScore starts a perplexity.
func (l *LM) NewScore() Score {
	return &lmScore{causal: l.causal, breaks: l.breaks, tokens: metric.NewPerplexity()}
}

type lmScore struct {
	causal       bool
	breaks       bool // ends of lines are said too
	tokens       *metric.Perplexity
	nats         float64
	words, bytes int
}

func (s *lmScore) Add(ex datasets.Example, p Prediction) {
	s.tokens.Add(p.Tokens, p.Loss)
	s.nats += p.Loss
	s.words += len(strings.Fields(textOf(ex)))
	if s.breaks {
		s.words += strings.Count(textOf(ex), "\n")
	}
	s.bytes += len(textOf(ex))
}

// Values are the mean loss of a token in nats and its exponential. Of a causal model, which says all
// of a text, also what does not depend on how a tokenizer cuts it: the perplexity per word, which is
// exp(nats / words), and the bits per byte. Words are what stands between blanks, and each end of a
// line is one more, the <eos> of WikiText (Merity et al. 2017): its test part has 241,211 words and
// 4,358 lines, which make the 245,569 words that published figures are of. GPT-1 does not say ends of
// lines and is not credited with them.
func (s *lmScore) Values() map[string]float64 {
	values := map[string]float64{"loss": s.tokens.Loss(), "perplexity": s.tokens.Value()}
	if s.causal && s.words > 0 {
		values["word_perplexity"] = math.Exp(s.nats / float64(s.words))
		values["bits_per_byte"] = s.tokens.BitsPerByte(s.bytes)
	}
	return values
}

func (s *lmScore) Confusion() [][]int { return nil }

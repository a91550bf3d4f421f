package task

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// A Prompt classifies without a head: the text stands in a sentence that goes on with a word for the
// label, and the label is the one whose word is likeliest there. Examples with their words may stand
// before it (Brown et al. 2020: few-shot); a masked model says the word behind a mask (Schick and
// Schütze 2021). Of a word with several tokens the mean log-probability of one counts.
type Prompt struct {
	labels []string
	index  map[string]int32
	o      PromptOptions
	before string // the examples that stand before every text
	causal bool
	free   []float64 // log-probabilities of the labels of a text that says nothing, nil without
}

// PromptOptions say how a text is asked about.
type PromptOptions struct {
	Template string            // with {text}, perhaps {pair}, and {label}; "" takes one that suits the labels
	Words    map[string]string // for labels; one that is missing stands for itself
	Shots    int               // labelled examples before every text, drawn with their labels' shares
	Seed     int64             // of that draw
}

// Marks of a template.
const (
	textMark  = "{text}"
	pairMark  = "{pair}"
	labelMark = "{label}"
)

// opinions are words that say what sentiments are usually called (Gao, Fisch and Chen 2021).
var opinions = map[string]string{"positive": "great", "negative": "terrible", "pos": "great", "neg": "terrible"}

// NewPrompt asks for the labels of d.
func NewPrompt(d *datasets.Dataset, o PromptOptions) (*Prompt, error) {
	if d.Kind != datasets.Classify && d.Kind != datasets.Pair {
		return nil, fmt.Errorf("task: %s holds %s data, expected texts with one label each", d.Name, d.Kind)
	}
	p := &Prompt{labels: d.Labels, index: numbered(d.Labels), o: o}
	if p.o.Template == "" {
		p.o.Template = template(d)
	}
	if n := strings.Count(p.o.Template, labelMark); n != 1 || !strings.Contains(p.o.Template, textMark) {
		return nil, fmt.Errorf("task: prompt is %q, expected %s and one %s in it", p.o.Template, textMark, labelMark)
	}
	if o.Shots > len(d.Train) {
		return nil, fmt.Errorf("task: shots is %d, expected at most the %d training examples of %s", o.Shots, len(d.Train), d.Name)
	}
	for label := range o.Words {
		if _, known := p.index[label]; !known {
			return nil, fmt.Errorf("task: found a word for the label %q, expected one of %s", label, strings.Join(d.Labels, ", "))
		}
	}
	if o.Shots > 0 {
		for _, ex := range d.Subset(o.Shots, o.Seed).Train {
			text, _, _ := p.fill(ex, ex.Label)
			p.before += text + "\n"
		}
	}
	return p, enough(d.Labels)
}

// template suits opinions, pairs, or topics.
func template(d *datasets.Dataset) string {
	plain := !slices.ContainsFunc(d.Labels, func(l string) bool { return opinions[strings.ToLower(l)] == "" })
	switch {
	case d.Kind == datasets.Pair:
		return textMark + " " + pairMark + " These are " + labelMark + "."
	case plain:
		return textMark + " It was " + labelMark + "."
	}
	return textMark + " This is about " + labelMark + "."
}

// Word is what stands for a label.
func (p *Prompt) Word(label string) string {
	if w := p.o.Words[label]; w != "" {
		return w
	}
	if w := opinions[strings.ToLower(label)]; w != "" {
		return w
	}
	return strings.NewReplacer("_", " ", "-", " ").Replace(label)
}

// Template is the sentence in use.
func (p *Prompt) Template() string { return p.o.Template }

// fill puts an example and a label's word into the template; the word stands at [start, end).
func (p *Prompt) fill(ex datasets.Example, label string) (text string, start, end int) {
	front, back, _ := strings.Cut(p.o.Template, labelMark)
	in := strings.NewReplacer(textMark, strings.TrimSpace(ex.Text), pairMark, strings.TrimSpace(ex.Pair))
	front, word := in.Replace(front), p.Word(label)
	return front + word + in.Replace(back), len(front), len(front) + len(word)
}

// Name is prompt.
func (p *Prompt) Name() string { return "prompt" }

// Labels are the classes.
func (p *Prompt) Labels() []string { return p.labels }

// Primary is accuracy.
func (p *Prompt) Primary() string { return "accuracy" }

// NewHead is the backbone's own output layer. It notes which way the backbone reads.
func (p *Prompt) NewHead(o HeadOptions) (Head, error) {
	h, err := newSpeaker(p.Name(), o)
	if err == nil {
		p.causal = h.causal
	}
	return h, err
}

// An offer is a prompt and the labels that it can be read for: those whose words have as many tokens.
type offer struct {
	rows  []int32
	words map[int][]int32 // by label
	gold  int             // label, -1 for none
}

// Encode fills the template with every label's word. Words that leave the same tokens in view are
// read off one item.
func (p *Prompt) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	var items []Item
	gold := -1
	if class, known := p.index[ex.Label]; known {
		gold = int(class)
	}
	for class, label := range p.labels {
		text, start, end := p.fill(ex, label)
		n := len(p.before)
		it, q := questioned(tok, p.causal, p.before+text, n+start, n+end, max)
		i := slices.IndexFunc(items, func(other Item) bool { return slices.Equal(other.Sequence.IDs, it.Sequence.IDs) })
		if i < 0 || !slices.Equal(items[i].Own.(offer).rows, q.rows) {
			it.Own = offer{q.rows, map[int][]int32{}, gold}
			items, i = append(items, it), len(items)
		}
		items[i].Own.(offer).words[class] = q.words
	}
	return items
}

// Collate packs prompts; the right words are those of the right label, where an item has it.
func (p *Prompt) Collate(items []Item) *batch.Batch {
	return asked(items, func(it Item) (rows, words []int32) {
		o := it.Own.(offer)
		if words = o.words[o.gold]; words == nil {
			for range o.rows {
				words = append(words, batch.Ignore)
			}
		}
		return o.rows, words
	})
}

// Build is the scores of all words where the label's stands (R, V).
func (p *Prompt) Build(b *nn.Builder, f Features, h Head) []*nn.Node { return scoresAt(b, f, h) }

// Loss is the mean cost of the right labels' tokens.
func (p *Prompt) Loss(b *nn.Builder, h Head, out []*nn.Node) *nn.Node { return wordLoss(b, h, out) }

// EvalTokens keeps the scores of an evaluation's batch small.
func (p *Prompt) EvalTokens() int { return spokenTokens }

// Read is the mean log-probability of each label's tokens, minus infinity for the labels of other
// items.
func (p *Prompt) Read(s Said) []Prediction {
	list, v := make([]Prediction, len(s.Items)), s.Head.(*speaker).Words()
	for i, it := range s.Items {
		o, from := it.Own.(offer), int(s.Batch.Spans[i])
		scores := make([]float64, len(p.labels))
		for class := range scores {
			scores[class] = math.Inf(-1)
		}
		rows := make([][]float64, len(o.rows))
		for k := range rows {
			rows[k] = softmax(s.Out[0][(from+k)*v : (from+k+1)*v]).Probabilities
		}
		for class, words := range o.words {
			if len(words) == 0 {
				continue
			}
			scores[class] = 0
			for k, id := range words {
				scores[class] += math.Log(math.Max(rows[k][id], 1e-30)) / float64(len(words))
			}
		}
		list[i].Probabilities = scores
	}
	return list
}

// Join turns the scores of all items into probabilities of the labels.
func (p *Prompt) Join(_ datasets.Example, windows []Prediction) Prediction {
	scores := make([]float32, len(p.labels))
	for class := range scores {
		best := -1e9 // of a word without a token
		for _, w := range windows {
			best = math.Max(best, w.Probabilities[class])
		}
		if p.free != nil {
			best -= p.free[class]
		}
		scores[class] = float32(best)
	}
	return softmax(scores)
}

// Neutral is a text that says nothing.
func (p *Prompt) Neutral() datasets.Example { return datasets.Example{Text: "N/A", Pair: "N/A"} }

// Calibrate takes what is said of a text that says nothing off what is said of others, so that words
// which are likely everywhere do not win (Zhao et al. 2021).
func (p *Prompt) Calibrate(neutral Prediction) {
	p.free = make([]float64, len(p.labels))
	for class, v := range neutral.Probabilities {
		p.free[class] = math.Log(math.Max(v, 1e-30))
	}
}

// Show names the classes.
func (p *Prompt) Show(ex datasets.Example, said Prediction) Case {
	label := p.labels[said.Class]
	return Case{Text: ex.Text, Gold: ex.Label, Predicted: label, Right: label == ex.Label, Detail: Detail{Pair: ex.Pair}}
}

// Ask takes one text.
func (p *Prompt) Ask(text string) (datasets.Example, error) { return datasets.Example{Text: text}, nil }

// NewScore starts a confusion matrix.
func (p *Prompt) NewScore() Score { return &classScore{index: p.index} }

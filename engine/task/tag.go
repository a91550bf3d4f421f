package task

import (
	"fmt"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// Tag names every word of a sentence: IOB2 tags of entities, or parts of speech. A word is what its
// first token says; further tokens of a word take no part (Devlin et al. 2019).
type Tag struct {
	tags  []string
	index map[string]int32
	rules head.Rules
	weigh weighing
	plain bool // the loss has no settings
}

func init() {
	Register(Kind{
		Name: "tag", Data: []datasets.Kind{datasets.Tag}, Default: []datasets.Kind{datasets.Tag}, Heads: []string{"linear", "mlp", "bilstm", "crf", "bilstm-crf"},
		New: func(d *datasets.Dataset, o Options) (Task, error) {
			t, err := newTag(d.Labels)
			if err != nil {
				return nil, err
			}
			t.plain = o.plain()
			t.weigh, err = o.weigh(d.LabelCounts(datasets.Train))
			return t, err
		},
		Open: func(s Saved) (Task, error) { return newTag(s.Labels) },
	})
}

func newTag(tags []string) (*Tag, error) {
	if len(tags) < 2 {
		return nil, fmt.Errorf("task: %d tags %v, expected two or more", len(tags), tags)
	}
	return &Tag{tags: tags, index: numbered(tags), rules: head.IOB2(tags), plain: true}, nil
}

// Name is tag.
func (t *Tag) Name() string { return "tag" }

// Labels are the tags.
func (t *Tag) Labels() []string { return t.tags }

// Primary is the F1 of entities, or the accuracy where tags stand for single words.
func (t *Tag) Primary() string {
	if t.entities() {
		return "f1"
	}
	return "accuracy"
}

// entities says that tags mark stretches of words.
func (t *Tag) entities() bool {
	return slices.ContainsFunc(t.tags, func(tag string) bool { return strings.HasPrefix(tag, "B-") })
}

// A tagger scores each word's tags; crf, where there is one, how they follow each other.
type tagger struct {
	score  func(b *nn.Builder, tokens *nn.Node) *nn.Node // (N, C)
	params []*nn.Param
	crf    *head.CRF
}

// Layer is the head as a row of the freeze map.
func (h *tagger) Layer() nn.Layer { return nn.Layer{Name: "head", Kind: "head", Params: h.params} }

// NewHead makes what scores the words, and a CRF on it if asked for one.
func (t *Tag) NewHead(o HeadOptions) (Head, error) {
	h := &tagger{}
	switch o.Kind {
	case "linear", "mlp", "crf":
		c := head.NewClassifier(o.Kind, o.Width, len(t.tags), o.Dropout)
		h.score, h.params = c.Logits, c.Layer().Params
	case "bilstm", "bilstm-crf":
		c := head.NewBiLSTM(o.Width, bilstmCells, len(t.tags), o.Dropout)
		h.score, h.params = c.TokenLogits, c.Layer().Params
	default:
		return nil, fmt.Errorf("task: head is %s, expected linear, mlp, bilstm, crf or bilstm-crf", o.Kind)
	}
	if strings.HasSuffix(o.Kind, "crf") {
		if !t.plain {
			return nil, fmt.Errorf("task: head %s has a loss of its own over whole sentences, expected no loss, label_smoothing or class_weights", o.Kind)
		}
		h.crf = head.NewCRF(len(t.tags))
		h.params = append(h.params, h.crf.Params()...)
	}
	return h, nil
}

// Encode cuts words into tokens and notes the first one of each.
func (t *Tag) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	enc := tok.EncodeWords(ex.Words)
	wrapped := tok.Wrap(enc, nil, max)
	item := Item{
		Sequence: batch.Sequence{IDs: wrapped.IDs, Types: wrapped.Types},
		Cut:      len(enc.IDs) > countOrdinary(wrapped),
	}
	var words []int32
	last := int32(-1)
	for row, w := range wrapped.Words {
		if w < 0 || w == last {
			continue
		}
		last = w
		words = append(words, w)
		item.Firsts = append(item.Firsts, int32(row))
		item.Tags = append(item.Tags, t.gold(ex, int(w)))
	}
	item.Own = tagged{len(ex.Words), words}
	return []Item{item}
}

// tagged says which words of a sentence are asked for: those behind the limit of tokens, and those
// that have no token, are not.
type tagged struct {
	words int     // of the sentence
	asked []int32 // of those, in their order
}

// gold is the tag of a word, batch.Ignore where there is none or none that is known.
func (t *Tag) gold(ex datasets.Example, word int) int32 {
	if word < len(ex.Tags) {
		if tag, known := t.index[ex.Tags[word]]; known {
			return tag
		}
	}
	return batch.Ignore
}

// Collate packs sequences and their words.
func (t *Tag) Collate(items []Item) *batch.Batch {
	b := pack(items)
	b.Spans = []int32{0}
	for i, it := range items {
		for k, first := range it.Firsts {
			b.Firsts = append(b.Firsts, b.Offsets[i]+first)
			b.Tags = append(b.Tags, it.Tags[k])
		}
		b.Spans = append(b.Spans, int32(len(b.Firsts)))
	}
	return b
}

// Build is the scores of the words (R, C). The words are chosen last, so that a frozen backbone's
// states can be remembered whole.
func (t *Tag) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	scores := h.(*tagger).score(b, f.Tokens)
	return []*nn.Node{b.Apply(&op.Gather{Rows: func(b *batch.Batch) []int32 { return b.Firsts }, Cols: len(t.tags)}, scores)}
}

// Loss is the CRF's, or cross-entropy.
func (t *Tag) Loss(b *nn.Builder, h Head, out []*nn.Node) *nn.Node {
	if crf := h.(*tagger).crf; crf != nil {
		loss := crf.Loss()
		loss.Labels = func(b *batch.Batch) []int32 { return b.Tags }
		loss.Borders = func(b *batch.Batch) []int32 { return b.Spans }
		return b.Apply(loss, out[0])
	}
	return b.Apply(t.weigh.loss(func(b *batch.Batch) []int32 { return b.Tags }, len(t.tags)), out[0])
}

// Read is the best sequence of tags that IOB2 allows; words that were not asked for are outside.
func (t *Tag) Read(s Said) []Prediction {
	n, crf := len(t.tags), s.Head.(*tagger).crf
	list := make([]Prediction, len(s.Items))
	for i, it := range s.Items {
		scores := s.Out[0][int(s.Batch.Spans[i])*n : int(s.Batch.Spans[i+1])*n]
		path := t.rules.Path
		if crf != nil {
			path = func(z []float32) []int32 { return crf.Path(z, t.rules) }
		}
		list[i].Tags = t.named(it.Own.(tagged), path(scores))
	}
	return list
}

// named puts tags on the words of a sentence.
func (t *Tag) named(on tagged, path []int32) []string {
	tags := make([]string, on.words)
	for i := range tags {
		tags[i] = t.outside()
	}
	for i, w := range on.asked {
		tags[w] = t.tags[path[i]]
	}
	return tags
}

// outside is the tag of a word that nothing was said about.
func (t *Tag) outside() string {
	if _, known := t.index["O"]; known {
		return "O"
	}
	return t.tags[0]
}

// Show puts tags side by side.
func (t *Tag) Show(ex datasets.Example, p Prediction) Case {
	c := Case{Text: ex.Text, Gold: strings.Join(ex.Tags, " "), Predicted: strings.Join(p.Tags, " ")}
	if c.Text == "" {
		c.Text = strings.Join(ex.Words, " ")
	}
	c.Right = c.Gold == c.Predicted
	c.Detail = Detail{Tokens: ex.Words, GoldTags: ex.Tags, Tags: p.Tags}
	return c
}

// Ask cuts a text into words as the Penn Treebank does, which tagged data is mostly cut by.
func (t *Tag) Ask(text string) (datasets.Example, error) {
	ex := datasets.Example{Text: text}
	for _, s := range tokenizer.NewWords(nil).Encode(text).Spans {
		ex.Words = append(ex.Words, text[s.Start:s.End])
	}
	return ex, nil
}

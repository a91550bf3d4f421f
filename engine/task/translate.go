package task

import (
	"fmt"
	"os"
	"path/filepath"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
)

// Translate writes a text in another language: the backbone reads, a small decoder writes. What the
// decoder looks at is the last layer of the backbone beside its lowest one, since the upper layers of
// a network that was pre-trained to tell sentences apart forget which words there were.
type Translate struct {
	pieces    tokenizer.Tokenizer // of the target language
	smoothing float32
}

const (
	decoderWidth  = 256 // D; more overfits on the few thousand pairs that a CPU trains on
	longestTarget = 128 // pieces of a translation
	// defaultSmoothing is that of Vaswani et al. 2017.
	defaultSmoothing = 0.1
	piecesFolder     = "target" // of a checkpoint
)

func init() {
	Register(Kind{
		Name: "translate", Data: []datasets.Kind{datasets.Translate}, Default: []datasets.Kind{datasets.Translate}, Heads: []string{"linear", "bilstm"},
		New: newTranslate,
		Open: func(s Saved) (Task, error) {
			tok, err := tokenizer.Open(os.DirFS(filepath.Join(s.Dir, piecesFolder)))
			if err != nil {
				return nil, fmt.Errorf("task: the pieces of the translations: %w", err)
			}
			return &Translate{pieces: tok}, nil
		},
	})
}

func newTranslate(d *datasets.Dataset, o Options) (Task, error) {
	if o.Loss != "" && o.Loss != "cross-entropy" || o.ClassWeights != "" {
		return nil, fmt.Errorf("task: loss is %q and class_weights %q, expected cross-entropy and none for translations", o.Loss, o.ClassWeights)
	}
	t := &Translate{smoothing: defaultSmoothing}
	if o.Smoothing > 0 {
		t.smoothing = float32(o.Smoothing)
	}
	var err error
	t.pieces, err = tokenizer.TrainBPE(targets(d.Train), tokenizer.BPEOptions{Size: piecesFor(len(d.Train))})
	return t, err
}

// targets are the translations of examples, once each.
func targets(examples []datasets.Example) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		for _, ex := range examples {
			if !yield(ex.Target, 1) {
				return
			}
		}
	}
}

// piecesFor is the size of the vocabulary for so many pairs: about a thousand for a thousand of them,
// at most four thousand.
func piecesFor(pairs int) int { return min(800+pairs/5, 4000) }

// Name is translate.
func (t *Translate) Name() string { return "translate" }

// Labels are none.
func (t *Translate) Labels() []string { return nil }

// Primary is chrF, which sees half a word where BLEU sees none.
func (t *Translate) Primary() string { return "chrf" }

// Keep writes the vocabulary of the translations.
func (t *Translate) Keep(dir string) (any, error) {
	at := filepath.Join(dir, piecesFolder)
	if err := os.MkdirAll(at, 0o755); err != nil {
		return nil, fmt.Errorf("task: %w", err)
	}
	return nil, t.pieces.Save(at)
}

// NewHead makes the decoder; bilstm reads what the backbone says in both directions first.
func (t *Translate) NewHead(o HeadOptions) (Head, error) {
	n := head.DecoderSize{Tokens: o.Width, Words: o.Width, Width: decoderWidth, Pieces: t.pieces.Size()}
	switch o.Kind {
	case "linear":
	case "bilstm":
		n.Cells = bilstmCells
	default:
		return nil, fmt.Errorf("task: head is %s, expected linear, a decoder on the backbone, or bilstm, one with an LSTM in between", o.Kind)
	}
	return head.NewDecoder(n, o.Dropout), nil
}

// end stands before a translation and after it.
func (t *Translate) end() int32 { return t.pieces.Specials().EOS }

// A pair is what Translate keeps of an example beside its tokens.
type pair struct {
	target []int32 // pieces of the translation, nil where there is none
	words  []word  // of the text
}

// Encode tokenises both texts.
func (t *Translate) Encode(tok tokenizer.Tokenizer, ex datasets.Example, max int) []Item {
	enc := tok.Encode(ex.Text)
	wrapped := tok.Wrap(enc, nil, max)
	own := pair{words: wordsOf(ex.Text, wrapped)}
	if ex.Target != "" {
		own.target = t.pieces.Encode(ex.Target).IDs
		own.target = own.target[:min(len(own.target), longestTarget-1)]
	}
	return []Item{{
		Sequence: batch.Sequence{IDs: wrapped.IDs, Types: wrapped.Types}, Cut: len(enc.IDs) > countOrdinary(wrapped), Own: own,
	}}
}

// Collate packs texts, and their translations as the target: what stands before each piece, labelled
// with the piece.
func (t *Translate) Collate(items []Item) *batch.Batch {
	b := pack(items)
	var before []batch.Sequence
	var labels []int32
	for _, it := range items {
		target := it.Own.(pair).target
		before = append(before, batch.Sequence{IDs: append([]int32{t.end()}, target...)})
		if target == nil {
			labels = append(labels, batch.Ignore)
		} else {
			labels = append(append(labels, target...), t.end())
		}
	}
	b.Target = batch.Pack(before)
	b.Target.Tags = labels
	return b
}

// Build returns the logits of every piece of the target.
func (t *Translate) Build(b *nn.Builder, f Features, h Head) []*nn.Node {
	d := h.(*head.Decoder)
	return []*nn.Node{d.Logits(b, d.Remember(b, f.Tokens, f.Words))}
}

// Loss is the cross-entropy of each piece given those before it.
func (t *Translate) Loss(b *nn.Builder, _ Head, out []*nn.Node) *nn.Node {
	return b.Apply(&op.CrossEntropy{
		Labels: func(b *batch.Batch) []int32 { return b.Target.Tags }, Cols: out[0].Width, Smoothing: t.smoothing,
	}, out[0])
}

// Read makes room for what NewWriter's writer writes.
func (t *Translate) Read(s Said) []Prediction { return make([]Prediction, len(s.Items)) }

// Show puts a translation beside the one that was given; it is right when they are the same.
func (t *Translate) Show(ex datasets.Example, p Prediction) Case {
	return Case{Text: ex.Text, Gold: ex.Target, Predicted: p.Text, Right: p.Text == ex.Target}
}

// Ask takes a text to translate.
func (t *Translate) Ask(text string) (datasets.Example, error) {
	return datasets.Example{Text: text}, nil
}

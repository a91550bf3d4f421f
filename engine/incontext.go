package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
	"defrost/engine/vec"
	"defrost/engine/words"
)

// LastLayer is the layer whose states a head reads; of ELMo it is the mix of all.
const LastLayer = -1

// An Occurrence is a place where a word stands in a text, and what a model says of it there.
type Occurrence struct {
	Text       int       // index of the text
	Start, End int       // bytes of the text
	Vector     []float32 // (H) mean of the states of the word's pieces
}

// contextBatch is the number of texts read at once.
const contextBatch = 32

// InContext finds a word, however its letters are cased, in texts and returns the model's states
// of it: the mean of its pieces in a layer, 0 for the embeddings, LastLayer for the last. Weights
// must be loaded. What lies beyond the model's longest sequence is not read; a word that is in no
// text is an error.
func (m *Model) InContext(ctx context.Context, word string, texts []string, layer int) ([]Occurrence, error) {
	if strings.TrimSpace(word) == "" {
		return nil, fmt.Errorf("words: the word is empty, expected one to look for")
	}
	read, err := m.newReader(layer)
	if err != nil {
		return nil, err
	}
	defer read.prog.Close()
	var list []Occurrence
	for from := 0; from < len(texts); from += contextBatch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		some := texts[from:min(from+contextBatch, len(texts))]
		found, err := read.spans(some, func(text string) []tokenizer.Span { return wholeWords(text, word) })
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			o.Text += from
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("words: %q stands in none of the %d texts", word, len(texts))
	}
	return list, nil
}

// WordsAlone makes a space of words as the model sees each standing alone: the mean of its pieces
// in a layer. Words that the tokenizer makes nothing of are left out.
func (m *Model) WordsAlone(ctx context.Context, list []string, layer int) (*WordSpace, error) {
	read, err := m.newReader(layer)
	if err != nil {
		return nil, err
	}
	defer read.prog.Close()
	var known []string
	var data []float32
	for some := range slices.Chunk(list, 8*contextBatch) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found, err := read.spans(some, func(text string) []tokenizer.Span { return []tokenizer.Span{{Start: 0, End: len(text)}} })
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			known, data = append(known, some[o.Text]), append(data, o.Vector...)
		}
	}
	return words.New(known, data, m.Shape().Width)
}

// A stateReader returns states of texts.
type stateReader struct {
	m     *Model
	prog  *nn.Program
	width int
}

func (m *Model) newReader(layer int) (*stateReader, error) {
	b := nn.NewBuilder(false)
	hidden := m.bb.Build(b)
	states := hidden.Last
	if layer != LastLayer {
		if layer < 0 || layer >= len(hidden.All) {
			return nil, fmt.Errorf("words: layer is %d, expected 0 (embeddings) to %d, or %d for the last", layer, len(hidden.All)-1, LastLayer)
		}
		states = hidden.All[layer]
	}
	prog, err := b.Build(nil, states)
	if err != nil {
		return nil, err
	}
	return &stateReader{m, prog, m.Shape().Width}, nil
}

// spans runs texts and returns the states of the stretches that find names in each.
func (r *stateReader) spans(texts []string, find func(text string) []tokenizer.Span) ([]Occurrence, error) {
	var list []Occurrence
	var seqs []batch.Sequence
	var cuts []tokenizer.Encoding
	var at []int // text of each sequence
	for i, text := range texts {
		cut := r.m.tok.Wrap(r.m.tok.Encode(text), nil, r.m.Shape().Positions)
		if len(cut.IDs) == 0 || len(find(text)) == 0 {
			continue
		}
		seqs, cuts, at = append(seqs, batch.Sequence{IDs: cut.IDs, Types: cut.Types}), append(cuts, cut), append(at, i)
	}
	if len(seqs) == 0 {
		return nil, nil
	}
	b := batch.Pack(seqs)
	backbone.Spell(r.m.bb, r.m.tok, b)
	if _, err := r.prog.Run(b, nn.Step{}); err != nil {
		return nil, err
	}
	states := r.prog.Output(0)
	for s, cut := range cuts {
		from, to := b.Bounds(s)
		rows := states[from*r.width : to*r.width]
		for _, span := range find(texts[at[s]]) {
			if v := meanOver(rows, cut, span, r.width); v != nil {
				list = append(list, Occurrence{at[s], span.Start, span.End, v})
			}
		}
	}
	return list, nil
}

// meanOver is the mean state (H) of the pieces that share bytes with a span; nil without any.
func meanOver(states []float32, cut tokenizer.Encoding, span tokenizer.Span, width int) []float32 {
	sum, n := make([]float32, width), 0
	for i, s := range cut.Spans {
		if !cut.Special[i] && s.Start < span.End && s.End > span.Start {
			vec.AddTo(sum, states[i*width:(i+1)*width])
			n++
		}
	}
	if n == 0 {
		return nil
	}
	vec.Scale(1/float32(n), sum)
	return sum
}

// wholeWords finds word in text, however cased, where no letter or digit touches it.
func wholeWords(text, word string) []tokenizer.Span {
	var list []tokenizer.Span
	length := utf8.RuneCountInString(word)
	before := ' '
	for at, r := range text {
		end := at + bytesOf(text[at:], length)
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isWord(before) && !isWord(after) && strings.EqualFold(text[at:end], word) {
			list = append(list, tokenizer.Span{Start: at, End: end})
		}
		before = r
	}
	return list
}

// bytesOf is the length of the first n characters of text in bytes, or of all.
func bytesOf(text string, n int) int {
	for at := range text {
		if n == 0 {
			return at
		}
		n--
	}
	return len(text)
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

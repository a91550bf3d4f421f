package engine

import (
	"context"
	"fmt"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/gemm"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// GenerateOptions say how a text is written on. The zero value takes the likeliest token every time.
type GenerateOptions struct {
	Tokens      int     // at most so many, 0 for 50
	Temperature float64 // divides the scores: below 1 is bolder, above 1 wilder; 0 takes the likeliest
	TopK        int     // among the so many likeliest, 0 for all
	TopP        float64 // among the likeliest that together have this probability, 0 or 1 for all
	Seed        uint64

	Repetition float64 // makes what the text holds already less likely (Keskar et al. 2019): 1.2 is theirs, 0 or 1 is off
	Beams      int     // texts that are followed at once in search of the likeliest one; 0 or 1 takes token by token
	Length     float64 // a beam's score is divided by its tokens to this power: above 1 for longer texts; 0 for 1
}

// defaultTokens is a few sentences.
const defaultTokens = 50

func (o GenerateOptions) check() error {
	for _, r := range []rule{
		{"tokens", o.Tokens, "1 or more", o.Tokens >= 1},
		{"temperature", o.Temperature, "0 (the likeliest token) or more", o.Temperature >= 0},
		{"top_k", o.TopK, "0 (all) or more", o.TopK >= 0},
		{"top_p", o.TopP, "from 0 to 1", o.TopP >= 0 && o.TopP <= 1},
		{"repetition", o.Repetition, "0 (off) or more", o.Repetition >= 0},
		{"beams", o.Beams, "0 (none) or more", o.Beams >= 0},
		{"temperature", o.Temperature, "0 with beams, which look for the likeliest text", o.Temperature == 0 || o.Beams < 2},
	} {
		if !r.ok {
			return fmt.Errorf("generate: %s is %v, expected %s", r.name, r.value, r.want)
		}
	}
	return nil
}

// best is how many of the highest scores are looked at when the text before has so many tokens, 0 for
// all scores.
func (o GenerateOptions) best(before int) int {
	n := o.TopK
	if o.Temperature == 0 {
		n = 1
	}
	switch {
	case n == 0 || o.Beams > 1 || o.Repetition > 0 && o.Repetition < 1:
		return 0
	case o.Repetition > 1:
		n += before + o.Tokens // any of which may have been above the others
	}
	return n
}

// Generate writes a text on with a causal model whose weights are loaded, and returns what comes
// after it. It ends at the model's end of text, its last position, or when ctx is done. show, when
// not nil, gets each token as it comes.
func (m *Model) Generate(ctx context.Context, text string, o GenerateOptions, show func(Token)) (string, error) {
	if o.Tokens == 0 {
		o.Tokens = defaultTokens
	}
	if err := o.check(); err != nil {
		return "", err
	}
	bb, err := m.causal()
	if err != nil {
		return "", err
	}
	prompt, err := m.prompt(text)
	if err != nil {
		return "", err
	}
	w, err := newWriter(bb, o.best(len(prompt)))
	if err != nil {
		return "", err
	}
	defer w.prog.Close()
	write := m.writeOn
	if o.Beams > 1 {
		write = m.search
	}
	ids, err := write(ctx, w, prompt, o, func(id int32) {
		if show != nil {
			show(Token{ID: int(id), Text: m.tok.Token(id)})
		}
	})
	if err != nil {
		return "", err
	}
	return m.tok.Decode(ids), nil
}

// writeOn takes one token after the other.
func (m *Model) writeOn(ctx context.Context, w *writer, prompt []int32, o GenerateOptions, show func(int32)) ([]int32, error) {
	var written []int32
	choice := newChooser(o, prompt)
	for next := prompt; len(written) < m.room(prompt, o) && ctx.Err() == nil; {
		scores, err := w.read(next)
		if err != nil {
			return nil, err
		}
		id := choice.of(scores)
		if id == m.tok.Specials().EOS {
			break
		}
		next = []int32{id}
		written = append(written, id)
		show(id)
	}
	return written, nil
}

// room is how many tokens can follow a prompt.
func (m *Model) room(prompt []int32, o GenerateOptions) int {
	return min(o.Tokens, m.Shape().Positions-len(prompt)+1)
}

// prompt is the tokens that a text begins with: where there are none, the mark between texts.
func (m *Model) prompt(text string) ([]int32, error) {
	ids := m.tok.Encode(text).IDs
	if bos := m.tok.Specials().BOS; len(ids) == 0 && bos >= 0 {
		ids = []int32{bos}
	}
	if most := m.Shape().Positions; len(ids) < 1 || len(ids) > most {
		return nil, fmt.Errorf("generate: the text has %d tokens, expected 1 to the %d positions of %s", len(ids), most, m.name)
	}
	return ids, nil
}

// A writer reads a text piece by piece and says how likely each token comes next.
type writer struct {
	prog   *nn.Program
	caches []*op.KV
	past   int // tokens read
}

// causal is the backbone, where it reads texts that go on.
func (m *Model) causal() (backbone.Continuer, error) {
	bb, causal := m.bb.(backbone.Continuer)
	if !causal {
		return nil, fmt.Errorf("generate: %s is a %s, expected a causal model (gpt2, openai-gpt)", m.name, m.family.Name)
	}
	return bb, nil
}

// newWriter makes a writer that knows the best highest scores, or all for 0.
func newWriter(bb backbone.Continuer, best int) (*writer, error) {
	caches := make([]*op.KV, bb.Shape().Layers)
	for i := range caches {
		caches[i] = new(op.KV)
	}
	b := nn.NewBuilder(false)
	last := b.Apply(&op.Pool{Kind: op.PoolLast, Cols: bb.Shape().Width}, bb.BuildOn(b, caches).Last)
	lm := head.NewCausalLM(bb.Output().Words)
	score := lm.Logits
	if best > 0 && gemm.FastBF16() {
		score = func(b *nn.Builder, states *nn.Node) *nn.Node { return lm.Best(b, states, best) }
	}
	prog, err := b.Build(nil, score(b, last))
	return &writer{prog: prog, caches: caches}, err
}

// read returns the scores (V) of what follows ids, valid until the next call; -Inf for those that
// nobody asked for.
func (w *writer) read(ids []int32) ([]float32, error) {
	b := batch.Pack([]batch.Sequence{{IDs: ids}})
	for i := range b.Positions {
		b.Positions[i] += int32(w.past)
	}
	if _, err := w.prog.Run(b, nn.Step{}); err != nil {
		return nil, err
	}
	w.past += len(ids)
	return w.prog.Output(0), nil
}

package engine

import (
	"context"
	"fmt"
	"math"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/head"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/task"
)

// An Explainer is a network kept ready to be asked about one text after another: what it says, what
// that rests on, where it looks, what comes next. It has weights of its own and keeps its programs,
// so that an answer takes milliseconds. It is not safe for concurrent use.
type Explainer struct {
	model  *Model
	name   string
	task   task.Task // nil for a backbone alone
	head   task.Head
	labels []string // of a task that gives one text one label
	max    int      // tokens of a text, special tokens included; 0 for all

	predictor *Predictor // nil for a backbone alone

	says, owes *nn.Program // labels' scores, and what they owe to the tokens
	tap        *owed
	looks      *looking
	next       *nn.Program
}

// ExplainRun opens the best checkpoint of a run, or the last when none is best yet. Runs of any task
// answer; what an answer rests on is known of those that give one text one label.
func ExplainRun(runDir string) (*Explainer, error) {
	p, err := OpenPredictor(runDir)
	if err != nil {
		return nil, err
	}
	e := &Explainer{model: p.model, name: runID(runDir), task: p.task, head: p.head, predictor: p, max: p.max}
	if c, classifies := p.task.(*task.Classify); classifies && !c.Pairs {
		e.labels, e.says = c.Labels(), p.prog
	}
	return e, nil
}

// ExplainBackbone opens a backbone by name or path and reads its pre-trained weights. It has no
// labels.
func ExplainBackbone(ctx context.Context, nameOrPath string) (*Explainer, error) {
	m, err := OpenModel(ctx, nameOrPath)
	if err != nil {
		return nil, err
	}
	return &Explainer{model: m, name: nameOrPath, max: m.Shape().Positions}, m.Load(0, false)
}

// Name is the run's id or the backbone's name.
func (e *Explainer) Name() string { return e.name }

// Model is the network. Whoever changes its weights changes the answers.
func (e *Explainer) Model() *Model { return e.model }

// Task is the name of the run's task, "" for a backbone alone.
func (e *Explainer) Task() string {
	if e.task == nil {
		return ""
	}
	return e.task.Name()
}

// Labels are the classes it chooses from; none where answers are not one label for one text, and
// then Occlusion and Gradient have nothing to explain.
func (e *Explainer) Labels() []string { return e.labels }

// Causal says that Next and Generate can be asked.
func (e *Explainer) Causal() bool {
	_, causal := e.model.bb.(backbone.Continuer)
	return causal
}

// Tokens is a text as the network reads it: with special tokens, cut to the length it was trained on.
func (e *Explainer) Tokens(text string) []Token { return e.model.cut(text, e.max) }

// cut is Tokenize for at most max tokens, 0 for all.
func (m *Model) cut(text string, max int) []Token {
	enc := m.tok.Wrap(m.tok.Encode(text), nil, max)
	tokens := make([]Token, len(enc.IDs))
	for i, id := range enc.IDs {
		tokens[i] = Token{
			ID: int(id), Text: m.tok.Token(id), Start: enc.Spans[i].Start, End: enc.Spans[i].End, Special: enc.Special[i],
		}
	}
	return tokens
}

// sequence is a text as batches hold it.
func (e *Explainer) sequence(text string, max int) batch.Sequence {
	enc := e.model.tok.Wrap(e.model.tok.Encode(text), nil, max)
	return batch.Sequence{IDs: enc.IDs, Types: enc.Types}
}

// pack makes a batch that the backbone can read. No program runs without a token: behind a text
// without words stands another one, which nobody reads.
func (e *Explainer) pack(seqs []batch.Sequence) *batch.Batch {
	b := batch.Pack(seqs)
	if b.Tokens() == 0 {
		b = batch.Pack(append(slices.Clone(seqs), batch.Sequence{IDs: []int32{0}}))
	}
	backbone.Spell(e.model.bb, e.model.tok, b)
	return b
}

// Predict answers a text as a person types it: how likely each label is, or whatever else the run's
// task says.
func (e *Explainer) Predict(text string) (Prediction, error) {
	if len(e.labels) == 0 && e.predictor != nil {
		list, err := e.predictor.Predict([]string{text})
		if err != nil {
			return Prediction{}, err
		}
		return list[0], nil
	}
	rows, err := e.probabilities(context.Background(), []batch.Sequence{e.sequence(text, e.max)})
	if err != nil {
		return Prediction{}, err
	}
	p := Prediction{Text: text, Label: e.labels[most(rows[0])]}
	for i, v := range rows[0] {
		p.Probabilities = append(p.Probabilities, LabelProb{e.labels[i], v})
	}
	return p, nil
}

// probabilities is (B, C), a row for each sequence. Sequences are read in pieces, and ctx ends it
// between two.
func (e *Explainer) probabilities(ctx context.Context, seqs []batch.Sequence) ([][]float64, error) {
	if err := e.makeSays(); err != nil {
		return nil, err
	}
	var rows [][]float64
	for from := 0; from < len(seqs); {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		to, tokens := from, 0
		for to < len(seqs) && (to == from || tokens+len(seqs[to].IDs) <= evalTokens) {
			tokens += len(seqs[to].IDs)
			to++
		}
		if _, err := e.says.Run(e.pack(seqs[from:to]), nn.Step{}); err != nil {
			return nil, err
		}
		scores, c := e.says.Output(0), len(e.labels)
		for i := range to - from {
			rows = append(rows, softmax64(scores[i*c:(i+1)*c]))
		}
		from = to
	}
	return rows, nil
}

// makeSays builds the program of the labels' scores, once.
func (e *Explainer) makeSays() (err error) {
	if len(e.labels) == 0 {
		return fmt.Errorf("explain: %s has no labels, expected a run that gives a text one label", e.name)
	}
	if e.says == nil {
		b := nn.NewBuilder(false)
		e.says, err = b.Build(nil, e.task.Build(b, featuresOf(e.model.bb, b), e.head)...)
	}
	return err
}

// softmax64 turns scores into probabilities.
func softmax64(scores []float32) []float64 {
	top, sum := float64(scores[likeliest(scores)]), 0.0
	p := make([]float64, len(scores))
	for i, s := range scores {
		p[i] = math.Exp(float64(s) - top)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// most is the index of the largest value.
func most(p []float64) int {
	best := 0
	for i, v := range p {
		if v > p[best] {
			best = i
		}
	}
	return best
}

// A Candidate is a token that may come next, and how likely.
type Candidate struct {
	Token Token
	P     float64
}

// Next is the k likeliest tokens after a text, likeliest first. The network has to be causal.
func (e *Explainer) Next(text string, k int) ([]Candidate, error) {
	ids, err := e.model.prompt(text)
	if err == nil {
		err = e.makeNext()
	}
	if err == nil {
		_, err = e.next.Run(batch.Pack([]batch.Sequence{{IDs: ids}}), nn.Step{})
	}
	if err != nil {
		return nil, err
	}
	p := softmax64(e.next.Output(0))
	list := make([]Candidate, 0, k)
	for _, id := range largest(p, k) {
		list = append(list, Candidate{Token{ID: id, Text: e.model.tok.Token(int32(id))}, p[id]})
	}
	return list, nil
}

// makeNext builds the program of the next token's scores, once.
func (e *Explainer) makeNext() (err error) {
	if e.next != nil {
		return nil
	}
	bb, causal := e.model.bb.(backbone.Continuer)
	if !causal {
		return fmt.Errorf("explain: %s is a %s, expected a causal model (gpt2, openai-gpt)", e.name, e.model.family.Name)
	}
	b := nn.NewBuilder(false)
	last := b.Apply(&op.Pool{Kind: op.PoolLast, Cols: e.model.Shape().Width}, e.model.bb.Build(b).Last)
	e.next, err = b.Build(nil, head.NewCausalLM(bb.Output().Words).Logits(b, last))
	return err
}

// largest is the indices of the k largest values, largest first; NaN is never among them.
func largest(values []float64, k int) []int {
	var top []int
	for i, v := range values {
		at := len(top)
		for at > 0 && values[top[at-1]] < v {
			at--
		}
		if v != v || at >= k {
			continue
		}
		if len(top) < k {
			top = append(top, 0)
		}
		copy(top[at+1:], top[at:])
		top[at] = i
	}
	return top
}

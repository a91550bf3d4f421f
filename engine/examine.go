package engine

import (
	"slices"

	"defrost/datasets"
	"defrost/engine/nn"
	"defrost/engine/task"
)

// evalBatch is the number of sequences per batch of an evaluation, evalTokens the most tokens:
// no gradients are kept, so it can be larger than a training batch.
const (
	evalBatch  = 64
	evalTokens = 4096
)

// An examiner asks a model about examples, without gradients.
type examiner struct {
	model  *Model
	task   task.Task
	head   task.Head
	prog   *nn.Program
	out    [][]float32 // what the program says, one slice per node that Build returned
	told   told        // hears how far a split is
	writer task.Writer // nil for a task whose answers are read off the program
}

// newExaminer builds the programs of an evaluation, or with judge false those that answer only.
func newExaminer(m *Model, tk task.Task, h task.Head, judge bool) (*examiner, error) {
	b := nn.NewBuilder(false)
	out := tk.Build(b, featuresOf(m.bb, b), h)
	var loss *nn.Node
	if judge {
		loss = tk.Loss(b, h, out)
	}
	x := &examiner{model: m, task: tk, head: h, out: make([][]float32, len(out))}
	var err error
	if x.prog, err = b.Build(loss, out...); err != nil {
		return nil, err
	}
	if g, ok := tk.(task.Generator); ok {
		x.writer, err = g.NewWriter(m.forTask(), h)
	}
	return x, err
}

// evalTokensOf is the most tokens of a batch of an evaluation of tk.
func evalTokensOf(tk task.Task) int {
	if h, ok := tk.(task.Heavy); ok {
		return h.EvalTokens()
	}
	return evalTokens
}

// An evaluation is what a model said about one split.
type evaluation struct {
	predictions []task.Prediction // by example
	loss        float64           // mean over sequences
	score       task.Score
}

// evaluate runs a split and scores it; tune lets the task choose by it what it chooses by the dev
// part.
func (x *examiner) evaluate(items []task.Item, examples []datasets.Example, tune bool) (evaluation, error) {
	e := evaluation{score: x.task.NewScore()}
	var err error
	if e.predictions, e.loss, err = x.ask(items, examples); err != nil {
		return e, err
	}
	if t, tunes := x.task.(task.Tuner); tunes && tune {
		t.Tune(examples, e.predictions)
	}
	for i, p := range e.predictions {
		e.score.Add(examples[i], p)
	}
	return e, nil
}

// ask returns a prediction for every example, and the mean loss of the items.
func (x *examiner) ask(items []task.Item, examples []datasets.Example) ([]task.Prediction, float64, error) {
	windows := make([][]task.Prediction, len(examples))
	loss, done := 0.0, 0
	for _, at := range evalBatches(items, evalTokensOf(x.task)) {
		done += len(at)
		if err := x.told.at(done, len(items)); err != nil {
			return nil, 0, err
		}
		picked := pick(items, at)
		said, l, err := x.run(picked)
		if err != nil {
			return nil, 0, err
		}
		loss += float64(l) * float64(len(at))
		for i, p := range said {
			windows[picked[i].Example] = append(windows[picked[i].Example], p)
		}
	}
	return x.join(windows, examples), loss / float64(max(len(items), 1)), nil
}

// run is one batch.
func (x *examiner) run(items []task.Item) ([]task.Prediction, float32, error) {
	asked := len(items)
	items, err := x.readable(items)
	if err != nil {
		return nil, 0, err
	}
	b := x.model.collate(x.task, items)
	loss, err := x.prog.Run(b, nn.Step{})
	if err != nil {
		return nil, 0, err
	}
	for i := range x.out {
		x.out[i] = x.prog.Output(i)
	}
	said := x.task.Read(task.Said{Items: items, Batch: b, Out: x.out, Head: x.head})
	if x.writer != nil {
		err = x.writer.Write(items, b, said)
	}
	return said[:asked], loss, err
}

// readable is items that a program can run on: none does without a token, so behind texts without
// words stands one more, which nobody reads.
func (x *examiner) readable(items []task.Item) ([]task.Item, error) {
	if slices.ContainsFunc(items, func(it task.Item) bool { return len(it.Sequence.IDs) > 0 }) {
		return items, nil
	}
	word, err := x.task.Ask("a")
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(items), x.task.Encode(x.model.tok, word, shortest)...), nil
}

// shortest is the least max_length of a recipe.
const shortest = 3

// join makes one prediction of an example's windows.
func (x *examiner) join(windows [][]task.Prediction, examples []datasets.Example) []task.Prediction {
	j, joins := x.task.(task.Joiner)
	list := make([]task.Prediction, len(windows))
	for i, w := range windows {
		if joins {
			list[i] = j.Join(examples[i], w)
		} else {
			list[i] = w[0]
		}
	}
	return list
}

// evalBatches cuts a split into batches of neighbours with at most so many tokens.
func evalBatches(items []task.Item, most int) [][]int {
	var batches [][]int
	var now []int
	tokens := 0
	for i, it := range items {
		n := len(it.Sequence.IDs)
		if len(now) == evalBatch || (len(now) > 0 && tokens+n > most) {
			batches, now, tokens = append(batches, now), nil, 0
		}
		now, tokens = append(now, i), tokens+n
	}
	if len(now) > 0 {
		batches = append(batches, now)
	}
	return batches
}

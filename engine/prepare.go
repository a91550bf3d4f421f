package engine

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/optim"
	"defrost/engine/task"
	"defrost/engine/tokenizer"
)

// prepare opens data and backbone and makes everything that the first step needs.
func (t *trainer) prepare(ctx context.Context) error {
	began := time.Now()
	steps := []func(context.Context) error{t.openData, t.openModel, t.encode, t.fillWeights, t.makeOptimizer}
	for _, f := range steps {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("fit: stopped before the first step: %w", err)
		}
		if err := f(ctx); err != nil {
			return err
		}
	}
	if err := t.restore(); err != nil {
		return err
	}
	t.announce(t.step)
	if t.step == 0 {
		t.notePrecision()
	}
	if err := t.buildEval(); err != nil {
		return err
	}
	t.eval.told = t.watch(ctx, "evaluating")
	if err := t.thaw(t.epoch()); err != nil {
		return err
	}
	t.emitLoaded(time.Since(began).Seconds())
	return nil
}

func (t *trainer) openData(context.Context) (err error) {
	t.data, err = OpenData(t.r.Data, t.r.DataOptions())
	if err != nil {
		return err
	}
	if t.r.Batch > len(t.data.Train) {
		return fmt.Errorf("recipe: batch is %d, expected at most the %d training examples of %s", t.r.Batch, len(t.data.Train), t.r.Data)
	}
	t.task, err = task.New(t.r.Task, t.data, t.r.taskOptions())
	return err
}

func (t *trainer) openModel(ctx context.Context) (err error) {
	if t.model, err = openFor(ctx, t.r.Backbone, t.data); err != nil {
		return err
	}
	if err := t.r.suits(t.model); err != nil {
		return err
	}
	t.model.setPrecision(t.r.Precision)
	return t.putHead()
}

// putHead puts the task's head on the model.
func (t *trainer) putHead() (err error) {
	if t.head, err = t.model.newHead(t.task, t.r.Head, t.r.Pool, t.r.Dropout); err != nil {
		return err
	}
	t.layers = append(usedLayers(t.model.bb, t.head), t.head.Layer())
	return nil
}

// allParams are the parameters a checkpoint holds: the whole backbone and the head.
func (t *trainer) allParams() []*nn.Param {
	return append(backbone.Params(t.model.bb), t.head.Layer().Params...)
}

// encode tokenises every split, spread over the workers.
func (t *trainer) encode(ctx context.Context) error {
	if err := t.encodeSplits(t.watch(ctx, "tokenising")); err != nil {
		return err
	}
	if len(t.items.dev) == 0 {
		return fmt.Errorf("data: %s has no dev examples", t.r.Data)
	}
	return nil
}

// encodeBlock is the number of examples that are tokenised between two words about it.
const encodeBlock = 1024

func (t *trainer) encodeSplits(f told) error {
	done, total := 0, t.data.Len()
	for _, s := range []struct {
		examples []datasets.Example
		items    *[]task.Item
	}{{t.data.Train, &t.items.train}, {t.data.Dev, &t.items.dev}, {t.data.Test, &t.items.test}, {t.data.Hard, &t.items.hard}} {
		for from := 0; from < len(s.examples); from += encodeBlock {
			block := s.examples[from:min(from+encodeBlock, len(s.examples))]
			for _, it := range encodeAll(t.task, t.model.tok, block, t.r.MaxLength) {
				it.Example += from
				*s.items = append(*s.items, it)
			}
			done += len(block)
			if err := f.at(done, total); err != nil {
				return err
			}
		}
	}
	if p, packs := t.task.(task.Packer); packs {
		t.items.train = p.Pack(t.items.train, t.r.MaxLength)
	}
	for _, it := range t.items.train {
		t.lengths = append(t.lengths, len(it.Sequence.IDs))
	}
	return nil
}

// encodeAll lists the items of all examples in their order.
func encodeAll(tk task.Task, tok tokenizer.Tokenizer, examples []datasets.Example, most int) []task.Item {
	windows := make([][]task.Item, len(examples))
	gemm.Parallel(len(examples), 64, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			windows[i] = tk.Encode(tok, examples[i], most)
			for w := range windows[i] {
				windows[i][w].Example = i
			}
		}
	})
	return slices.Concat(windows...)
}

// fillWeights loads or initialises backbone and head.
func (t *trainer) fillWeights(ctx context.Context) error {
	t.model.told = t.watch(ctx, "reading weights")
	if err := t.model.Load(t.r.Seed, t.r.Scratch); err != nil {
		return err
	}
	if t.r.Shuffled {
		t.model.shuffle(t.r.Seed)
	}
	if err := t.fillHead(); err != nil {
		return err
	}
	t.initial = origin{model: t.model, seed: t.r.Seed, scratch: t.r.Scratch, shuffled: t.r.Shuffled, from: t.r.From}
	if t.r.From == "" {
		return nil
	}
	return t.continueFrom()
}

// fillHead makes the head afresh, apart from what the backbone's own weights hold of a head that
// was pre-trained with them.
func (t *trainer) fillHead() error {
	known := map[*nn.Param]bool{}
	if h, ok := t.head.(task.Pretrained); ok && h.Pretrained() && !t.r.Scratch {
		var err error
		if known, err = t.model.readHead(t.head.Layer().Params); err != nil {
			return err
		}
	}
	for _, p := range t.head.Layer().Params {
		if !known[p] {
			p.Reset(uint64(t.r.Seed))
			t.model.report.Fresh = append(t.model.report.Fresh, p.Name)
		}
	}
	return nil
}

// continueFrom starts from another run's best checkpoint: its backbone, and its head when it fits.
func (t *trainer) continueFrom() error {
	src, err := t.model.ofRun(t.r.From)
	if err != nil {
		return err
	}
	defer src.Close()
	report, err := backbone.Load(src, t.model.family, fitting(src, t.model.family, t.allParams()), uint64(t.r.Seed))
	if err != nil {
		return err
	}
	t.model.report = reportOf(report)
	return nil
}

func (t *trainer) makeOptimizer(context.Context) (err error) {
	t.plan = optim.FreezePlan{
		Train: optim.Spec(t.r.Train), Freeze: optim.Spec(t.r.Freeze), ThawEvery: t.r.Gradual,
		LayerDecay: t.r.LayerDecay, LR: t.r.LR, HeadLR: t.r.HeadLR,
	}
	if _, err := t.plan.Learns(t.layers); err != nil {
		return err
	}
	t.sched = optim.Schedule{Kind: t.r.Schedule, Warmup: t.r.Warmup, Steps: t.perEpoch() * t.r.Epochs}
	t.opt, err = t.newOptimizer()
	t.progress.LR, t.progress.Forced = Number(t.r.LR), map[string]bool{}
	return err
}

func (t *trainer) newOptimizer() (optim.Optimizer, error) {
	o, err := optim.New(t.r.Optimizer, optim.Options{WeightDecay: t.r.WeightDecay})
	if err != nil || t.r.Average == 0 {
		return o, err
	}
	return optim.Averaged(o, t.r.Average), nil
}

// thaw sets what learns in an epoch, a person's choices included, and rebuilds the program.
func (t *trainer) thaw(epoch int) error {
	learns, err := t.plan.Thawed(t.layers, epoch)
	if err != nil {
		return err
	}
	for _, l := range t.layers {
		forced, ok := t.progress.Forced[l.Name]
		for _, p := range l.Params {
			if ok && forced {
				learns[p] = true
			} else if ok {
				delete(learns, p)
			}
		}
	}
	if len(learns) == 0 {
		return fmt.Errorf("fit: nothing learns after this change, expected at least one thawed layer")
	}
	optim.Apply(t.layers, learns)
	t.setRates()
	return t.buildTrain()
}

// setRates spreads the peak learning rate over the groups; the head keeps its ratio.
func (t *trainer) setRates() {
	t.plan.LR = float64(t.progress.LR)
	t.plan.HeadLR = t.r.HeadLR * float64(t.progress.LR) / t.r.LR
	t.groups = t.plan.Groups(t.layers)
}

// prefixBudget is the most memory that the outputs of a frozen prefix may take, in bytes.
const prefixBudget = 2 << 30

func (t *trainer) buildTrain() (err error) {
	if t.train != nil {
		t.train.Close()
	}
	b := nn.NewBuilder(true)
	loss := t.task.Loss(b, t.head, t.task.Build(b, featuresOf(t.model.bb, b), t.head))
	if t.r.Cache {
		b.Remember(prefixBudget)
	}
	t.train, err = b.Build(loss)
	return err
}

func (t *trainer) buildEval() (err error) {
	t.eval, err = newExaminer(t.model, t.task, t.head, true)
	return err
}

func (t *trainer) emitLoaded(seconds float64) {
	trainable, total := count(t.layers)
	sort.Strings(t.model.report.Fresh)
	t.emit(Loaded{
		Backbone: t.r.Backbone, Layers: t.states(), Trainable: trainable, Total: total,
		Report: t.model.report, Memory: t.memory(), Seconds: seconds,
	})
}

func count(layers []nn.Layer) (trainable, total int) {
	for _, l := range layers {
		trainable += l.Trainable()
		total += l.Count()
	}
	return trainable, total
}

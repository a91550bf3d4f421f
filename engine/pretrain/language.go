package pretrain

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/optim"
	"defrost/engine/tokenizer"
)

// LanguageOptions say how a backbone learns a language from running text alone.
type LanguageOptions struct {
	Objective string // mlm, clm or bilm
	Config    []byte // config.json of the shape
	Start     fs.FS  // checkpoint to go on from: its weights and tokenizer; nil starts afresh
	Teacher   fs.FS  // whose vectors of words a fresh backbone's embeddings start from; nil for random ones
	Corpus    []Source
	Out       string // folder of the backbone

	Vocabulary  int           // pieces to learn for a fresh tokenizer; for bilm the words that are predicted
	Candidates  int           // words the loss is estimated from in each step; 0 for all
	FitWords    int           // words that a fresh character network reads to learn the teacher's vectors
	HoldWords   bool          // embeddings that started from a teacher's vectors stay as they are
	Length      int           // longest sequence, in pieces; 0 for 128 or the backbone's own where that is less
	Tokens      int           // to see in all; 0 for no limit
	Time        time.Duration // to learn in all; 0 for no limit
	BatchTokens int           // per pass, about
	Accumulate  int           // passes per step
	LR          float64       // peak
	Seed        int64
	ReportEvery time.Duration
	EvalTokens  int // between two measurements of the held-out text
	SaveEvery   time.Duration

	Hooks `json:"-"`
}

// DefaultLanguageOptions suit a small backbone on a machine without a GPU.
func DefaultLanguageOptions() LanguageOptions {
	return LanguageOptions{
		Vocabulary: 8192, Candidates: 2048, FitWords: 600_000, HoldWords: true, BatchTokens: 1024, Accumulate: 1, LR: 2e-3, Seed: 7,
		ReportEvery: 5 * time.Second, EvalTokens: 250_000, SaveEvery: 2 * time.Minute,
	}
}

// An objective is what a backbone is asked for.
type objective interface {
	// texts cuts the corpus into what becomes one sequence each.
	texts(corpus []Source) []Source
	// prepare makes the tokenizer and what the output layer knows of the training texts.
	prepare(train []string) (tokenizer.Tokenizer, error)
	// attach makes the output layer of a backbone.
	attach(bb backbone.Backbone, f backbone.Family) error
	// params are those of the output layer.
	params() []*nn.Param
	// sequence reads a text; without tokens it is left out.
	sequence(text string) batch.Sequence
	// pack makes a batch with its labels; step keys what is random in it.
	pack(seqs []batch.Sequence, step uint64) *batch.Batch
	// labels counts those of the batch that was packed last.
	labels() int
	// fresh fills what a checkpoint does not know of the output layer.
	fresh()
	// learnWords starts the embeddings from a teacher's vectors of words.
	learnWords(t *teacher, report func(seen int, loss, rate float64)) error
	// loss ends a program, with as few words as the objective likes while it trains.
	loss(b *nn.Builder, h backbone.Hidden, train bool) *nn.Node
}

// A learner is one run of an objective.
type learner struct {
	o      LanguageOptions
	tok    tokenizer.Tokenizer
	bb     backbone.Backbone
	family backbone.Family
	obj    objective
	params []*nn.Param // of the backbone, then of the output layer

	prog, dev *nn.Program
	groups    []optim.Group
	opt       optim.Optimizer
	held      []string
	stream    *stream

	step, seen int
	measured   int // tokens seen at the last measurement
	devLoss    float64
	norm       float64 // of the last step's gradient, before clipping
	told       int     // tokens seen when a step was told of last
	toldAt     float64 // seconds then
	began      time.Time
	before     float64
}

// Language trains a backbone to say words from their surroundings and writes it to o.Out, where an
// unfinished run is resumed.
func Language(ctx context.Context, o LanguageOptions, report func(Progress)) error {
	l, err := newLearner(o, report)
	if err != nil {
		return err
	}
	return l.run(ctx, report)
}

func newLearner(o LanguageOptions, report func(Progress)) (*learner, error) {
	l := &learner{o: o}
	if err := l.open(); err != nil {
		return nil, err
	}
	train, held := Mixture(l.obj.texts(o.Corpus), uint64(o.Seed), heldSentences)
	l.held = held
	var err error
	if l.tok, err = l.obj.prepare(train); err != nil {
		return nil, err
	}
	l.stream = &stream{texts: train, seed: uint64(o.Seed), tokens: o.BatchTokens, read: l.obj.sequence}
	if err := l.build(); err != nil {
		return nil, err
	}
	resumed, err := l.restore()
	if err == nil && !resumed {
		err = l.begin(report)
	}
	l.began = time.Now()
	return l, err
}

// run learns until tokens or time are used up, or somebody stops it. It measures after the last step,
// too.
func (l *learner) run(ctx context.Context, report func(Progress)) error {
	saved, reported := time.Now(), time.Now()
	sum, n := 0.0, 0
	l.tellBegun()
	for l.share() < 1 {
		if err := l.obey(ctx); err != nil {
			return l.stop(err)
		}
		loss, err := l.learn()
		if err != nil {
			return err
		}
		sum, n = sum+loss, n+1
		measured, err := l.measureIfDue()
		if err != nil {
			return err
		}
		l.tellStep(loss, measured)
		if measured || time.Since(reported) >= l.o.ReportEvery {
			report(l.progress(sum/float64(n), measured))
			sum, n, reported = 0, 0, time.Now()
		}
		if time.Since(saved) > l.o.SaveEvery {
			if err := l.keep(); err != nil {
				return err
			}
			saved = time.Now()
		}
	}
	return l.save(true)
}

// stop saves where the run is. One that a person stopped is measured first.
func (l *learner) stop(cause error) error {
	if errors.Is(cause, ErrStopped) {
		var err error
		if l.devLoss, err = l.measure(); err != nil {
			return err
		}
		l.measured = l.seen
		l.tellMeasured()
	}
	if err := l.keep(); err != nil {
		return err
	}
	return fmt.Errorf("pretrain: stopped at step %d, the same command goes on: %w", l.step, cause)
}

// share is how much of the run is over, 0 to 1.
func (l *learner) share() float64 {
	done := 0.0
	if l.o.Tokens > 0 {
		done = float64(l.seen) / float64(l.o.Tokens)
	}
	if l.o.Time > 0 {
		done = max(done, l.seconds()/l.o.Time.Seconds())
	}
	return min(done, 1)
}

func (l *learner) seconds() float64 { return l.before + time.Since(l.began).Seconds() }

// rate rises over the first tokens and falls to 0 with what is left of the run.
func (l *learner) rate() float64 {
	warm := float64(languageWarmup)
	if l.o.Tokens > 0 {
		warm = min(warm, float64(l.o.Tokens)/10+1)
	}
	return l.o.LR * min(float64(l.seen+1)/warm, 1-l.share())
}

// languageWarmup is the tokens over which the rate rises.
const languageWarmup = 100_000

// learn makes one step.
func (l *learner) learn() (float64, error) {
	sum := 0.0
	for i := range l.o.Accumulate {
		seqs, err := l.stream.next()
		if err != nil {
			return 0, err
		}
		b := l.obj.pack(seqs, uint64(l.step*l.o.Accumulate+i))
		loss, err := l.prog.Run(b, nn.Step{Train: true, Seed: uint64(l.o.Seed), Step: uint64(l.step)})
		if err != nil {
			return 0, err
		}
		if !nn.Finite(loss) {
			return 0, fmt.Errorf("pretrain: loss is %v at step %d, expected a number: lower the learning rate", loss, l.step)
		}
		sum += float64(loss)
		l.seen += b.Tokens()
	}
	parts := float64(l.o.Accumulate)
	l.norm = optim.Measure(l.groups).Global / parts
	l.opt.Step(l.groups, l.rate()/l.o.LR, optim.ClipScale(l.norm, 1)/float32(parts))
	optim.ZeroGrad(l.groups)
	l.step++
	return sum / parts, nil
}

// measureIfDue measures the held-out text when enough has been learnt since the last time.
func (l *learner) measureIfDue() (bool, error) {
	if l.seen-l.measured < l.o.EvalTokens && l.share() < 1 {
		return false, nil
	}
	l.measured = l.seen
	var err error
	l.devLoss, err = l.measure()
	return true, err
}

// measure is the loss per label on the held-out texts, over the whole vocabulary.
func (l *learner) measure() (float64, error) {
	sum, n := 0.0, 0
	s := &stream{texts: l.held, tokens: l.o.BatchTokens, read: l.obj.sequence}
	for seqs := range s.once() {
		b := l.obj.pack(seqs, 0)
		if l.obj.labels() == 0 {
			continue
		}
		loss, err := l.dev.Run(b, nn.Step{})
		if err != nil {
			return 0, err
		}
		sum, n = sum+float64(loss)*float64(l.obj.labels()), n+l.obj.labels()
	}
	if n == 0 {
		return 0, fmt.Errorf("pretrain: found no word to predict in %d held-out texts, expected more text or a larger vocabulary", len(l.held))
	}
	return sum / float64(n), nil
}

func (l *learner) progress(loss float64, measured bool) Progress {
	p := Progress{Step: l.step, Tokens: l.seen, Loss: loss, LR: l.rate(), Seconds: l.seconds()}
	if measured {
		p.Dev, p.Perplexity = l.devLoss, math.Exp(l.devLoss)
	}
	return p
}

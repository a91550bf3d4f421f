package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"defrost/datasets"
	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/optim"
	"defrost/engine/task"
)

// Version is the release this code belongs to.
const Version = "0.1.0"

// errStopped ends a fit because a person asked for it.
var errStopped = errors.New("stopped")

// A trainer is one fit: the walk from text to events.
type trainer struct {
	r       Recipe
	data    *datasets.Dataset
	model   *Model
	task    task.Task
	head    task.Head
	layers  []nn.Layer // what the freeze map shows: backbone layers in use, then the head
	plan    optim.FreezePlan
	groups  []optim.Group
	opt     optim.Optimizer
	sched   optim.Schedule
	train   *nn.Program // rebuilt when something thaws
	eval    *examiner
	items   splits
	lengths []int
	order   [][]int // batches of the current epoch
	norms   optim.Norms
	initial origin

	folder   *folder
	wheel    *Wheel
	publish  func(Event)
	replayed int             // events up to this step are in the log already
	seen     map[string]bool // evaluations and thaws in the log

	step     int
	progress progress
	started  time.Time
	before   float64 // seconds of earlier sessions
	paused   time.Duration
	stepping bool // one step at a time
	lastSave time.Time
	saveCost time.Duration
	glance   glance
	beat     time.Duration // between two words about a stage
}

// splits are the tokenised parts of the data.
type splits struct{ train, dev, test, hard []task.Item }

// Fit trains as the recipe says and tells emit what happens. It is synchronous and owns no
// goroutine. dir is the run folder; when it holds an unfinished run of this recipe, that is resumed
// and events already in its log are not repeated.
func fit(ctx context.Context, r Recipe, f *folder, past []Event, w *Wheel, publish func(Event)) (Finished, error) {
	return newTrainer(r, f, past, w, publish).fit(ctx)
}

func newTrainer(r Recipe, f *folder, past []Event, w *Wheel, publish func(Event)) *trainer {
	t := &trainer{r: r, folder: f, wheel: w, publish: publish, started: time.Now(), lastSave: time.Now(), seen: map[string]bool{}, beat: beat}
	t.rememberPast(past)
	return t
}

func (t *trainer) fit(ctx context.Context) (Finished, error) {
	if err := t.prepare(ctx); err != nil {
		return Finished{}, err
	}
	if err := t.repay(); errors.Is(err, errStopped) {
		return t.finish(true)
	} else if err != nil {
		return Finished{}, err
	}
	for t.place() < t.sched.Steps {
		if err := t.walk(ctx); err != nil {
			if errors.Is(err, errStopped) {
				return t.finish(true)
			}
			return Finished{}, err
		}
	}
	return t.finish(false)
}

// walk is one step of the recipe and what belongs to its place in the epoch.
func (t *trainer) walk(ctx context.Context) error {
	if err := t.obey(ctx); err != nil {
		return err
	}
	perEpoch := t.perEpoch()
	epoch := t.step/perEpoch + 1
	if t.step%perEpoch == 0 || t.order == nil {
		if err := t.beginEpoch(epoch); err != nil {
			return err
		}
	}
	if err := t.learn(t.order[t.step%perEpoch], epoch); err != nil {
		return err
	}
	if t.step%perEpoch == 0 {
		return t.endEpoch(epoch)
	}
	if err := t.measureNowAndThen(); err != nil {
		return err
	}
	return t.saveNowAndThen()
}

// learn is the whole method: batch, loss and gradients, clip, update, event.
func (t *trainer) learn(examples []int, epoch int) error {
	began := time.Now()
	items := pick(t.items.train, examples)
	b := t.model.collate(t.task, items)
	if h, hides := t.task.(task.Hider); !hides || !h.Hide(b, items, uint64(t.r.Seed), uint64(t.step)) {
		b.Examples = examples // what is shown otherwise every time cannot be remembered
	}
	loss, err := t.train.Run(b, nn.Step{Train: true, Seed: uint64(t.r.Seed), Step: uint64(t.step)})
	if err != nil {
		return err
	}
	t.norms = optim.Measure(t.groups)
	factor := t.sched.Factor(t.place())
	t.opt.Step(t.groups, factor, optim.ClipScale(t.norms.Global, t.r.Clip))
	optim.ZeroGrad(t.groups)
	t.step++
	t.emit(Step{
		Step: t.step, Epoch: epoch, Loss: Number(loss), LR: Number(t.plan.LR * factor),
		GradNorm: Number(t.norms.Global), Tokens: b.Tokens(), Seconds: t.seconds(), Took: time.Since(began).Seconds(),
	})
	if !nn.Finite(loss) {
		return fmt.Errorf("fit: loss is %v at step %d: a lower learning rate than %g may help", loss, t.step, t.plan.LR)
	}
	return nil
}

func pick(items []task.Item, at []int) []task.Item {
	out := make([]task.Item, len(at))
	for i, j := range at {
		out[i] = items[j]
	}
	return out
}

func (t *trainer) perEpoch() int {
	return (len(t.items.train) + t.r.Batch - 1) / t.r.Batch
}

// beginEpoch shuffles and thaws. What a resumed run thawed when it was prepared is thawed again,
// and its event filtered if the log has it.
func (t *trainer) beginEpoch(epoch int) error {
	t.order = t.batches(epoch)
	if more, err := t.thawsMore(epoch); err != nil || !more {
		return err
	}
	if err := t.thaw(epoch); err != nil {
		return err
	}
	t.emit(Thawed{Step: t.step, Epoch: epoch, Layers: t.states(), Why: "gradual"})
	return nil
}

// thawsMore says whether the plan lets more learn in an epoch than in the one before.
func (t *trainer) thawsMore(epoch int) (bool, error) {
	if epoch == 1 {
		return false, nil
	}
	before, err := t.plan.Thawed(t.layers, epoch-1)
	if err != nil {
		return false, err
	}
	now, err := t.plan.Thawed(t.layers, epoch)
	return len(now) > len(before), err
}

// endEpoch evaluates, keeps the best and saves.
func (t *trainer) endEpoch(epoch int) error {
	t.noteMemory(epoch)
	if err := t.evaluateEpoch(epoch); err != nil {
		return t.owe(err)
	}
	if err := t.saveLast(); err != nil {
		return err
	}
	if t.r.Patience > 0 && t.progress.Waited >= t.r.Patience && t.step < t.sched.Steps {
		t.emit(Note{Step: t.step, Text: fmt.Sprintf("stopped early: %d evaluations without a better %s", t.progress.Waited, t.task.Primary())})
		return errStopped
	}
	return nil
}

// evaluateEpoch looks at dev and keeps what is best.
func (t *trainer) evaluateEpoch(epoch int) error {
	defer t.withMeans()()
	better, err := t.evaluateDev(epoch)
	if err != nil || !better {
		return err
	}
	return t.save("best")
}

// withMeans puts the running means of the weights, where the recipe asks for them, in the place of
// the weights until what it returns is called.
func (t *trainer) withMeans() (back func()) {
	a, ok := t.opt.(*optim.Averager)
	if !ok {
		return func() {}
	}
	a.Exchange()
	return a.Exchange
}

// noteMemory says once what the memory of the frozen prefix holds.
func (t *trainer) noteMemory(epoch int) {
	examples, size := t.train.Remembered()
	if epoch == 1 && examples > 0 && t.step >= t.replayed {
		t.emit(Note{Step: t.step, Text: fmt.Sprintf(
			"the frozen layers do not drop; what they say about %d examples is remembered (%.1f MB), later epochs compute only what learns", examples, float64(size)/1e6)})
	}
}

// saveEvery is the time between two checkpoints of a run that goes well; writing may take at most
// one part in saveShare of the time.
const (
	saveEvery = 15 * time.Second
	saveShare = 20
)

func (t *trainer) saveNowAndThen() error {
	if time.Since(t.lastSave) < max(saveEvery, saveShare*t.saveCost) {
		return nil
	}
	return t.saveLast()
}

func (t *trainer) saveLast() error {
	began := time.Now()
	err := t.save("last")
	t.lastSave, t.saveCost = time.Now(), time.Since(began)
	return err
}

// finish restores the best weights, evaluates the splits nobody looked at yet, and closes the run.
func (t *trainer) finish(stopped bool) (Finished, error) {
	if t.step%t.perEpoch() != 0 {
		if err := t.evaluateEpoch(t.step/t.perEpoch() + 1); err != nil {
			return Finished{}, errors.Join(t.saveLast(), err)
		}
		if err := t.saveLast(); err != nil {
			return Finished{}, err
		}
	}
	metrics, err := t.judge()
	if err != nil {
		return Finished{}, err
	}
	trainable, total := count(t.layers)
	done := Finished{
		Run: runID(t.folder.dir), Dir: t.folder.dir, Metrics: metrics, Seconds: t.seconds(),
		Trainable: trainable, Total: total, Steps: t.step, Stopped: stopped,
	}
	if err := t.folder.writeJSON(metricsFile, done); err != nil {
		return done, err
	}
	t.emit(done)
	return done, nil
}

// rememberPast notes what a resumed run's log holds, so that recomputed events are not repeated.
func (t *trainer) rememberPast(past []Event) {
	for _, e := range past {
		switch e := e.(type) {
		case Step:
			t.replayed = e.Step
			t.before = math.Max(t.before, e.Seconds)
		case Evaluated:
			t.seen[evalKey(e)] = true
		case Thawed:
			t.seen[thawKey(e)] = true
		case Steered:
			if e.Action == "rewind" {
				t.replayed, t.seen = e.Step, map[string]bool{}
			}
		}
	}
}

func evalKey(e Evaluated) string { return fmt.Sprintf("%s %d", e.Split, e.Step) }

func thawKey(e Thawed) string { return fmt.Sprintf("%s %d", e.Why, e.Epoch) }

// emit writes an event to the log and the file, unless a resumed run has it there already.
func (t *trainer) emit(e Event) {
	switch e := e.(type) {
	case Step:
		if e.Step <= t.replayed {
			return
		}
	case Evaluated:
		if t.seen[evalKey(e)] {
			return
		}
		t.seen[evalKey(e)] = true
	case Thawed:
		if e.Why == "gradual" && t.seen[thawKey(e)] {
			return
		}
	}
	t.publish(e)
}

// seconds is the training time so far, earlier sessions included and pauses not.
func (t *trainer) seconds() float64 {
	return t.before + (time.Since(t.started) - t.paused).Seconds()
}

func (t *trainer) announce(resumed int) {
	t.emit(Started{
		Run: runID(t.folder.dir), Dir: t.folder.dir, Recipe: t.r, Task: t.task.Name(), Labels: t.task.Labels(),
		Examples: Counts{Train: len(t.data.Train), Dev: len(t.data.Dev), Test: len(t.data.Test)}, Primary: t.task.Primary(),
		Steps: t.sched.Steps, Resumed: resumed, Threads: gemm.Workers(), ISA: gemm.ISA() + " on " + runtime.GOARCH, Version: Version,
	})
}

package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"defrost/engine/gemm"
	"defrost/engine/nn"
	"defrost/engine/pretrain"
)

// pretrainingFile says what is pre-trained in a folder, beside the files of every run.
const pretrainingFile = "pretraining.json"

// Pretrains says that a run pre-trains: it has no epochs, and its task is what the words are asked by.
func (s Started) Pretrains() bool { return s.Task == "mlm" || s.Task == "clm" || s.Task == "bilm" }

// StartPretraining begins to pre-train in a goroutine of its own and writes the backbone to o.Out, where
// an unfinished run is gone on with. Its events are kept there as those of any run; report, which may
// be nil, hears of it now and then.
func StartPretraining(ctx context.Context, o PretrainOptions, report func(PretrainProgress)) (*Run, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if err := o.settle(); err != nil {
		return nil, err
	}
	f, past, err := o.folder()
	if err != nil {
		return nil, err
	}
	run := newRun(f.dir, past)
	run.launch(f, func(publish func(Event)) (Finished, error) {
		w := &pretraining{o: o, f: f, run: run, publish: publish}
		w.remember(past)
		return w.work(ctx, report)
	})
	return run, nil
}

// settle makes paths whole, so that the run can be gone on with from anywhere.
func (o *PretrainOptions) settle() error {
	o.Files = slices.Clone(o.Files)
	paths := []*string{&o.Out}
	for i := range o.Files {
		paths = append(paths, &o.Files[i])
	}
	for _, folder := range []*string{&o.Backbone, &o.TeacherDir} {
		if *folder != "" && exists(*folder) {
			paths = append(paths, folder)
		}
	}
	for _, path := range paths {
		whole, err := filepath.Abs(*path)
		if err != nil {
			return fmt.Errorf("pretrain: %w", err)
		}
		*path = whole
	}
	return nil
}

// resumePretraining goes on in a folder as it was begun.
func resumePretraining(ctx context.Context, dir string) (*Run, error) {
	o := PretrainDefaults()
	data, err := os.ReadFile(filepath.Join(dir, pretrainingFile))
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		return nil, fmt.Errorf("pretrain: %w", err)
	}
	o.Out = dir
	return StartPretraining(ctx, o, nil)
}

// folder makes the folder of a new run, or takes the one of a run that is not finished with what
// happened in it.
func (o PretrainOptions) folder() (f *folder, past []Event, err error) {
	if !isRun(o.Out) {
		if f, err = createFolder(o.Out, o.recipe()); err != nil {
			return nil, nil, err
		}
		if err = errors.Join(f.writeJSON(environmentFile, environment(o.recipe())), f.writeJSON(pretrainingFile, o)); err != nil {
			return nil, nil, errors.Join(err, f.close())
		}
		f.fresh = false // the tokenizer and the weights will lie there, too
		return f, nil, nil
	}
	if f, err = keepFolder(o.Out); err != nil {
		return nil, nil, err
	}
	past, _, err = reopen(o.Out)
	if n := len(past); err == nil && n > 0 {
		if done, finished := past[n-1].(Finished); finished && !done.Stopped {
			err = fmt.Errorf("run: %s is finished: another folder takes a new one", o.Out)
		}
	}
	if err == nil {
		err = f.open()
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.close())
	}
	return f, past, nil
}

// recipe is what the options have in common with those of fine-tuning.
func (o PretrainOptions) recipe() Recipe {
	var texts []string
	for _, file := range o.Files {
		texts = append(texts, filepath.Base(file))
	}
	r := Defaults()
	r.Backbone, r.Data, r.Task, r.Train, r.Scratch = o.Backbone, strings.Join(texts, " "), o.Objective, "all", o.Scratch
	r.LR, r.Seed, r.Seconds, r.Epochs = o.LR, o.Seed, o.Time.Seconds(), 0
	return r
}

// A pretraining is a run as its learner tells it.
type pretraining struct {
	o       PretrainOptions
	f       *folder
	run     *Run
	publish func(Event)

	layers   []nn.Layer
	told     int // last step of the log
	measures int // so far
	best     Number
	last     Step
	dev      Evaluated

	paused, once bool // waiting for a person; but for one step
}

// remember takes what earlier sessions told, which is not told again.
func (w *pretraining) remember(past []Event) {
	for _, e := range past {
		switch e := e.(type) {
		case Step:
			w.told = max(w.told, e.Step)
		case Evaluated:
			w.dev = e
			w.measures, w.best = e.Epoch, bestOfBoth(w.measures, w.best, e.Metrics["perplexity"])
		}
	}
}

func bestOfBoth(measures int, best, value Number) Number {
	if measures == 0 {
		return value
	}
	return min(best, value)
}

// work pre-trains and says what came of it.
func (w *pretraining) work(ctx context.Context, report func(PretrainProgress)) (Finished, error) {
	if report == nil {
		report = func(PretrainProgress) {}
	}
	w.o.Hooks = pretrain.Hooks{Begun: w.begun, Step: w.step, Saved: w.saved, Obey: func(save func() error) error {
		return w.obey(ctx, save)
	}}
	err := w.o.language(ctx, report)
	stopped := errors.Is(err, pretrain.ErrStopped)
	if err != nil && !stopped {
		return Finished{}, err
	}
	trainable, total := count(w.layers)
	done := Finished{
		Run: runID(w.f.dir), Dir: w.f.dir, Metrics: map[string]Number{"dev_loss": w.dev.Loss, "dev_perplexity": w.dev.Metrics["perplexity"]},
		Seconds: w.last.Seconds, Trainable: trainable, Total: total, Steps: w.last.Step, Stopped: stopped,
	}
	if !stopped {
		err = w.f.writeJSON(metricsFile, done)
	}
	w.publish(done)
	if stopped {
		return done, nil
	}
	return done, err
}

func (w *pretraining) begun(b pretrain.Begun) {
	w.layers = b.Layers
	started := Started{
		Run: w.run.ID, Dir: w.run.Dir, Recipe: w.o.recipe(), Task: w.o.Objective, Primary: "perplexity", Tokens: w.o.Tokens,
		Examples: Counts{Train: b.Train, Dev: b.Held}, Resumed: b.Step, Threads: gemm.Workers(), ISA: gemm.ISA(), Version: Version,
	}
	if w.o.Tokens > 0 {
		started.Steps = max(1, w.o.Tokens/(w.o.BatchTokens*w.o.Accumulate)) // about: batches end with a text
	}
	w.publish(started)
	loaded := Loaded{Backbone: w.o.Backbone}
	for _, l := range b.Layers {
		loaded.Layers = append(loaded.Layers, LayerState{Name: l.Name, Kind: l.Kind, Params: l.Count(), Trainable: l.Trainable(), LR: Number(w.o.LR)})
	}
	loaded.Trainable, loaded.Total = count(b.Layers)
	w.publish(loaded)
}

// step tells of a step, and of the measurement after it.
func (w *pretraining) step(p PretrainProgress, took pretrain.Step) {
	if took.Tokens > 0 {
		w.last = Step{
			Step: p.Step, Epoch: 1, Loss: Number(p.Loss), LR: Number(p.LR), GradNorm: Number(took.Norm), Tokens: took.Tokens, Seconds: p.Seconds, Took: took.Seconds,
		}
		if p.Step > w.told {
			w.publish(w.last)
		}
	}
	if p.Dev > 0 && (took.Tokens == 0 || p.Step > w.dev.Step) {
		w.measured(p)
	}
}

// measured tells how well the held-out text is foretold.
func (w *pretraining) measured(p PretrainProgress) {
	perplexity := Number(p.Perplexity)
	better := w.measures == 0 || perplexity < w.best
	w.best = bestOfBoth(w.measures, w.best, perplexity)
	w.measures++
	w.dev = Evaluated{
		Step: p.Step, Epoch: w.measures, Split: "dev", Loss: Number(p.Dev), Metrics: map[string]Number{"perplexity": perplexity}, Best: better, Seconds: p.Seconds,
	}
	w.publish(w.dev)
}

func (w *pretraining) saved(step int) { w.publish(Saved{Step: step, Path: w.f.dir, Kind: "last"}) }

// obey answers a person's requests between two steps, and waits while the run is paused.
func (w *pretraining) obey(ctx context.Context, save func() error) error {
	for {
		for _, r := range w.run.Wheel.take() {
			if err := w.answer(r, save); err != nil {
				return err
			}
		}
		if !w.paused {
			return nil
		}
		if w.once {
			w.once = false
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.run.Wheel.asking():
		}
	}
}

// answer grants one request and says so, or says why not.
func (w *pretraining) answer(r request, save func() error) error {
	switch r.action {
	case "pause":
		w.paused = true
	case "resume":
		w.paused = false
	case "step":
		w.paused, w.once = true, true
	case "save":
		if err := save(); err != nil {
			return err
		}
	case "stop":
	default:
		w.publish(Note{Step: w.last.Step, Text: fmt.Sprintf("%s refused, expected pause, step, save or stop of a run that pre-trains", r.action)})
		return nil
	}
	w.publish(Steered{Step: w.last.Step, Action: r.action})
	if r.action == "stop" {
		return pretrain.ErrStopped
	}
	return nil
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"defrost/datasets"
	"defrost/engine/nn"
	"defrost/engine/optim"
	"defrost/engine/task"
)

// ZeroShotOptions say what a backbone is asked without training.
type ZeroShotOptions struct {
	Backbone  string            `json:"backbone"`
	Data      string            `json:"data"`
	Table                       // how the data is read
	Task      string            `json:"task,omitempty"`      // prompt, lm or lastword; "" takes prompt for labels and lm for plain text
	Prompt    string            `json:"prompt,omitempty"`    // with {text}, perhaps {pair}, and {label}; "" takes one that suits the labels
	Words     map[string]string `json:"words,omitempty"`     // that stand for labels
	Shots     int               `json:"shots"`               // examples with their answers before every text
	Calibrate bool              `json:"calibrate,omitempty"` // take off what is said of a text that says nothing
	Examples  int               `json:"examples"`            // of each part at most; 0 for all
	MaxLength int               `json:"-"`                   // tokens of a text, 0 for the backbone's most, but 512
	Seed      int64             `json:"seed"`                // of the draw of shots
	Dir       string            `json:"-"`                   // run folder; "" makes a new one in the default store

	Endpoint Endpoint          `json:"endpoint"` // of a backbone that others run, for whose task qa stands beside prompt and lastword
	Confirm  func(Quote) error `json:"-"`        // agrees to what that will take, or says why not; nil refuses
}

// zeroShotLength is the most tokens that a text is read with unless asked otherwise.
const zeroShotLength = 512

// recipe is what is written down of them: a recipe in which nothing learns. Its limit is the number
// of labelled examples that were shown.
func (o ZeroShotOptions) recipe() (Recipe, error) {
	r, err := DefaultsFor(o.Backbone)
	if err != nil {
		return r, err
	}
	r.Data, r.Task, r.Train, r.Head, r.Epochs, r.Limit, r.Seed = o.Data, o.Task, "none", "linear", 0, o.Shots, o.Seed
	if r.MaxLength = o.MaxLength; r.MaxLength == 0 {
		r.MaxLength = zeroShotLength
	}
	return r.with(o.Table), nil
}

// ZeroShot asks a backbone as it was pre-trained about the dev, test and hard parts of data, and
// leaves a run folder that can be compared with those of trained models. emit gets its events. It is
// synchronous. One whose name begins with endpoint: is asked over the network, once Confirm agrees.
func ZeroShot(ctx context.Context, o ZeroShotOptions, emit func(Event)) (Finished, error) {
	if IsEndpoint(o.Backbone) {
		return askEndpoint(ctx, o, emit)
	}
	t, err := o.open(ctx)
	if err != nil {
		return Finished{}, err
	}
	return t.asks(ctx, o, emit)
}

// StartZeroShot is ZeroShot in a goroutine of its own, as a run that can be followed. A model that
// others run is not asked: nobody would have agreed to what it takes.
func StartZeroShot(ctx context.Context, o ZeroShotOptions) (*Run, error) {
	if err := onlyPrompted(o.Backbone); err != nil {
		return nil, err
	}
	t, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	run := newRun(t.folder.dir, nil)
	run.running.Store(true)
	go func() {
		defer close(run.done)
		defer run.Log.Close()
		defer run.running.Store(false)
		run.result, run.err = t.asks(ctx, o, func(e Event) { run.Log.Append(e) })
	}()
	return run, nil
}

// open prepares everything and then makes the run's folder.
func (o ZeroShotOptions) open(ctx context.Context) (*trainer, error) {
	t, err := o.prepare(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := StartOptions{o.Dir}.folder(t.r)
	if err != nil {
		return nil, err
	}
	t.folder, err = createFolder(dir, t.r)
	return t, err
}

// asks is askAll whose events are kept and told, whatever happens, and closes the folder.
func (t *trainer) asks(ctx context.Context, o ZeroShotOptions, emit func(Event)) (done Finished, err error) {
	defer t.folder.close()
	var kept error
	t.publish = func(e Event) {
		if err := t.folder.append(e); kept == nil {
			kept = err
		}
		emit(e)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("zeroshot: panic: %v\n%s", p, debug.Stack())
		}
		if err = errors.Join(err, kept); err != nil {
			t.publish(Failed{Error: err.Error()})
		}
	}()
	return t.askAll(ctx, o)
}

// prepare opens data and backbone; nothing is written before both are known to be right.
func (o ZeroShotOptions) prepare(ctx context.Context) (*trainer, error) {
	r, err := o.recipe()
	if err != nil {
		return nil, err
	}
	t := &trainer{r: r, started: time.Now(), seen: map[string]bool{}}
	if t.data, err = o.data(); err != nil {
		return nil, err
	}
	if t.task, err = o.task(t.data); err != nil {
		return nil, err
	}
	t.r.Task = t.task.Name()
	if t.model, err = openFor(ctx, r.Backbone, t.data); err != nil {
		return nil, err
	}
	if p := t.model.Shape().Positions; p > 0 && t.r.MaxLength > p {
		if o.MaxLength > 0 {
			return nil, fmt.Errorf("zeroshot: max length is %d, expected at most %d, the positions %s has", o.MaxLength, p, t.model.name)
		}
		t.r.MaxLength = p
	}
	return t, t.putHead()
}

// data are the parts to be judged on. A file of plain text is one part.
func (o ZeroShotOptions) data() (*datasets.Dataset, error) {
	from := o.options()
	d, err := OpenData(o.Data, from)
	if err != nil {
		return nil, err
	}
	if d.Kind == datasets.Text {
		from.DevShare, from.TestShare = -1, -1
		if d, err = OpenData(o.Data, from); err != nil {
			return nil, err
		}
		if len(d.Dev)+len(d.Test) == 0 {
			d.Test, d.Train = d.Train, nil
		}
	}
	for _, part := range []*[]datasets.Example{&d.Dev, &d.Test, &d.Hard} {
		if o.Examples > 0 {
			*part = (*part)[:min(o.Examples, len(*part))]
		}
	}
	return d, nil
}

func (o ZeroShotOptions) task(d *datasets.Dataset) (task.Task, error) {
	asksForLabels := o.Task == "prompt" || o.Task == "" && d.Kind != datasets.Text
	switch {
	case asksForLabels:
		return task.NewPrompt(d, task.PromptOptions{Template: o.Prompt, Words: o.Words, Shots: o.Shots, Seed: o.Seed})
	case !oneOf(o.Task, "", "lm", "lastword"):
		return nil, fmt.Errorf("zeroshot: task is %s, expected prompt, lm or lastword: other heads know nothing before they are trained", o.Task)
	case o.Prompt != "" || o.Shots > 0 || o.Calibrate || len(o.Words) > 0:
		return nil, fmt.Errorf("zeroshot: found a prompt, words, shots or a calibration, expected none of them for a task that has no labels to ask for")
	}
	return task.New(o.Task, d, task.Options{})
}

// askAll judges every part.
func (t *trainer) askAll(ctx context.Context, o ZeroShotOptions) (Finished, error) {
	if err := t.folder.writeJSON(environmentFile, environment(t.r)); err != nil {
		return Finished{}, err
	}
	if err := t.fillWeights(ctx); err != nil {
		return Finished{}, err
	}
	optim.Apply(t.layers, nil)
	t.announce(0)
	if p, prompts := t.task.(*task.Prompt); prompts {
		t.emit(Note{Text: fmt.Sprintf("asked with %q, %d labelled examples before it", p.Template(), o.Shots)})
	}
	_, total := count(t.layers)
	t.emit(Loaded{
		Backbone: t.r.Backbone, Layers: t.states(), Total: total, Report: t.model.report,
		Memory: Memory{Weights: bytesPerFloat * total}, Seconds: t.seconds(),
	})
	if fresh := t.head.Layer().Params; slices.ContainsFunc(fresh, func(p *nn.Param) bool { return slices.Contains(t.model.report.Fresh, p.Name) }) {
		t.emit(Note{Text: fmt.Sprintf("the weights of %s lack its output layer, which is made afresh: what it says is chance", t.model.name)})
	}
	var err error
	if t.eval, err = newExaminer(t.model, t.task, t.head, false); err != nil {
		return Finished{}, err
	}
	if o.Calibrate {
		if err := t.calibrate(); err != nil {
			return Finished{}, err
		}
	}
	metrics := map[string]Number{}
	for _, s := range []struct {
		name     string
		file     string
		examples []datasets.Example
	}{{"dev", predictionsFile, t.data.Dev}, {"test", predictionsOn("test"), t.data.Test}, {"hard", predictionsOn("hard"), t.data.Hard}} {
		if len(s.examples) == 0 {
			continue
		}
		values, err := t.askPart(ctx, s.name, s.file, s.examples)
		if err != nil {
			return Finished{}, err
		}
		for k, v := range values {
			metrics[s.name+"_"+k] = v
		}
	}
	if len(metrics) == 0 {
		return Finished{}, fmt.Errorf("zeroshot: %s has no dev or test examples", o.Data)
	}
	done := Finished{Run: runID(t.folder.dir), Dir: t.folder.dir, Metrics: metrics, Seconds: t.seconds(), Total: total}
	if err := t.folder.writeJSON(metricsFile, done); err != nil {
		return done, err
	}
	t.emit(done)
	return done, nil
}

// calibrate asks about a text that says nothing.
func (t *trainer) calibrate() error {
	p := t.task.(*task.Prompt)
	neutral := []datasets.Example{p.Neutral()}
	said, _, err := t.eval.ask(encodeAll(p, t.model.tok, neutral, t.r.MaxLength), neutral)
	if err != nil {
		return err
	}
	p.Calibrate(said[0])
	return nil
}

// lossOf is the loss among the figures, else the mean negative log-likelihood of the labels; NaN where
// predictions have no probabilities.
func (t *trainer) lossOf(e evaluation, examples []datasets.Example, values map[string]Number) Number {
	if loss, known := values["loss"]; known {
		return loss
	}
	sum, labels := 0.0, t.task.Labels()
	for i, ex := range examples {
		k := slices.Index(labels, ex.Label)
		if k < 0 || k >= len(e.predictions[i].Probabilities) {
			return Number(math.NaN())
		}
		sum -= math.Log(math.Max(e.predictions[i].Probabilities[k], leastProbability))
	}
	return Number(sum / float64(len(examples)))
}

// askedAtOnce is how many examples are asked about between two looks at whether to go on.
const askedAtOnce = 256

// askPart judges one part of the data.
func (t *trainer) askPart(ctx context.Context, name, file string, examples []datasets.Example) (map[string]Number, error) {
	e := evaluation{score: t.task.NewScore()}
	for from := 0; from < len(examples); from += askedAtOnce {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("zeroshot: %w", err)
		}
		some := examples[from:min(from+askedAtOnce, len(examples))]
		said, _, err := t.eval.ask(encodeAll(t.task, t.model.tok, some, t.r.MaxLength), some)
		if err != nil {
			return nil, err
		}
		for i, p := range said {
			e.score.Add(some[i], p)
		}
		e.predictions = append(e.predictions, said...)
	}
	if err := t.writePredictions(file, examples, e); err != nil {
		return nil, err
	}
	values := numbers(e.score.Values())
	t.emit(Evaluated{Split: name, Loss: t.lossOf(e, examples, values), Metrics: values, Confusion: e.score.Confusion(), Best: name == "dev", Seconds: t.seconds()})
	values["examples"] = Number(len(examples))
	return values, nil
}

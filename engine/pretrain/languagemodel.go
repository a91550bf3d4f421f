package pretrain

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/optim"
)

// open names the objective and makes the folder.
func (l *learner) open() error {
	switch l.o.Objective {
	case "bilm":
		l.obj = &bilm{o: l.o}
	case "clm":
		l.obj = newCLM(l.o)
	case "mlm":
		l.obj = newMLM(l.o)
	default:
		return fmt.Errorf("pretrain: objective is %q, expected mlm, clm or bilm", l.o.Objective)
	}
	if err := os.MkdirAll(l.o.Out, 0o755); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	return nil
}

// build makes the network with its output layer, the training program and one for held-out text.
func (l *learner) build() (err error) {
	if err = l.size(); err != nil {
		return err
	}
	if l.bb, l.family, err = backbone.FromConfig(l.o.Config); err != nil {
		return err
	}
	if err = l.obj.attach(l.bb, l.family); err != nil {
		return err
	}
	l.params = append(backbone.Params(l.bb), l.obj.params()...)
	for _, p := range l.params {
		p.Reset(uint64(l.o.Seed))
	}
	l.groups = []optim.Group{{Layer: "backbone", Params: l.learning(), LR: l.o.LR}}
	for _, p := range l.groups[0].Params {
		p.Thaw()
	}
	if l.opt, err = optim.New("adamw", optim.Options{WeightDecay: 0.01, Beta2: distilBeta2}); err != nil {
		return err
	}
	if l.prog, err = l.program(true); err != nil {
		return err
	}
	l.dev, err = l.program(false)
	return err
}

// size makes a fresh network as large as the tokenizer that was learnt for it.
func (l *learner) size() error {
	if l.o.Start != nil || l.o.Objective == "bilm" {
		return nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(l.o.Config, &fields); err != nil {
		return fmt.Errorf("pretrain: config.json: %w", err)
	}
	fields["vocab_size"], _ = json.Marshal(l.tok.Size())
	for _, name := range []string{"bos_token_id", "eos_token_id"} {
		if end := l.tok.Specials().EOS; end >= 0 {
			fields[name], _ = json.Marshal(end)
		}
	}
	var err error
	l.o.Config, err = json.MarshalIndent(fields, "", "  ")
	return err
}

// learning are the parameters that the objective trains: no pooler and no mix, which it does not
// reach, and no spelling that is held.
func (l *learner) learning() (params []*nn.Param) {
	for _, layer := range l.bb.Layers() {
		if layer.Kind != "pooler" && layer.Kind != "mix" && (layer.Kind != "embeddings" || !l.holds()) {
			params = append(params, layer.Params...)
		}
	}
	return append(params, l.obj.params()...)
}

// holds says whether the spelling of words stays as a teacher gave it.
func (l *learner) holds() bool {
	return l.o.HoldWords && l.o.Objective == "bilm" && l.o.Teacher != nil
}

func (l *learner) program(train bool) (*nn.Program, error) {
	b := nn.NewBuilder(train)
	return b.Build(l.obj.loss(b, l.bb.Build(b), train))
}

// begin fills a new run's weights: from the checkpoint to go on from, or from the seed and the
// teacher.
func (l *learner) begin(report func(Progress)) error {
	if l.o.Start != nil {
		if err := l.load(); err != nil {
			return err
		}
	}
	l.obj.fresh()
	if l.o.Start != nil || l.o.Teacher == nil {
		return nil
	}
	t, err := openTeacher(l.o.Teacher)
	if err != nil {
		return err
	}
	began, last := time.Now(), time.Time{}
	err = l.obj.learnWords(t, func(seen int, loss, rate float64) {
		if time.Since(last) >= l.o.ReportEvery {
			last = time.Now()
			report(Progress{Phase: "words", Tokens: seen, Loss: loss, LR: rate, Seconds: time.Since(began).Seconds()})
		}
	})
	if err != nil {
		return err
	}
	if l.holds() {
		for _, p := range spelling(l.bb) {
			p.Freeze()
		}
	}
	l.before, l.began = time.Since(began).Seconds(), time.Now()
	return l.save(false)
}

// load reads the checkpoint to go on from.
func (l *learner) load() error {
	src, err := checkpoint.Open(l.o.Start)
	if err != nil {
		return err
	}
	defer src.Close()
	report, err := backbone.Load(src, l.family, l.params, uint64(l.o.Seed))
	if err == nil && len(report.Loaded) == 0 {
		err = fmt.Errorf("pretrain: no tensor of the weights belongs to a %s", l.family.Name)
	}
	return err
}

// save writes the backbone in float16, as it would be published, and while the run is unfinished
// all that is needed to go on, in full precision, beside it.
func (l *learner) save(finished bool) error {
	path := func(name string) string { return filepath.Join(l.o.Out, name) }
	if err := l.describe(); err != nil {
		return err
	}
	err := checkpoint.WriteSafetensors(path(weightsFile), tensors(l.published()), checkpoint.F16, map[string]string{"format": "pt"})
	if err != nil {
		return err
	}
	if finished {
		return errors.Join(remove(path(optimizerFile)), remove(path(outputWordsFile)))
	}
	return saveUnfinished(l.o.Out, learned(l.params, l.opt), languagePosition{l.step, l.seen, l.measured, l.stream.at, l.stream.turn, l.opt.Steps(), l.seconds()})
}

// languagePosition is where an unfinished run stands.
type languagePosition struct {
	Step, Seen, Measured, At, Turn, OptimizerStep int
	Seconds                                       float64
}

// published are the parameters that others read: all of the backbone but a mix, which every task
// learns for itself, and what the family's own files have of an output layer.
func (l *learner) published() []*nn.Param {
	var list []*nn.Param
	for _, layer := range l.bb.Layers() {
		if layer.Kind != "mix" {
			list = append(list, layer.Params...)
		}
	}
	if l.o.Objective == "mlm" {
		list = append(list, l.obj.params()...)
	}
	return list
}

// describe writes what says which network the weights belong to.
func (l *learner) describe() error {
	name := "config.json"
	if l.family.Alone != "" {
		name = l.family.Alone
	}
	if err := os.WriteFile(filepath.Join(l.o.Out, name), l.o.Config, 0o644); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	return nil
}

// restore goes on where an unfinished run was saved, and says whether there was one.
func (l *learner) restore() (bool, error) {
	var at languagePosition
	return openUnfinished(l.o.Out, &at, func(src checkpoint.Source) error {
		l.step, l.seen, l.measured, l.before = at.Step, at.Seen, at.Measured, at.Seconds
		l.stream.seek(at.At, at.Turn)
		l.opt.SetSteps(at.OptimizerStep)
		return relearn(src, l.params, l.opt)
	})
}

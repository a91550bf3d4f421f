package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"defrost/engine/endpoint"
)

// Files of a run that asks a model others run, beside those of every run.
const (
	answersFile  = "answers.jsonl" // what was said, the moment it was
	endpointFile = "endpoint.json" // what is asked of whom
)

// askEndpoint is ZeroShot of a model that others run.
func askEndpoint(ctx context.Context, o ZeroShotOptions, emit func(Event)) (Finished, error) {
	p, err := newPrompting(o)
	if err != nil {
		return Finished{}, err
	}
	if err := p.agree(ctx); err != nil {
		return Finished{}, err
	}
	dir, err := StartOptions{o.Dir}.folder(p.r)
	if err != nil {
		return Finished{}, err
	}
	if p.folder, err = createFolder(dir, p.r); err != nil {
		return Finished{}, err
	}
	defer p.folder.close()
	err = errors.Join(p.folder.writeJSON(environmentFile, environment(p.r)), p.folder.writeJSON(endpointFile, p.o))
	if err == nil {
		err = p.openCache()
	}
	if err != nil {
		return Finished{}, err
	}
	return p.run(ctx, emit)
}

// ResumeZeroShot goes on with a run that asks a model others run. What was answered is not asked
// again. An address, a key's variable and prices of over take the place of those in the folder.
func ResumeZeroShot(ctx context.Context, dir string, over Endpoint, confirm func(Quote) error, emit func(Event)) (Finished, error) {
	o, err := readPrompting(dir)
	if err != nil {
		return Finished{}, err
	}
	o.Confirm, o.Endpoint = confirm, o.Endpoint.under(over)
	f, err := keepFolder(dir)
	if err != nil {
		return Finished{}, err
	}
	defer f.close()
	past, _, err := reopen(dir)
	if n := len(past); err == nil && n > 0 && past[n-1].Type() == (Finished{}).Type() {
		err = fmt.Errorf("run: %s is finished", dir)
	}
	if err != nil {
		return Finished{}, err
	}
	p, err := newPrompting(o)
	if err != nil {
		return Finished{}, err
	}
	p.folder = f
	p.rememberPast(past)
	if err = errors.Join(f.open(), p.openCache()); err != nil {
		return Finished{}, err
	}
	if err := p.agree(ctx); err != nil {
		return Finished{}, errors.Join(err, p.cache.Close())
	}
	return p.run(ctx, emit)
}

// readPrompting is what a run's folder says about whom it asks what.
func readPrompting(dir string) (o ZeroShotOptions, err error) {
	data, err := os.ReadFile(filepath.Join(dir, endpointFile))
	if errors.Is(err, os.ErrNotExist) {
		return o, fmt.Errorf("zeroshot: %s holds no %s, expected a run that asks a model others run", dir, endpointFile)
	}
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err != nil {
		return o, fmt.Errorf("zeroshot: %s: %w", endpointFile, err)
	}
	return o, nil
}

// promptedResume says how to go on with a run of this kind; nil for all others.
func promptedResume(dir string) error {
	if !exists(filepath.Join(dir, endpointFile)) {
		return nil
	}
	return fmt.Errorf("run: %s asks a model that others run: `defrost zeroshot --resume %s` goes on with it", dir, dir)
}

// under is e with what over says.
func (e Endpoint) under(over Endpoint) Endpoint {
	if over.Base != "" {
		e.Base = over.Base
	}
	if over.KeyName != "" {
		e.KeyName = over.KeyName
	}
	if over.PriceIn > 0 || over.PriceOut > 0 {
		e.PriceIn, e.PriceOut = over.PriceIn, over.PriceOut
	}
	if over.AtOnce > 0 {
		e.AtOnce = over.AtOnce
	}
	e.adjust = over.adjust
	return e
}

func (p *prompting) openCache() (err error) {
	if p.cache, err = endpoint.OpenCache(p.folder.path(answersFile)); err == nil {
		p.spent, _, _ = p.cache.Spent()
	}
	return err
}

// run asks, and writes down what happens.
func (p *prompting) run(ctx context.Context, emit func(Event)) (Finished, error) {
	defer p.cache.Close()
	var mu sync.Mutex // waits are told by several requests
	var broken error
	p.publish = func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		if _, passing := e.(Progress); !passing {
			if err := p.folder.append(e); err != nil && broken == nil {
				broken = err
			}
		}
		emit(e)
	}
	done, err := p.askParts(ctx)
	if err = errors.Join(err, broken); err != nil {
		p.publish(Failed{Error: err.Error()})
	}
	return done, err
}

// usualAtOnce is how many requests are under way.
const usualAtOnce = 4

// askParts asks everything and judges what was said, part by part.
func (p *prompting) askParts(ctx context.Context) (Finished, error) {
	p.announce(0)
	p.emit(Loaded{Backbone: p.r.Backbone, Seconds: p.seconds()})
	p.emit(Note{Text: fmt.Sprintf("asked at %s, %d examples before every text, temperature 0", p.client.Host(), p.o.Shots)})
	p.client.Told = func(wait time.Duration, why error) {
		p.emit(Progress{Stage: fmt.Sprintf("waiting %v, %v", wait, why), Total: 1})
	}
	atOnce := p.o.Endpoint.AtOnce
	if atOnce == 0 {
		atOnce = usualAtOnce
	}
	metrics := map[string]Number{}
	for _, part := range p.parts {
		answers, err := p.client.All(ctx, part.requests, atOnce, p.cache, func(done, of int) {
			p.emit(Progress{Stage: "asking about " + part.name, Done: done, Total: of})
		})
		if err != nil {
			return Finished{}, fmt.Errorf("zeroshot: `defrost zeroshot --resume %s` goes on: %w", runID(p.folder.dir), err)
		}
		values, err := p.judgePart(part, answers)
		if err != nil {
			return Finished{}, err
		}
		for k, v := range values {
			metrics[part.name+"_"+k] = v
		}
	}
	if p.client.Warm() {
		p.emit(Note{Text: "the model takes no temperature of 0 and was asked with its own: asked again, it may answer otherwise"})
	}
	p.emit(Note{Text: p.bill()})
	done := Finished{Run: runID(p.folder.dir), Dir: p.folder.dir, Metrics: metrics, Seconds: p.seconds()}
	if err := p.folder.writeJSON(metricsFile, done); err != nil {
		return done, err
	}
	p.emit(done)
	return done, nil
}

// judgePart reads the answers, writes them down as predictions and scores them.
func (p *prompting) judgePart(part promptedPart, answers []endpoint.Answer) (map[string]Number, error) {
	e := evaluation{score: p.task.NewScore()}
	unread, cut := 0, 0
	for i, a := range answers {
		said, heard := p.spoken.Hear(part.examples[i], a.Text)
		if !heard {
			unread++
		}
		if a.Finish == "length" {
			cut++
		}
		e.predictions = append(e.predictions, said)
		e.score.Add(part.examples[i], said)
	}
	if err := p.writePredictions(part.file, part.examples, e); err != nil {
		return nil, err
	}
	if unread > 0 {
		p.emit(Note{Text: fmt.Sprintf("%s: %d of %d answers say nothing that was asked for and count as wrong; %d were cut at their limit", part.name, unread, len(answers), cut)})
	}
	values := numbers(e.score.Values())
	values["unreadable"] = Number(unread)
	p.emit(Evaluated{
		Split: part.name, Loss: p.lossOf(e, part.examples, values), Metrics: values, Confusion: e.score.Confusion(), Best: part.name == "dev", Seconds: p.seconds(),
	})
	values["examples"] = Number(len(part.examples))
	return values, nil
}

// bill is what all sessions took, as the server counts it.
func (p *prompting) bill() string {
	n, in, out := p.cache.Spent()
	text := fmt.Sprintf("%d answers are in %s", n, answersFile)
	if in+out == 0 {
		return text + "; the server does not count tokens"
	}
	text += fmt.Sprintf("; the server counted %d tokens of prompts and %d of answers", in, out)
	if e := p.o.Endpoint; e.PriceIn > 0 || e.PriceOut > 0 {
		text += fmt.Sprintf(", $%.4f at the prices given", e.Cost(in, out))
	}
	return text
}

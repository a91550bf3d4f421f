package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"defrost/engine"
)

// endpointFlags say where a model that others run is asked, and who pays.
type endpointFlags struct {
	set    *pflag.FlagSet
	at     engine.Endpoint
	resume string
	yes    bool
}

// addEndpointFlags declares --base-url and what belongs to it.
func addEndpointFlags(set *pflag.FlagSet) *endpointFlags {
	f := &endpointFlags{set: set}
	set.StringVar(&f.at.Base, "base-url", "", "`URL` of an OpenAI-compatible API, such as http://localhost:8080/v1; DEFROST_BASE_URL or OPENAI_BASE_URL when not given")
	set.StringVar(&f.at.KeyName, "key-env", "", "`NAME` of the environment variable that holds the key; OPENAI_API_KEY when not given")
	set.BoolVar(&f.at.Plain, "completions", false, "the model continues text instead of chatting: asks URL/completions")
	set.BoolVar(&f.at.Stream, "stream", false, "have answers sent as they are written")
	set.IntVar(&f.at.AtOnce, "at-once", 0, "requests under way at a time; 0 takes 4")
	set.Float64Var(&f.at.Seconds, "timeout", 0, "seconds for one answer; 0 takes 60")
	set.IntVar(&f.at.Tokens, "answer-tokens", 0, "most tokens of an answer; 0 takes what the task needs")
	set.Float64Var(&f.at.PriceIn, "price-in", 0, "dollars for a million tokens of prompts")
	set.Float64Var(&f.at.PriceOut, "price-out", 0, "dollars for a million tokens of answers")
	set.StringVar(&f.resume, "resume", "", "go on with this `RUN` of an endpoint; nothing that was answered is asked again")
	set.BoolVar(&f.yes, "yes", false, "send the requests without asking first")
	return f
}

// resumable are the flags that may stand beside --resume.
var resumable = []string{"resume", "base-url", "key-env", "at-once", "price-in", "price-out", "yes", "json", "threads"}

// check refuses what cannot be meant.
func (f *endpointFlags) check(o engine.ZeroShotOptions) error {
	if e := f.at; e.AtOnce < 0 || e.Seconds < 0 || e.Tokens < 0 || e.PriceIn < 0 || e.PriceOut < 0 {
		return usage("zeroshot: found %d at once, timeout %g, %d answer tokens and prices %g and %g, expected 0 or more", e.AtOnce, e.Seconds, e.Tokens, e.PriceIn, e.PriceOut)
	}
	var wrong error
	f.set.Visit(func(flag *pflag.Flag) {
		switch {
		case f.resume != "" && !slices.Contains(resumable, flag.Name):
			wrong = usage("zeroshot: --resume goes on with what the run was asked, expected no --%s beside it", flag.Name)
		case f.resume == "" && !engine.IsEndpoint(o.Backbone) && f.mine(flag.Name):
			wrong = usage("zeroshot: --%s is for a backbone that others run, expected --backbone endpoint:MODEL", flag.Name)
		}
	})
	return wrong
}

// mine says whether a flag is one of addEndpointFlags.
func (f *endpointFlags) mine(name string) bool {
	own := pflag.NewFlagSet("", pflag.ContinueOnError)
	addEndpointFlags(own)
	return own.Lookup(name) != nil
}

// run asks, anew or on.
func (f *endpointFlags) run(ctx context.Context, p Program, o engine.ZeroShotOptions, emit func(engine.Event)) (engine.Finished, error) {
	confirm := func(q engine.Quote) error { return p.consent(q, f.yes, isTerminal(p.In)) }
	if f.resume == "" {
		o.Endpoint, o.Confirm = f.at, confirm
		return engine.ZeroShot(ctx, o, emit)
	}
	run, err := findRun(f.resume)
	if err != nil {
		return engine.Finished{}, err
	}
	return engine.ResumeZeroShot(ctx, run.Dir, f.at, confirm, emit)
}

// consent says on standard error what asking will take and waits for a yes, which only a person at a
// terminal can give.
func (p Program) consent(q engine.Quote, yes, person bool) error {
	for _, line := range quoteLines(q) {
		fmt.Fprintln(p.Err, line)
	}
	switch {
	case yes:
		return nil
	case !person:
		return errors.New("zeroshot: standard input is no terminal, so nobody can agree to that: --yes does")
	}
	fmt.Fprint(p.Err, "send them? [y/N] ")
	line, _ := bufio.NewReader(p.In).ReadString('\n') // no answer is a no
	if answer := strings.ToLower(strings.TrimSpace(line)); answer != "y" && answer != "yes" {
		return errors.New("zeroshot: nothing was sent")
	}
	return nil
}

// quoteLines puts a quote into words.
func quoteLines(q engine.Quote) []string {
	first := fmt.Sprintf("%d requests to %s at %s", q.Requests, q.Model, q.Host)
	if q.Kept > 0 {
		first += fmt.Sprintf(", %d answers are there already", q.Kept)
	}
	lines := []string{
		first,
		fmt.Sprintf("about %s tokens of prompts (one for every 4 bytes, and 8 a request), at most %s of answers (their limit)", amount(q.In), amount(q.Out)),
		"cost: unknown; --price-in and --price-out (dollars for a million tokens) would tell",
	}
	if q.Priced {
		lines[2] = fmt.Sprintf("cost: at most about $%.4f", q.Cost)
	}
	if q.Exposed {
		lines = append(lines, "the address begins with http: the key can be read on the way")
	}
	return lines
}

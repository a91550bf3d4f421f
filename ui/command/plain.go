package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"defrost/datasets"
	"defrost/engine"
)

// guided asks for a recipe line by line and trains it with one line per event: the workbench for
// screen readers and pipes. Nothing is drawn, no key is read before enter.
func (p Program) guided(ctx context.Context) error {
	q := &questions{in: bufio.NewReader(p.In), out: p.Out}
	r, err := q.recipe(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "\nthe same without questions: %s\n", r.Command())
	start, err := q.yes("Start training?")
	if err != nil || !start {
		return err
	}
	var run *engine.Run
	err = p.follow(ctx, false, func(ctx context.Context) (_ *engine.Run, err error) {
		run, err = engine.Start(ctx, r, engine.StartOptions{})
		return run, err
	})
	if err == nil {
		fmt.Fprintf(p.Out, "try it: defrost predict %s \"some text\"\n", run.ID)
	}
	return err
}

// questions are asked on out and answered on in, a line each.
type questions struct {
	in  *bufio.Reader
	out io.Writer
}

// recipe asks for what a newcomer has to choose; the rest is the default.
func (q *questions) recipe(ctx context.Context) (engine.Recipe, error) {
	r := engine.Defaults()
	fmt.Fprintln(q.out, "Defrost in plain text. Answer with a number or a name; enter takes the answer in brackets.")
	var model *engine.Model
	var data *datasets.Dataset
	err := q.until("Which backbone? A folder of your own is an answer too.", backboneChoices(), r.Backbone, func(answer string) (err error) {
		if model, err = engine.OpenModel(ctx, answer); err == nil {
			r, err = engine.DefaultsFor(answer)
		}
		return err
	})
	if err == nil {
		err = q.until("Which data? A file or folder of your own is an answer too.", dataChoices(), r.Data, func(answer string) (err error) {
			r.Data = answer
			data, err = engine.OpenData(answer, r.DataOptions())
			return err
		})
	}
	if err == nil {
		err = q.until("What learns?", presetChoices(), "all", func(answer string) error { return applyPreset(&r, answer) })
	}
	if err == nil {
		err = q.until("How many epochs?", nil, strconv.Itoa(r.Epochs), func(answer string) (err error) {
			if r.Epochs, err = strconv.Atoi(answer); err != nil {
				return fmt.Errorf("found %q, expected a whole number", answer)
			}
			return r.Check()
		})
	}
	if err != nil {
		return r, err
	}
	return r, q.cost(model, data, r)
}

// cost says what the recipe needs before it runs.
func (q *questions) cost(m *engine.Model, d *datasets.Dataset, r engine.Recipe) error {
	b, err := engine.Plan(m, d, r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(q.out, "\n%s of %s parameters learn, %d steps, about %s of memory\n",
		amount(b.Trainable), amount(b.Total), b.Steps, size(int64(b.Memory.Total())))
	return err
}

// A choice is an answer and what it means.
type choice struct{ answer, meaning string }

// backboneChoices are the backbones on this machine.
func backboneChoices() []choice {
	var list []choice
	for _, c := range engine.Backbones() {
		if c.Cached {
			list = append(list, choice{c.Name, c.Title})
		}
	}
	return list
}

// dataChoices are the data sets inside the program.
func dataChoices() []choice {
	var list []choice
	for _, c := range datasets.Embedded() {
		list = append(list, choice{c.Name, c.Description})
	}
	return list
}

func presetChoices() []choice {
	var list []choice
	for _, p := range engine.Presets() {
		list = append(list, choice{p.Name, p.Title + ". " + p.Why})
	}
	return list
}

func applyPreset(r *engine.Recipe, name string) error {
	for _, p := range engine.Presets() {
		if p.Name == name {
			*r = p.Apply(*r)
			return nil
		}
	}
	return fmt.Errorf("found %q, expected one of the list", name)
}

// until asks until take accepts the answer; a refusal is said and the question stands again.
func (q *questions) until(question string, choices []choice, usual string, take func(string) error) error {
	fmt.Fprintf(q.out, "\n%s\n", question)
	for i, c := range choices {
		fmt.Fprintf(q.out, "%3d %s: %s\n", i+1, c.answer, c.meaning)
	}
	for {
		answer, err := q.line(usual)
		if err != nil {
			return err
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(choices) {
			answer = choices[n-1].answer
		}
		err = take(answer)
		if err == nil {
			return nil
		}
		fmt.Fprintf(q.out, "%s; once more\n", explain(err))
	}
}

// yes asks a question whose usual answer is yes.
func (q *questions) yes(question string) (bool, error) {
	fmt.Fprintf(q.out, "\n%s yes or no\n", question)
	for {
		answer, err := q.line("yes")
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "yes", "y":
			return true, nil
		case "no", "n":
			return false, nil
		}
		fmt.Fprintf(q.out, "found %q, expected yes or no\n", answer)
	}
}

// line reads an answer; an empty one is the usual answer.
func (q *questions) line(usual string) (string, error) {
	fmt.Fprintf(q.out, "[%s] ", usual)
	text, err := q.in.ReadString('\n')
	text = strings.TrimSpace(text)
	switch {
	case errors.Is(err, io.EOF) && text == "":
		fmt.Fprintln(q.out)
		return "", failure("the input ended before the last question, expected an answer a line")
	case err != nil && !errors.Is(err, io.EOF):
		return "", err
	case text == "":
		return usual, nil
	}
	return text, nil
}

package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// predictBatch is the most texts answered at once.
const predictBatch = 64

func predictCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "predict RUN [TEXT...]",
		Short: "Answer texts with a run's best checkpoint",
		Long: "Predict answers each TEXT, or each line of standard input when none is given: with label, probability\n" +
			"and text and tabs between; of a tagging run with a line for each word and its tag, and a blank line\n" +
			"after each text; of any other with the answer and the text. A text of two parts has a tab between\n" +
			"them. With --json it prints one object per text with all that is known.",
		Args: arguments(1, -1, "a run, then texts"),
	}
	asJSON := jsonFlag(c, "print one JSON object per text")
	attention := c.Flags().Bool("attention", false, "with --json, which words of the text each word of a translation looked at")
	c.RunE = func(_ *cobra.Command, args []string) error {
		run, err := findRun(args[0])
		if err != nil {
			return err
		}
		model, err := engine.OpenPredictor(run.Dir)
		if err != nil {
			return err
		}
		a := &answers{p: p, model: model, asJSON: *asJSON, attention: *attention}
		if len(args) == 1 {
			return eachLine(p.In, func(_ int, line string) error { return a.ask(line) }, a.flush)
		}
		for _, text := range args[1:] {
			if err := a.ask(text); err != nil {
				return err
			}
		}
		return a.flush()
	}
	return c
}

// answers gathers texts into batches and prints what the model says.
type answers struct {
	p         Program
	model     *engine.Predictor
	asJSON    bool
	attention bool
	waiting   []string
}

func (a *answers) ask(text string) error {
	a.waiting = append(a.waiting, text)
	if len(a.waiting) < predictBatch {
		return nil
	}
	return a.flush()
}

func (a *answers) flush() error {
	if len(a.waiting) == 0 {
		return nil
	}
	said, err := a.model.Predict(a.waiting)
	a.waiting = nil
	if err != nil {
		return err
	}
	for _, s := range said {
		if !a.attention {
			s.Attention = nil
		}
		if err := a.print(s); err != nil {
			return err
		}
	}
	return nil
}

func (a *answers) print(s engine.Prediction) error {
	if a.asJSON {
		return a.p.printJSON(s)
	}
	_, err := io.WriteString(a.p.Out, answerLines(s))
	return err
}

// answerLines is a prediction for people and scripts.
func answerLines(s engine.Prediction) string {
	switch {
	case s.Tags != nil || s.Tokens != nil:
		var b strings.Builder
		for i, word := range s.Tokens {
			fmt.Fprintf(&b, "%s\t%s\n", word, s.Tags[i])
		}
		return b.String() + "\n"
	case s.Probabilities == nil:
		return fmt.Sprintf("%s\t%s\n", s.Label, s.Text)
	}
	sure := 0.0
	for _, l := range s.Probabilities {
		sure = max(sure, l.P)
	}
	return fmt.Sprintf("%s\t%.4f\t%s\n", s.Label, sure, s.Text)
}

package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func trainCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "train",
		Short: "Fine-tune a backbone on data",
		Long: "Train fine-tunes a backbone on data. An interrupted run saves a checkpoint; `defrost resume` goes on\n" +
			"with it and gives the losses that it would have given without the interruption.\n\n" +
			"The defaults shown suit pocket-bert; wider transformers get smaller rates, and ELMo and word vectors stay\n" +
			"frozen under a BiLSTM head, unless flags say otherwise. --print-recipe shows what it comes to.\n\n" +
			"With --json standard output carries one JSON object per event; the last one is of type finished.",
		Example: "  defrost train --data films --train last:2 --epochs 3\n" +
			"  defrost train --backbone ./my-bert --data reviews.csv --gradual 1 --json > events.jsonl",
		Args: arguments(0, 0, "none: everything is a flag"),
	}
	flags := addRecipeFlags(c.Flags())
	out := c.Flags().String("out", "", "run `FOLDER`; a new one among the runs when not given")
	printOnly := c.Flags().Bool("print-recipe", false, "print the recipe as YAML and stop")
	asJSON := jsonFlag(c, "print one JSON object per event")
	c.RunE = func(c *cobra.Command, _ []string) error {
		r, err := flags.recipe()
		if err != nil {
			return err
		}
		if *printOnly {
			_, err := io.WriteString(p.Out, r.YAML())
			return err
		}
		return p.follow(c.Context(), *asJSON, func(ctx context.Context) (*engine.Run, error) {
			return engine.Start(ctx, r, engine.StartOptions{Dir: *out})
		})
	}
	return c
}

func resumeCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "resume RUN",
		Short: "Go on with a run that was interrupted",
		Args:  arguments(1, 1, "the id or folder of one run"),
	}
	asJSON := jsonFlag(c, "print one JSON object per new event")
	c.RunE = func(c *cobra.Command, args []string) error {
		run, err := findRun(args[0])
		if err != nil {
			return err
		}
		return p.follow(c.Context(), *asJSON, func(ctx context.Context) (*engine.Run, error) {
			return engine.Resume(ctx, run.Dir)
		})
	}
	return c
}

// jsonFlag declares --json.
func jsonFlag(c *cobra.Command, help string) *bool { return c.Flags().Bool("json", false, help) }

// findRun looks a run up among the runs and as a folder.
func findRun(name string) (engine.Summary, error) {
	store, err := engine.DefaultStore()
	if err != nil {
		return engine.Summary{}, err
	}
	return store.Find(name)
}

// interruptible is a context that the first interrupt or request to end cancels; a second one ends
// the process at once.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// follow begins a run and shows its events until it ends.
func (p Program) follow(ctx context.Context, asJSON bool, begin func(context.Context) (*engine.Run, error)) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	run, err := begin(ctx)
	if err != nil {
		return err
	}
	shown := p.show(run, asJSON, giveUp)
	_, err = run.Wait()
	if shown != nil && err != nil {
		return fmt.Errorf("%w; %s", shown, explain(err))
	}
	return errors.Join(shown, err)
}

// show passes every new event of run to a reporter. When nobody can read them any more, the run is
// given up, which saves it.
func (p Program) show(run *engine.Run, asJSON bool, giveUp func()) error {
	rep := newReporter(p.Out, asJSON)
	var failed error
	for cursor := run.Past; !run.Log.Done(cursor); {
		<-run.Log.Wait(cursor)
		events, next := run.Log.Since(cursor)
		for _, e := range events {
			if err := rep.report(e); err != nil && failed == nil {
				failed = fmt.Errorf("writing events: %w", err)
				giveUp()
			}
		}
		cursor = next
	}
	return failed
}

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
)

func runsCommand(p Program) *cobra.Command {
	c := &cobra.Command{Use: "runs", Short: "List the runs, newest first; show one of them", Args: arguments(0, 0, "none, or show or tensorboard before a run")}
	c.AddCommand(showRunCommand(p), tensorboardCommand(p))
	asJSON := jsonFlag(c, "print one JSON object per run")
	c.RunE = func(*cobra.Command, []string) error {
		store, err := engine.DefaultStore()
		if err != nil {
			return err
		}
		list, err := store.List()
		if err != nil {
			return err
		}
		if *asJSON {
			return printEach(p, list)
		}
		t := newTable(p.Out, "RUN", "BACKBONE", "DATA", "STATE", "STEPS", "LEARNS", "TIME", "METRICS")
		for _, s := range list {
			t.row(s.ID, s.Recipe.Backbone, s.Recipe.Data, state(s), fmt.Sprint(s.Steps),
				share(s.Trainable, s.Total), duration(s.Seconds), headline(s))
		}
		return t.done()
	}
	return c
}

// state is how a run ended, if it did.
func state(s engine.Summary) string {
	switch {
	case s.Finished:
		return "finished"
	case s.Failed != "":
		return "failed"
	}
	return "unfinished"
}

// share writes part of whole in per cent.
func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

// headline is the figure a run is known by: that of the test part if there is one.
func headline(s engine.Summary) string {
	for _, name := range []string{"test_" + s.Primary, "dev_" + s.Primary, s.Primary} {
		if v, ok := s.Metrics[name]; ok {
			return fmt.Sprintf("%s %.4f", name, float64(v))
		}
	}
	return metrics(s.Metrics)
}

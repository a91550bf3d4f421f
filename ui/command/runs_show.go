package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"defrost/engine"
	"defrost/ui/report"
)

func showRunCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "show RUN",
		Short: "Show a run: its results, its recipe, its layers, its curves",
		Long: "Show prints what a run came to, its recipe, and how far each layer has moved. Its curves are in the\n" +
			"page that --html writes, the drawings of --svg and --png, and point by point in --json and --csv.",
		Args: arguments(1, 1, "a run"),
	}
	asJSON := jsonFlag(c, "print one JSON object, with every point of the curves")
	asMarkdown := c.Flags().Bool("markdown", false, "print Markdown tables")
	asCSV := c.Flags().Bool("csv", false, "print one line of comma-separated values per point of the curves")
	files := addFileFlags(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		form, err := formOf(*asJSON, *asMarkdown, *asCSV, false)
		if err != nil {
			return usage("show: expected one of --json, --markdown and --csv")
		}
		if err := files.check(form != inText); err != nil {
			return err
		}
		found, err := findRun(args[0])
		if err != nil {
			return err
		}
		run, err := engine.OpenRun(found.Dir)
		if err != nil {
			return err
		}
		d := report.Run(run)
		if files.printed() {
			form = inFile
		}
		return errors.Join(p.writeFiles(files, func() (report.Document, error) { return d, nil }), p.showRun(d, form))
	}
	return c
}

func (p Program) showRun(d report.Document, f form) error {
	switch f {
	case inJSON:
		return d.JSON(p.Out)
	case inMarkdown:
		return d.Markdown(p.Out)
	case inCSV:
		return d.CurvesCSV(p.Out)
	case inFile:
		return nil
	}
	fmt.Fprintln(p.Out, d.Title)
	for _, s := range d.Lead {
		fmt.Fprintln(p.Out, s)
	}
	fmt.Fprintln(p.Out)
	return p.printTables(d.Tables)
}

func tensorboardCommand(p Program) *cobra.Command {
	c := &cobra.Command{
		Use:   "tensorboard RUN...",
		Short: "Make the TensorBoard files of runs anew",
		Long: "Every run writes a TensorBoard file while it trains: `tensorboard --logdir` on the folder of the runs shows\n" +
			"them. This command makes the file of a run that is over from its events, which older runs need, and\n" +
			"prints where it lies.",
		Args: arguments(1, -1, "one run or more"),
	}
	c.RunE = func(_ *cobra.Command, args []string) error {
		for _, name := range args {
			run, err := findRun(name)
			if err != nil {
				return err
			}
			path, err := engine.WriteTensorBoard(run.Dir)
			if err != nil {
				return err
			}
			fmt.Fprintln(p.Out, path)
		}
		return nil
	}
	return c
}

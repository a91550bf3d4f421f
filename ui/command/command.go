// Package command is the front end for scripts: one file per command, each the same engine as the
// workbench.
//
// A command writes what was asked for to standard output and nothing else; what went wrong is one
// line on standard error. The exit code is 0 when all went well, 1 when something failed, and 2
// when the command was used wrongly: an unknown command or flag, a missing argument, a flag's
// value that cannot be read, or a recipe setting out of its range.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"defrost/engine"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// A Program is what the command line is connected to.
type Program struct {
	In        io.Reader
	Out, Err  io.Writer
	Workbench func(context.Context, Opening) error // opened when no command is given
}

// An Opening says how a person wants to see the workbench.
type Opening struct {
	Theme string // name of a theme; "" chooses
	Plain bool   // ASCII only on the screen
	Text  bool   // no screen: questions and lines of text
	Run   string // folder of a run to open at once
}

// Main runs the command that args name and returns the exit code. Whatever happens, what went
// wrong is said in one line.
func (p Program) Main(ctx context.Context, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(p.Err, "defrost: internal error: %s\n", oneLine(fmt.Sprint(r)))
			code = exitFailed
		}
	}()
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(p.Err, "defrost: "+explain(err))
	var wrong usageError
	if errors.As(err, &wrong) {
		return exitUsage
	}
	return exitFailed
}

// A usageError is a command used wrongly.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// A failure is an error in words.
type failure string

func (f failure) Error() string { return string(f) }

// explain is an error as a person wants to read it: one line, and an interruption is no riddle.
func explain(err error) string {
	return strings.TrimSuffix(oneLine(err.Error()), ": "+context.Canceled.Error())
}

// oneLine is text up to its first line break; what follows is a stack or quoted source.
func oneLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// A command is one verb with its flags; it is connected to the program's streams.
type command func(Program) *cobra.Command

// commands in the order of a person's way through them.
var commands = []command{
	trainCommand, resumeCommand, predictCommand, generateCommand, zeroshotCommand, probeCommand, runsCommand, compareCommand, transferCommand, labCommand,
	modelsCommand, inspectCommand, pullCommand, dataCommand,
	tokenizeCommand, wordsCommand, verifyCommand, pretrainCommand, benchCommand, versionCommand,
}

func (p Program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "defrost",
		Short: "A terminal workbench for transfer learning in NLP",
		Long: "Defrost fine-tunes pre-trained language models: choose a backbone, which of its layers stay frozen,\n" +
			"and data, and watch it learn. Without a command it opens the workbench.\n\n" +
			"Runs live in $DEFROST_HOME/runs, else in the XDG data directory.",
		Args:          noCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	var o Opening
	root.Flags().StringVar(&o.Theme, "theme", "", "`NAME` of the workbench's theme")
	root.Flags().BoolVar(&o.Plain, "ascii", false, "draw the workbench with ASCII only")
	root.Flags().BoolVar(&o.Text, "plain", false, "no screen: questions and lines of text, for screen readers and pipes")
	root.Flags().StringVar(&o.Run, "run", "", "open the workbench on this `RUN`")
	root.RunE = func(c *cobra.Command, _ []string) error { return p.open(c.Context(), o) }
	threads := root.PersistentFlags().Int("threads", 0, "threads that compute; 0 takes one per processor")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return setThreads(*threads) }
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	for _, c := range commands {
		root.AddCommand(c(p))
	}
	return root
}

// open shows the workbench to whoever is there to see it.
func (p Program) open(ctx context.Context, o Opening) error {
	switch {
	case o.Text && o.Run != "":
		return usage("--plain and --run exclude each other; `defrost resume` goes on with a run in plain text")
	case o.Text:
		return p.guided(ctx)
	case !isTerminal(p.Out):
		return failure("standard output is no terminal, expected one for the workbench; `defrost --plain` asks line by line, `defrost --help` lists what works without")
	}
	if f, ok := p.In.(*os.File); ok && !isTerminal(f) {
		return failure("standard input is no terminal, expected one for the keys of the workbench; `defrost --plain` reads answers line by line")
	}
	if o.Run != "" {
		run, err := findRun(o.Run)
		if err != nil {
			return err
		}
		o.Run = run.Dir
	}
	return p.Workbench(ctx, o)
}

// noCommand refuses words that are no command.
func noCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("%q is no command, expected one that `defrost --help` lists", args[0])
}

func setThreads(n int) error {
	if n < 0 {
		return usage("--threads is %d, expected 0 (one per processor) or more", n)
	}
	engine.SetThreads(n)
	return nil
}

// arguments wants from least to most arguments; most < 0 is without limit.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || (most >= 0 && len(args) > most) {
			return usage("%s: found %d arguments, expected %s", c.Name(), len(args), what)
		}
		return nil
	}
}

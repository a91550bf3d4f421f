package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"defrost/engine"
)

// startFlags say which comparison to begin: the settings of a recipe, each with one value or
// several.
type startFlags struct {
	set      *pflag.FlagSet
	start    bool
	resume   string
	name     string
	seeds    int
	together int
	steps    int
	values   map[string]*string // by flag
}

// addStartFlags declares --start, --resume and what belongs to them.
func addStartFlags(set *pflag.FlagSet) *startFlags {
	f := &startFlags{set: set, values: map[string]*string{}}
	set.SortFlags = false
	set.BoolVar(&f.start, "start", false, "train the runs first, as the file that follows or the flags below say; a setting varies over its values, commas between; what has commas of its own goes into a file")
	set.StringVar(&f.resume, "resume", "", "go on with the comparison `NAME` that was broken off")
	set.StringVar(&f.name, "name", "", "with --start: `NAME` of the comparison; made of what differs when not given")
	set.IntVar(&f.seeds, "seeds", 0, "with --start: run everything with `N` seeds")
	set.IntVar(&f.together, "together", 0, "with --start: runs that train at the same time; 0 is one per thread")
	set.IntVar(&f.steps, "steps", 0, "with --start: give each run about `N` steps, in whole epochs")
	for _, s := range settings {
		f.values[s.flag] = set.String(s.flag, "", "with --start: "+s.help)
		if _, isBool := s.field(&engine.Recipe{}).(*bool); isBool {
			set.Lookup(s.flag).NoOptDefVal = "true"
		}
	}
	return f
}

// wanted says whether runs are to be trained.
func (f *startFlags) wanted() bool { return f.start || f.resume != "" }

// experiment is what the person asked for: a comparison to begin, or one to go on with.
func (f *startFlags) experiment(ctx context.Context, args []string) (engine.Experiment, error) {
	if f.resume != "" {
		if f.start || len(args) > 0 || f.chosen() {
			return engine.Experiment{}, usage("compare: --resume takes the name of a comparison and nothing that would change it")
		}
		return engine.OpenExperiment(f.resume)
	}
	e, err := f.read(args)
	if err != nil {
		return e, err
	}
	if _, err := e.Expand(ctx); err != nil {
		return e, usageError{err}
	}
	return e.Create(ctx)
}

// chosen says that a flag was given which only --start can use.
func (f *startFlags) chosen() bool {
	chosen := false
	f.set.Visit(func(flag *pflag.Flag) {
		chosen = chosen || f.values[flag.Name] != nil || flag.Name == "seeds" || flag.Name == "steps" || flag.Name == "name" || flag.Name == "together"
	})
	return chosen
}

// read is the file, with the flags over it.
func (f *startFlags) read(args []string) (e engine.Experiment, err error) {
	if len(args) > 1 {
		return e, usage("compare: found %d arguments after --start, expected one file or none", len(args))
	}
	if len(args) == 1 {
		if e, err = engine.LoadExperiment(args[0]); err != nil {
			return e, err
		}
	}
	if f.set.Changed("name") {
		e.Name = f.name
	}
	if f.set.Changed("together") {
		e.Together = f.together
	}
	if f.set.Changed("steps") {
		e.Steps = f.steps
	}
	for _, s := range settings {
		if f.set.Changed(s.flag) {
			f.choose(&e, strings.ReplaceAll(s.flag, "-", "_"), strings.Split(*f.values[s.flag], ","))
		}
	}
	return e, f.addSeeds(&e)
}

// choose takes one value as common to all runs and several as what differs; a setting of the file
// makes way.
func (f *startFlags) choose(e *engine.Experiment, setting string, values []string) {
	e.Base, e.Vary = without(e.Base, setting), without(e.Vary, setting)
	if len(values) == 1 {
		e.Base = append(e.Base, yaml.MapItem{Key: setting, Value: scalar(values[0])})
		return
	}
	var list []any
	for _, v := range values {
		list = append(list, scalar(v))
	}
	e.Vary = append(e.Vary, yaml.MapItem{Key: setting, Value: list})
}

// addSeeds varies the seed from the one that was chosen on.
func (f *startFlags) addSeeds(e *engine.Experiment) error {
	if !f.set.Changed("seeds") {
		return nil
	}
	first := engine.Defaults().Seed
	if f.set.Changed("seed") {
		if _, err := fmt.Sscan(*f.values["seed"], &first); err != nil || strings.Contains(*f.values["seed"], ",") {
			return usage("--seed is %q, expected one number beside --seeds", *f.values["seed"])
		}
	}
	if f.seeds < 1 {
		return usage("--seeds is %d, expected 1 or more", f.seeds)
	}
	var list []string
	for i := range f.seeds {
		list = append(list, fmt.Sprint(first+int64(i)))
	}
	f.choose(e, "seed", list)
	return nil
}

func without(list engine.Settings, setting string) engine.Settings {
	var rest engine.Settings
	for _, item := range list {
		if fmt.Sprint(item.Key) != setting {
			rest = append(rest, item)
		}
	}
	return rest
}

// scalar reads a value as YAML would: a number, a yes or no, else text.
func scalar(text string) any {
	var v any
	text = strings.TrimSpace(text)
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	switch v.(type) {
	case int64, uint64, float64, bool:
		return v
	}
	return text
}

// train begins or goes on with a comparison and writes how it goes to progress until all runs have ended.
func (p Program) train(ctx context.Context, f *startFlags, args []string, progress io.Writer) (engine.Experiment, error) {
	e, err := f.experiment(ctx, args)
	if err != nil {
		return e, err
	}
	return p.trainAll(ctx, e, "compare", progress)
}

// trainAll trains the runs of an experiment that are not finished; command is the one whose --resume
// goes on.
func (p Program) trainAll(ctx context.Context, e engine.Experiment, command string, progress io.Writer) (engine.Experiment, error) {
	ctx, stop := interruptible(ctx)
	defer stop()
	watch := newWatch(progress, e)
	err := e.Train(ctx, ctx, watch.begin)
	watch.wait()
	switch {
	case ctx.Err() != nil:
		return e, failure(fmt.Sprintf("comparison: stopped, `defrost %s --resume %s` goes on", command, e.Name))
	case err != nil && e.Finished() < 2:
		return e, err
	case err != nil:
		fmt.Fprintln(p.Err, "defrost: "+strings.Join(strings.Split(explainAll(err), "\n"), "\ndefrost: "))
		return e, errSome
	}
	return e, nil
}

// errSome says that the other runs could be compared; what failed was said already.
var errSome = errors.New("some runs failed, the others were compared")

// explainAll is a line for each of several errors.
func explainAll(err error) string {
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) {
		return explain(err)
	}
	var lines []string
	for _, e := range all.Unwrap() {
		lines = append(lines, explain(e))
	}
	return strings.Join(lines, "\n")
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// experimentEnding is what the files of experiments end with.
const experimentEnding = ".yaml"

// experimentFolder is where experiments are kept: beside the runs.
func experimentFolder() (string, error) {
	store, err := DefaultStore()
	return filepath.Join(filepath.Dir(store.Root), "comparisons"), err
}

// Create makes the run folders of an experiment and the file that lists them. From then on nothing
// of it is lost: whoever opens the file finds which runs are finished and trains the others.
func (e Experiment) Create(ctx context.Context) (Experiment, error) {
	recipes, err := e.Expand(ctx)
	if err != nil {
		return e, err
	}
	store, err := DefaultStore()
	if err != nil {
		return e, err
	}
	e.Entries, e.Base = nil, once(e.Base)
	for i, name := range entryNames(recipes) {
		dir, err := store.prepared(recipes[i])
		if err != nil {
			return e, err
		}
		e.Entries = append(e.Entries, Entry{Name: name, Dir: dir, Recipe: recipes[i]})
	}
	return e, e.save()
}

// once keeps the last of the settings that are named more than once, as choose does.
func once(list Settings) Settings {
	var kept Settings
	for i, item := range list {
		if !slices.ContainsFunc(list[i+1:], func(later yaml.MapItem) bool { return later.Key == item.Key }) {
			kept = append(kept, item)
		}
	}
	return kept
}

// prepared is a new folder of a run that has not begun.
func (s Store) prepared(r Recipe) (string, error) {
	dir, err := s.fresh(r)
	if err != nil {
		return "", err
	}
	f, err := createFolder(dir, r)
	if err != nil {
		return "", err
	}
	return dir, errors.Join(f.writeJSON(environmentFile, environment(r)), f.close())
}

// entryNames tells the runs apart.
func entryNames(recipes []Recipe) []string {
	runs := make([]Compared, len(recipes))
	for i, r := range recipes {
		runs[i] = Compared{ID: fmt.Sprintf("run %d", i+1), Recipe: r}
	}
	return names(runs, settings(runs))
}

// save writes the file of a new experiment; its name gets a number when it is taken.
func (e *Experiment) save() error {
	root, err := experimentFolder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return fmt.Errorf("comparison: %w", err)
	}
	base := plain(e.Name + experimentEnding)
	if e.Name == "" {
		base = e.suggested()
	}
	for n := 1; ; n++ {
		e.Name = base
		if n > 1 {
			e.Name = fmt.Sprintf("%s-%02d", base, n)
		}
		e.Path = filepath.Join(root, e.Name+experimentEnding)
		if err := e.claim(root); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// claim takes a name that nobody has and writes the file whole.
func (e *Experiment) claim(root string) error {
	data, err := yaml.Marshal(e)
	if err != nil {
		return fmt.Errorf("comparison: %w", err)
	}
	taken, err := os.OpenFile(e.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	f := &folder{dir: root}
	return errors.Join(taken.Close(), f.write(filepath.Base(e.Path), data))
}

// suggested is a name of what differs: pocket-bert-pocket-elmo-films.
func (e *Experiment) suggested() string {
	var parts []string
	seen := map[string]bool{}
	add := func(part string) {
		if part = plain(part); part != "" && !seen[part] {
			seen[part] = true
			parts = append(parts, part)
		}
	}
	for _, entry := range e.Entries {
		add(entry.Recipe.Backbone)
	}
	if len(parts) > mostNamed {
		parts = parts[:mostNamed]
	}
	add(e.Entries[0].Recipe.Data)
	for _, item := range e.Vary {
		if key := fmt.Sprint(item.Key); key != "backbone" && key != "data" {
			add(key)
		}
	}
	return strings.Join(parts, "-")
}

// mostNamed is how many backbones a suggested name lists.
const mostNamed = 3

// OpenExperiment reads an experiment that was begun, by its name or the path of its file.
func OpenExperiment(name string) (Experiment, error) {
	path := name
	if !exists(path) {
		root, err := experimentFolder()
		if err != nil {
			return Experiment{}, err
		}
		path = filepath.Join(root, name+experimentEnding)
	}
	if !exists(path) {
		return Experiment{}, fmt.Errorf("comparison: none is called %q%s", name, known())
	}
	e, err := LoadExperiment(path)
	if err != nil {
		return e, err
	}
	if len(e.Entries) == 0 {
		return e, fmt.Errorf("comparison: %s was never begun: `defrost compare --start %s` begins it", path, path)
	}
	e.Path = path
	for i := range e.Entries {
		if e.Entries[i].Recipe, err = LoadRecipe(filepath.Join(e.Entries[i].Dir, recipeFile)); err != nil {
			return e, fmt.Errorf("comparison: %s: run %s: %w", path, e.Entries[i].Name, err)
		}
	}
	return e, nil
}

// known lists the experiments there are, for an error.
func known() string {
	list, err := Experiments()
	if err != nil || len(list) == 0 {
		return ", and none was begun yet"
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name)
	}
	return ", expected one of " + strings.Join(names, ", ")
}

// Experiments lists what was begun, by name; files that cannot be read are left out.
func Experiments() ([]Experiment, error) {
	root, err := experimentFolder()
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(root, "*"+experimentEnding))
	if err != nil {
		return nil, fmt.Errorf("comparison: %w", err)
	}
	var list []Experiment
	for _, path := range paths {
		if e, err := OpenExperiment(path); err == nil {
			list = append(list, e)
		}
	}
	return list, nil
}

// Dirs are the folders of the runs.
func (e Experiment) Dirs() []string {
	var dirs []string
	for _, entry := range e.Entries {
		dirs = append(dirs, entry.Dir)
	}
	return dirs
}

// Finished counts the runs that have come to their end.
func (e Experiment) Finished() int {
	n := 0
	for _, entry := range e.Entries {
		if exists(filepath.Join(entry.Dir, metricsFile)) {
			n++
		}
	}
	return n
}

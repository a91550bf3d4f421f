package task

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"defrost/datasets"
)

// A Kind is how tasks of one name are made.
type Kind struct {
	Name    string
	Data    []datasets.Kind // what it can be trained on
	Default []datasets.Kind // of them, what is made for it
	Heads   []string        // it can stand on; nil for linear, mlp and bilstm
	Speaks  bool            // it asks the backbone for words, by its output layer
	Reads   bool            // vectors of single words are too little for it, but under a bilstm
	New     func(d *datasets.Dataset, o Options) (Task, error)
	Open    func(s Saved) (Task, error)
}

// Options are the settings of a recipe that tasks read. The zero value is every task's default.
type Options struct {
	Loss         string  // cross-entropy, focal, bce, mse; "" takes the task's own
	Smoothing    float64 // label smoothing: the share of a label that all classes divide among them
	ClassWeights string  // balanced; "" counts all examples alike
	Gamma        float64 // of the focal loss; 0 means 2
	Separator    string  // between the labels of an example that has several
	Stride       int     // tokens between the begins of two windows of a long text; 0 means the task's own
}

// Saved is what a checkpoint keeps of a task: enough to make it again without the data.
type Saved struct {
	Task     string          `json:"task"`
	Labels   []string        `json:"labels"`
	Settings json.RawMessage `json:"settings,omitempty"` // of a Keeper
	Dir      string          `json:"-"`                  // the checkpoint's folder
}

// read fills settings, which stay as they are in a checkpoint that has none.
func (s Saved) read(settings any) error {
	if len(s.Settings) == 0 {
		return nil
	}
	if err := json.Unmarshal(s.Settings, settings); err != nil {
		return fmt.Errorf("task: settings of %s: %w", s.Task, err)
	}
	return nil
}

var kinds = map[string]Kind{}

// Register adds a kind; a task's file calls it from init.
func Register(k Kind) { kinds[k.Name] = k }

// Names lists the registered tasks.
func Names() []string {
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New picks the task called name for a dataset; "" takes the one the data is made for.
func New(name string, d *datasets.Dataset, o Options) (Task, error) {
	if name == "" {
		name = defaultFor(d.Kind)
	}
	k, known := kinds[name]
	switch {
	case name == "":
		return nil, fmt.Errorf("task: %s holds %s data, expected %s", d.Name, d.Kind, strings.Join(usable(), ", "))
	case !known:
		return nil, fmt.Errorf("task: found no task %q, expected one of %s", name, strings.Join(Names(), ", "))
	case !slices.Contains(k.Data, d.Kind):
		return nil, fmt.Errorf("task: %s cannot be trained on %s, which holds %s data", name, d.Name, d.Kind)
	}
	return k.New(d, o)
}

// Open makes the task of a checkpoint.
func Open(s Saved) (Task, error) {
	k, known := kinds[s.Task]
	if !known {
		return nil, fmt.Errorf("task: the checkpoint is of a task %q, expected one of %s", s.Task, strings.Join(Names(), ", "))
	}
	return k.Open(s)
}

// defaultFor is the task that data is made for, "" for none.
func defaultFor(kind datasets.Kind) string {
	for _, name := range Names() {
		if slices.Contains(kinds[name].Default, kind) {
			return name
		}
	}
	return ""
}

// usable lists the kinds of data that some task is made for.
func usable() []string {
	var list []string
	for _, k := range []datasets.Kind{
		datasets.Classify, datasets.Pair, datasets.MultiLabel, datasets.Regress, datasets.Tag, datasets.QA, datasets.Translate, datasets.Text,
	} {
		if defaultFor(k) != "" {
			list = append(list, string(k))
		}
	}
	return list
}

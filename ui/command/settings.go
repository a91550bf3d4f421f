package command

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spf13/pflag"

	"defrost/engine"
)

// A setting is a field of the recipe as a flag.
type setting struct {
	flag  string
	field func(*engine.Recipe) any // pointer to the field
	help  string                   // a word in backquotes names the value
}

// settings are all fields of the recipe, in its order.
var settings = []setting{
	{"backbone", func(r *engine.Recipe) any { return &r.Backbone }, "`NAME` of an embedded or pulled backbone, or a folder"},
	{"data", func(r *engine.Recipe) any { return &r.Data }, "`NAME` of an embedded set, a file or a folder"},
	{"also", func(r *engine.Recipe) any { return &r.Also }, "`NAME` of a further set, file or folder to train on, not to be judged on"},
	{"task", func(r *engine.Recipe) any { return &r.Task }, "what to learn: " + strings.Join(engine.Tasks(), ", ") + "; the data's own when not given"},
	{"text", func(r *engine.Recipe) any { return &r.Text }, "`COLUMN` of the text, by name or number; found by itself when not given"},
	{"pair", func(r *engine.Recipe) any { return &r.Pair }, "`COLUMN` of a second text"},
	{"label", func(r *engine.Recipe) any { return &r.Label }, "`COLUMN` of the label"},
	{"limit", func(r *engine.Recipe) any { return &r.Limit }, "training examples used; 0 uses all"},
	{"skip-bad-rows", func(r *engine.Recipe) any { return &r.SkipBadRows }, "use the other rows of a file that has broken ones"},
	{"train", func(r *engine.Recipe) any { return &r.Train }, "`SPEC` of what learns: all, none, head, embeddings, last:N, first:N, bias, norm, layers as inspect names them, globs; commas between"},
	{"freeze", func(r *engine.Recipe) any { return &r.Freeze }, "`SPEC` of what does not learn, taken out of --train"},
	{"gradual", func(r *engine.Recipe) any { return &r.Gradual }, "thaw one layer more every N epochs, from the top; 0 thaws all at once"},
	{"layer-decay", func(r *engine.Recipe) any { return &r.LayerDecay }, "learning rate falls by this factor per layer down; 0 is off"},
	{"scratch", func(r *engine.Recipe) any { return &r.Scratch }, "keep the architecture but start from fresh weights"},
	{"shuffled", func(r *engine.Recipe) any { return &r.Shuffled }, "start from the pre-trained weights with each tensor's in random order: their statistics without what they know"},
	{"from", func(r *engine.Recipe) any { return &r.From }, "start from the best checkpoint of this `RUN`"},
	{"head", func(r *engine.Recipe) any { return &r.Head }, "head: linear, mlp or bilstm; crf or bilstm-crf for tags"},
	{"pool", func(r *engine.Recipe) any { return &r.Pool }, "how tokens become one vector: cls, mean, max or last"},
	{"loss", func(r *engine.Recipe) any { return &r.Loss }, "cross-entropy or focal for classes and tags, bce for multilabel, mse for regress; the task's own when not given"},
	{"label-smoothing", func(r *engine.Recipe) any { return &r.LabelSmoothing }, "share of each label that all classes divide among them; 0 is off"},
	{"class-weights", func(r *engine.Recipe) any { return &r.ClassWeights }, "balanced lets rare classes count more; all examples count alike when not given"},
	{"focal-gamma", func(r *engine.Recipe) any { return &r.FocalGamma }, "how little a focal loss minds what is right already; 0 takes 2"},
	{"separator", func(r *engine.Recipe) any { return &r.Separator }, "`MARK` between the labels of a cell, for multilabel on data read as one label each; | ; or , found by itself when not given"},
	{"epochs", func(r *engine.Recipe) any { return &r.Epochs }, "passes over the training examples"},
	{"seconds", func(r *engine.Recipe) any { return &r.Seconds }, "seconds of training after which it ends, the rate falling by the clock; 0 is no limit"},
	{"batch", func(r *engine.Recipe) any { return &r.Batch }, "sequences per step"},
	{"max-length", func(r *engine.Recipe) any { return &r.MaxLength }, "tokens per sequence, special ones included"},
	{"stride", func(r *engine.Recipe) any { return &r.Stride }, "tokens between the begins of two windows of a long text; 0 takes the task's own"},
	{"lr", func(r *engine.Recipe) any { return &r.LR }, "peak learning rate of the backbone"},
	{"head-lr", func(r *engine.Recipe) any { return &r.HeadLR }, "peak learning rate of the head"},
	{"optimizer", func(r *engine.Recipe) any { return &r.Optimizer }, "adamw, sgd or lamb"},
	{"schedule", func(r *engine.Recipe) any { return &r.Schedule }, "linear, cosine, stlr or constant"},
	{"warmup", func(r *engine.Recipe) any { return &r.Warmup }, "share of all steps in which the learning rate rises"},
	{"weight-decay", func(r *engine.Recipe) any { return &r.WeightDecay }, "decoupled weight decay"},
	{"clip", func(r *engine.Recipe) any { return &r.Clip }, "largest global gradient norm; 0 is off"},
	{"average", func(r *engine.Recipe) any { return &r.Average }, "share of the weights' running mean that a step leaves, as 0.999; what is judged and kept as best is the mean; 0 is off"},
	{"dropout", func(r *engine.Recipe) any { return &r.Dropout }, "dropout of the head"},
	{"patience", func(r *engine.Recipe) any { return &r.Patience }, "evaluations without a better dev score before stopping; 0 never stops"},
	{"seed", func(r *engine.Recipe) any { return &r.Seed }, "seed of everything random"},
	{"precision", func(r *engine.Recipe) any { return &r.Precision }, "numbers that products with the backbone's weights are computed in: f32, bf16-frozen for those of frozen weights, bf16 for all"},
	{"cache", func(r *engine.Recipe) any { return &r.Cache }, "keep the outputs of a frozen prefix between epochs"},
}

// recipeFlags reads a recipe from flags, over a file's when one is given, else over what is usual for
// the backbone.
type recipeFlags struct {
	set   *pflag.FlagSet
	given engine.Recipe
	file  string
}

// addRecipeFlags declares --recipe and a flag for every setting.
func addRecipeFlags(set *pflag.FlagSet) *recipeFlags {
	f := &recipeFlags{set: set, given: engine.Defaults()}
	set.SortFlags = false
	set.StringVar(&f.file, "recipe", "", "read the recipe from this YAML `FILE`; flags given beside it win")
	for _, s := range settings {
		declare(set, s.flag, s.field(&f.given), s.help)
	}
	return f
}

// addTableFlags declares the settings of a recipe that say how a table is read.
func addTableFlags(set *pflag.FlagSet, t *engine.Table) {
	fields := map[string]any{"text": &t.Text, "pair": &t.Pair, "label": &t.Label, "skip-bad-rows": &t.SkipBadRows}
	for _, s := range settings {
		if field, reads := fields[s.flag]; reads {
			declare(set, s.flag, field, s.help)
		}
	}
}

// declare adds a flag for the value that field points at, which is its default.
func declare(set *pflag.FlagSet, name string, field any, help string) {
	switch v := field.(type) {
	case *string:
		set.StringVar(v, name, *v, help)
	case *int:
		set.IntVar(v, name, *v, help)
	case *int64:
		set.Int64Var(v, name, *v, help)
	case *float64:
		set.Float64Var(v, name, *v, help)
	case *bool:
		set.BoolVar(v, name, *v, help)
	default:
		panic(fmt.Sprintf("command: flag %s has type %T", name, field))
	}
}

// recipe is what the person asked for, checked.
func (f *recipeFlags) recipe() (engine.Recipe, error) {
	r, err := f.usual()
	if err != nil {
		return r, err
	}
	for _, s := range settings {
		if f.set.Changed(s.flag) {
			reflect.ValueOf(s.field(&r)).Elem().Set(reflect.ValueOf(s.field(&f.given)).Elem())
		}
	}
	return r, checked(r)
}

// usual is the recipe of the file, or what is usual for the backbone: the one named, else that of the
// run to start from. Of a backbone or a run that cannot be opened the run itself says why.
func (f *recipeFlags) usual() (engine.Recipe, error) {
	if f.file != "" {
		return engine.LoadRecipe(f.file)
	}
	backbone := f.given.Backbone
	if f.set.Changed("from") && !f.set.Changed("backbone") {
		if name, err := engine.BackboneOf(f.given.From); err == nil {
			backbone = name
		}
	}
	r, err := engine.DefaultsFor(backbone)
	if err != nil {
		return f.given, nil
	}
	return r, nil
}

// checked refuses settings out of their range as wrong usage.
func checked(r engine.Recipe) error {
	if err := r.Check(); err != nil {
		return usageError{err}
	}
	return nil
}

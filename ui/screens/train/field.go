package train

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/number"
)

// A field is one setting of the recipe in the form.
type field struct {
	section string // written above the first field of a section
	name    string // as the recipe and its errors call it
	label   string
	hint    string
	get     func(engine.Recipe) string
	set     func(*engine.Recipe, string) error
	nudge   func(r *engine.Recipe, up bool, s *shared.Session) // left and right
}

// fields lists the form from top to bottom.
func fields() []field {
	return []field{
		named("what", "backbone", "backbone", "1 Model shows all", func(r *engine.Recipe) *string { return &r.Backbone }, backbones),
		named("", "data", "data", "inside, file or folder; 3 Data", func(r *engine.Recipe) *string { return &r.Data }, sources),
		named("", "also", "also train on", "a further set; judged on data", func(r *engine.Recipe) *string { return &r.Also }, only()),
		named("", "task", "task", "- takes the data's own", func(r *engine.Recipe) *string { return &r.Task }, only(append([]string{""}, engine.Tasks()...)...)),
		named("", "text", "text column", "- finds it by itself", func(r *engine.Recipe) *string { return &r.Text }, only()),
		named("", "pair", "second text", "column; - finds it by itself", func(r *engine.Recipe) *string { return &r.Pair }, only()),
		named("", "label", "label column", "- finds it by itself", func(r *engine.Recipe) *string { return &r.Label }, only()),
		whole("", "limit", "examples", "for training; 0 takes all", func(r *engine.Recipe) *int { return &r.Limit }, add(50)),
		flag("", "skip_bad_rows", "skip bad rows", "use the other rows of the file", func(r *engine.Recipe) *bool { return &r.SkipBadRows }),
		whole("", "max_length", "max length", "tokens; longer texts are cut", func(r *engine.Recipe) *int { return &r.MaxLength }, double),
		whole("", "stride", "stride", "between windows; 0 as usual", func(r *engine.Recipe) *int { return &r.Stride }, add(32)),
		named("layers", "train", "train", "all, head, last:2, bias, names", func(r *engine.Recipe) *string { return &r.Train }, only("all", "head", "last:1", "last:2", "bias", "norm")),
		named("", "freeze", "freeze", "the same words, for the rest", func(r *engine.Recipe) *string { return &r.Freeze }, only("", "embeddings", "first:1", "first:2")),
		whole("", "gradual", "gradual", "epochs between thaws; 0 off", func(r *engine.Recipe) *int { return &r.Gradual }, add(1)),
		real("", "layer_decay", "layer decay", "rate factor per layer; 0 off", func(r *engine.Recipe) *float64 { return &r.LayerDecay }, plus(0.05)),
		named("", "from", "from run", "start from a run's best checkpoint", func(r *engine.Recipe) *string { return &r.From }, only()),
		flag("", "scratch", "from scratch", "fresh weights: the control group", func(r *engine.Recipe) *bool { return &r.Scratch }),
		flag("", "shuffled", "shuffled", "each tensor's weights mixed up", func(r *engine.Recipe) *bool { return &r.Shuffled }),
		whole("training", "epochs", "epochs", "passes over the examples", func(r *engine.Recipe) *int { return &r.Epochs }, add(1)),
		real("", "seconds", "seconds", "ends training by the clock; 0 off", func(r *engine.Recipe) *float64 { return &r.Seconds }, plus(30)),
		whole("", "batch", "batch", "texts per step", func(r *engine.Recipe) *int { return &r.Batch }, double),
		real("", "lr", "learning rate", "peak, of the backbone", func(r *engine.Recipe) *float64 { return &r.LR }, ladder),
		real("", "head_lr", "head's rate", "peak, of the new head", func(r *engine.Recipe) *float64 { return &r.HeadLR }, ladder),
		named("", "optimizer", "optimizer", "", func(r *engine.Recipe) *string { return &r.Optimizer }, only("adamw", "sgd", "lamb")),
		named("", "schedule", "schedule", "drawn on the right", func(r *engine.Recipe) *string { return &r.Schedule }, only("linear", "cosine", "stlr", "constant")),
		real("", "warmup", "warm-up", "share of steps the rate rises", func(r *engine.Recipe) *float64 { return &r.Warmup }, plus(0.05)),
		real("", "weight_decay", "weight decay", "", func(r *engine.Recipe) *float64 { return &r.WeightDecay }, plus(0.01)),
		real("", "clip", "clip", "greatest gradient norm; 0 off", func(r *engine.Recipe) *float64 { return &r.Clip }, plus(0.5)),
		real("", "average", "average", "share a step leaves of a mean; 0 off", func(r *engine.Recipe) *float64 { return &r.Average }, along(0, 0.99, 0.999, 0.9999)),
		whole("", "patience", "patience", "evaluations without gain; 0 off", func(r *engine.Recipe) *int { return &r.Patience }, add(1)),
		named("head", "head", "head", "", func(r *engine.Recipe) *string { return &r.Head }, only(engine.Heads()...)),
		named("", "pool", "pool", "how a text becomes one vector", func(r *engine.Recipe) *string { return &r.Pool }, only("mean", "cls", "max", "last", "mix")),
		real("", "dropout", "dropout", "of the head", func(r *engine.Recipe) *float64 { return &r.Dropout }, plus(0.05)),
		named("", "loss", "loss", "- takes the task's own", func(r *engine.Recipe) *string { return &r.Loss }, only("", "cross-entropy", "focal", "bce", "mse")),
		real("", "label_smoothing", "smoothing", "share of a label spread; 0 off", func(r *engine.Recipe) *float64 { return &r.LabelSmoothing }, plus(0.05)),
		named("", "class_weights", "class weights", "balanced: rare classes count more", func(r *engine.Recipe) *string { return &r.ClassWeights }, only("", "balanced")),
		real("", "focal_gamma", "focal gamma", "of a focal loss; 0 takes 2", func(r *engine.Recipe) *float64 { return &r.FocalGamma }, plus(0.5)),
		named("", "separator", "separator", "between the labels of one text", func(r *engine.Recipe) *string { return &r.Separator }, only("", "|", ";", ",")),
		seed("run"),
		named("", "precision", "precision", "bf16 rounds products' factors", func(r *engine.Recipe) *string { return &r.Precision }, only(engine.Precisions()...)),
		flag("", "cache", "cache", "reuse a frozen prefix's output", func(r *engine.Recipe) *bool { return &r.Cache }),
	}
}

// unset is shown, and may be typed, for a word that is empty: what is usual is taken then.
const unset = "-"

// named is a setting that is a word; left and right go round the choices.
func named(section, name, label, hint string, at func(*engine.Recipe) *string, choices func(*shared.Session) []string) field {
	return field{
		section: section, name: name, label: label, hint: hint,
		get: func(r engine.Recipe) string { return *at(&r) },
		set: func(r *engine.Recipe, v string) error {
			if *at(r) = v; v == unset {
				*at(r) = ""
			}
			return nil
		},
		nudge: func(r *engine.Recipe, up bool, s *shared.Session) {
			list := choices(s)
			for range list {
				*at(r) = next(list, *at(r), up)
				if !refused(*r, name) {
					return
				}
			}
		},
	}
}

// refused says that a recipe cannot have the setting it has, for example a task that is still to come.
func refused(r engine.Recipe, name string) bool {
	return concerns(r.Check(), field{name: name})
}

func next(list []string, now string, up bool) string {
	i := slices.Index(list, now)
	switch {
	case i < 0:
		return list[0]
	case up:
		return list[(i+1)%len(list)]
	}
	return list[(i+len(list)-1)%len(list)]
}

func only(words ...string) func(*shared.Session) []string {
	return func(*shared.Session) []string { return words }
}

// whole is a setting that counts something.
func whole(section, name, label, hint string, at func(*engine.Recipe) *int, move func(n int, up bool) int) field {
	return field{
		section: section, name: name, label: label, hint: hint,
		get: func(r engine.Recipe) string { return strconv.Itoa(*at(&r)) },
		set: func(r *engine.Recipe, v string) error {
			n, err := strconv.Atoi(v)
			if err != nil {
				return fmt.Errorf("found %q, expected a whole number", v)
			}
			*at(r) = n
			return nil
		},
		nudge: func(r *engine.Recipe, up bool, _ *shared.Session) { *at(r) = max(0, move(*at(r), up)) },
	}
}

func add(step int) func(int, bool) int {
	return func(n int, up bool) int {
		if up {
			return n + step
		}
		return n - step
	}
}

func double(n int, up bool) int {
	if up {
		return max(1, n) * 2
	}
	return max(1, n/2)
}

// real is a setting that is a number with a fraction.
func real(section, name, label, hint string, at func(*engine.Recipe) *float64, move func(x float64, up bool) float64) field {
	return field{
		section: section, name: name, label: label, hint: hint,
		get: func(r engine.Recipe) string { return shown(*at(&r)) },
		set: func(r *engine.Recipe, v string) error {
			x, err := strconv.ParseFloat(v, 64)
			if err != nil || math.IsNaN(x) {
				return fmt.Errorf("found %q, expected a number", v)
			}
			*at(r) = x
			return nil
		},
		nudge: func(r *engine.Recipe, up bool, _ *shared.Session) { *at(r) = max(0, move(*at(r), up)) },
	}
}

// shown writes a setting exactly, small ones with an exponent: 2e-4.
func shown(x float64) string {
	if x != 0 && math.Abs(x) < 0.01 {
		return number.Exponent(x, 3)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// plus moves by a fixed step, rounded to it.
func plus(step float64) func(float64, bool) float64 {
	return func(x float64, up bool) float64 {
		if up {
			x += step
		} else {
			x -= step
		}
		return math.Round(x/step*1e6) / 1e6 * step
	}
}

// along moves to the next of some values, which rise.
func along(values ...float64) func(float64, bool) float64 {
	return func(x float64, up bool) float64 {
		at, known := slices.BinarySearch(values, x)
		switch {
		case up && known:
			at++
		case !up:
			at--
		}
		return values[min(max(at, 0), len(values)-1)]
	}
}

// ladder moves to the next of 1, 2 and 5 times a power of ten, as learning rates are tried.
func ladder(x float64, up bool) float64 {
	if x <= 0 {
		return 1e-4
	}
	rungs := []float64{0.5, 1, 2, 5, 10}
	scale := math.Pow(10, math.Floor(math.Log10(x)+1e-9))
	m := x / scale
	if up {
		i := slices.IndexFunc(rungs, func(r float64) bool { return r > m*1.001 })
		return tidy(rungs[i] * scale)
	}
	for i := len(rungs) - 1; i >= 0; i-- {
		if rungs[i] < m*0.999 {
			return tidy(rungs[i] * scale)
		}
	}
	return x
}

// tidy rounds away what binary fractions leave: 2e-4, not 0.00019999999999999998.
func tidy(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64)
	return y
}

// flag is a setting that is on or off.
func flag(section, name, label, hint string, at func(*engine.Recipe) *bool) field {
	f := named(section, name, label, hint, nil, nil)
	f.get = func(r engine.Recipe) string {
		if *at(&r) {
			return "on"
		}
		return "off"
	}
	f.set = func(r *engine.Recipe, v string) error {
		if v != "on" && v != "off" {
			return fmt.Errorf("found %q, expected on or off", v)
		}
		*at(r) = v == "on"
		return nil
	}
	f.nudge = func(r *engine.Recipe, _ bool, _ *shared.Session) { *at(r) = !*at(r) }
	return f
}

// seed is the 64-bit seed.
func seed(section string) field {
	return field{
		section: section, name: "seed", label: "seed", hint: "same seed, same losses",
		get: func(r engine.Recipe) string { return strconv.FormatInt(r.Seed, 10) },
		set: func(r *engine.Recipe, v string) error {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return fmt.Errorf("found %q, expected a whole number", v)
			}
			r.Seed = n
			return nil
		},
		nudge: func(r *engine.Recipe, up bool, _ *shared.Session) { r.Seed = int64(add(1)(int(r.Seed), up)) },
	}
}

// backbones are those that are on this machine.
func backbones(s *shared.Session) []string {
	var names []string
	for _, c := range s.Cards {
		if c.Cached {
			names = append(names, c.Name)
		}
	}
	return names
}

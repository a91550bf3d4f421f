package engine

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// A Preset is a well-known way to freeze, with the reason people use it.
type Preset struct {
	Name, Title, Why string
	Apply            func(Recipe) Recipe
}

// ulmfitDecay is the factor by which the learning rate falls per layer (Howard and Ruder 2018).
const ulmfitDecay = 1 / 2.6

// Presets are the choices the Layers screen offers.
func Presets() []Preset {
	freeze := func(train string, gradual int, decay float64) func(Recipe) Recipe {
		return func(r Recipe) Recipe {
			r.Train, r.Freeze, r.Gradual, r.LayerDecay = train, "", gradual, decay
			return r
		}
	}
	return []Preset{
		{"head", "head only", "Nothing of the backbone moves: the head reads features as pre-training left them. Cheapest, and honest about what the backbone knows already.", freeze("head", 0, 0)},
		{"last2", "top 2 layers", "Lower layers hold syntax that most tasks share; upper layers hold what is particular. Freeze low, train high.", freeze("last:2", 0, 0)},
		{"gradual", "gradual thawing", "One layer more per epoch, from the top: early, wild gradients of a new head do not reach the lower layers (ULMFiT).", freeze("all", 1, 0)},
		{"discriminative", "learning rate falls by layer", "Everything learns, the lower the slower: each layer down has its rate divided by 2.6 (ULMFiT).", freeze("all", 0, ulmfitDecay)},
		{"bias", "biases only", "One number in a thousand learns, and often that is enough (BitFit).", freeze("bias", 0, 0)},
		{"all", "everything", "Full fine-tuning: most to gain with enough labels, most to forget with few.", freeze("all", 0, 0)},
	}
}

// ToggleLayer freezes layer when the recipe trains it, and thaws it otherwise; layers are all
// layers from bottom to top with what learns now.
func ToggleLayer(r Recipe, layers []LayerState, layer string) Recipe {
	var learns []string
	for _, l := range layers {
		if (l.Trainable > 0) != (l.Name == layer) {
			learns = append(learns, l.Name)
		}
	}
	return WithThawed(r, layers, learns)
}

// WithThawed returns the recipe that trains exactly the named layers.
func WithThawed(r Recipe, layers []LayerState, learns []string) Recipe {
	set := map[string]bool{}
	for _, l := range learns {
		set[l] = true
	}
	r.Freeze, r.Train = "", strings.Join(learns, ",")
	switch {
	case len(learns) == len(layers):
		r.Train = "all"
	case len(learns) == 0:
		r.Train = "none"
	case !set["head"]:
		r.Freeze = "head"
	case topOnly(layers, set) >= 0:
		r.Train = fmt.Sprintf("last:%d", topOnly(layers, set))
	}
	return r
}

// topOnly is the number of encoder layers of a selection that is a stretch from the top; -1 for
// any other selection.
func topOnly(layers []LayerState, set map[string]bool) int {
	n, below := 0, false
	for i := len(layers) - 1; i >= 0; i-- {
		l := layers[i]
		switch {
		case set[l.Name] && (below || l.Kind == "embeddings"):
			return -1
		case !set[l.Name] && l.Kind != "encoder" && l.Kind != "embeddings":
			return -1
		case !set[l.Name]:
			below = true
		case l.Kind == "encoder":
			n++
		}
	}
	return n
}

// Command is the headless command that runs the recipe: the flags that differ from what is usual for
// the backbone.
func (r Recipe) Command() string {
	usual, err := DefaultsFor(r.Backbone)
	if err != nil { // as the command itself does
		usual = Defaults()
	}
	args := []string{"defrost train --backbone " + quote(r.Backbone) + " --data " + quote(r.Data)}
	for _, f := range r.differences(usual) {
		if f.Name == "backbone" || f.Name == "data" {
			continue
		}
		flag := "--" + strings.ReplaceAll(f.Name, "_", "-")
		if on, isBool := f.Mine.(bool); isBool {
			if on {
				args = append(args, flag)
			} else {
				args = append(args, flag+"=false")
			}
			continue
		}
		args = append(args, flag+" "+quote(fmt.Sprint(f.Mine)))
	}
	return strings.Join(args, " ")
}

// quote protects a word from the shell.
func quote(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\n'\"\\$*?[]{}()<>|&;!#~`") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// A Difference is a setting in which two recipes disagree.
type Difference struct {
	Name        string
	Mine, Other any
}

// Differences lists the settings in which r differs from other, by name.
func (r Recipe) Differences(other Recipe) []Difference { return r.differences(other) }

func (r Recipe) differences(other Recipe) []Difference {
	a, b := reflect.ValueOf(r), reflect.ValueOf(other)
	var list []Difference
	for i := range a.NumField() {
		name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("yaml"), ",")
		if x, y := a.Field(i).Interface(), b.Field(i).Interface(); x != y {
			list = append(list, Difference{name, x, y})
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

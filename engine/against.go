package engine

import (
	"slices"
	"strconv"

	"github.com/goccy/go-yaml"
)

// Against is the comparison of backbones on the data of a recipe, with its seed, each backbone with
// what is usual for its family.
func Against(r Recipe, backbones ...any) Experiment {
	return Experiment{Base: sourceSettings(r), Vary: Settings{{Key: "backbone", Value: backbones}}}
}

// sourceSettings are the settings that say what a recipe learns from.
func sourceSettings(r Recipe) Settings {
	chosen := map[string]bool{"data": true, "task": true, "text": true, "label": true, "limit": true, "skip_bad_rows": true, "seed": true}
	return settingsWhere(r, func(name string) bool { return chosen[name] })
}

// Varying is the comparison of one recipe with several values of a setting.
func Varying(r Recipe, setting string, values ...any) Experiment {
	return Experiment{
		Base: settingsWhere(r, func(name string) bool { return name != setting }),
		Vary: Settings{{Key: setting, Value: values}},
	}
}

// settingsWhere are the settings of a recipe that keep says yes to.
func settingsWhere(r Recipe, keep func(name string) bool) Settings {
	var list Settings
	for _, s := range settingsOf(r) {
		if keep(s.Name) {
			list = append(list, yaml.MapItem{Key: s.Name, Value: s.Values[0]})
		}
	}
	return list
}

// A Proposal is a comparison that can be begun as it is.
type Proposal struct {
	Name, Title, Why string
	Experiment       Experiment
}

// Proposals are comparisons worth making with a recipe whose backbone has as many encoder layers and
// whose data as many training examples.
func Proposals(r Recipe, layers, examples int) []Proposal {
	depth := []any{"head"}
	for n := 1; n < layers; n *= 2 {
		depth = append(depth, "last:"+strconv.Itoa(n))
	}
	if layers > 0 {
		depth = append(depth, "last:"+strconv.Itoa(layers))
	}
	depth = append(depth, "all")
	labels := slices.DeleteFunc([]any{50, 100, 200, 500, 1000}, func(n any) bool { return n.(int) >= examples })
	unfrozen := r
	unfrozen.Freeze = ""
	return []Proposal{
		{"versus", "BERT against ELMo", "Two ways to carry what was learned from much text into a small task.", Against(r, "pocket-bert", "pocket-elmo")},
		{"three", "BERT, ELMo and GloVe", "From one vector a word to vectors that know their sentence.", Against(r, "pocket-bert", "pocket-elmo", "pocket-glove")},
		{"scratch", "with and without pre-training", "The control group of every transfer experiment: the same network from fresh weights.", Varying(r, "scratch", false, true)},
		{"depth", "how deep to thaw", "Accuracy and cost, from the head alone to everything.", Varying(unfrozen, "train", depth...)},
		{"labels", "how many labels", "How accuracy grows with the labelled examples.", Varying(r, "limit", append(labels, 0)...)},
		{"rates", "learning rates", "A third, the same and three times the rate.", Varying(r, "lr", r.LR/3, r.LR, r.LR*3)},
		{"seeds", "three seeds", "How far chance alone moves the figures of this recipe.", Varying(r, "seed", r.Seed, r.Seed+1, r.Seed+2)},
	}
}

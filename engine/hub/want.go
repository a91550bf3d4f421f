package hub

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Weights is the wish for a model's weights, best format first. Of an index, the
// shards it lists are fetched with it.
const Weights = "model.safetensors|model.safetensors.index.json|pytorch_model.bin|pytorch_model.bin.index.json"

// A wish is one entry of Pull's want: names of which the first that exists is taken.
type wish struct {
	names    []string
	optional bool
}

// parseWish reads "a|b|c" and a "?" at the end, which says that none is fine too.
func parseWish(s string) (wish, error) {
	rest, optional := strings.CutSuffix(s, "?")
	w := wish{names: strings.Split(rest, "|"), optional: optional}
	for _, name := range w.names {
		if err := checkName(name); err != nil {
			return w, err
		}
	}
	return w, nil
}

// isPattern says whether a name stands for all files it matches.
func isPattern(name string) bool { return strings.Contains(name, "*") }

// isIndex says whether a file lists shards.
func isIndex(name string) bool { return strings.HasSuffix(name, ".index.json") }

// shards lists the files an index refers to, in the folder of the index.
func shards(path, name string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var index struct {
		WeightMap map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	files := slices.Compact(slices.Sorted(maps.Values(index.WeightMap)))
	for i, file := range files {
		files[i] = name[:strings.LastIndex(name, "/")+1] + file
		if err := checkName(files[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return files, nil
}

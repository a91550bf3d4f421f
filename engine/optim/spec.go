// Package optim updates parameters: which learn (a FreezePlan), how fast (schedules and layer-wise
// learning rates), and by what rule (AdamW, SGD, LAMB).
package optim

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"defrost/engine/nn"
)

// A Spec is a comma list of what it selects: all, none, head, embeddings, last:N, first:N, bias,
// norm, layer names as inspect prints them, and globs over layer or parameter names.
//
//   - head is the head, with the pooler or the mix of layers beneath it where there is one;
//   - last:N is the top N encoder layers with all that lies above them;
//   - first:N is the lowest N encoder layers with the embeddings beneath them.
type Spec string

// Select returns the parameters of layers, ordered from bottom to top, that s names.
func (s Spec) Select(layers []nn.Layer) (map[*nn.Param]bool, error) {
	chosen := map[*nn.Param]bool{}
	for _, term := range strings.Split(string(s), ",") {
		match, err := matcher(strings.TrimSpace(term), layers)
		if err != nil {
			return nil, err
		}
		found := false
		for i, l := range layers {
			for _, p := range l.Params {
				if match(i, l, p) {
					chosen[p], found = true, true
				}
			}
		}
		if !found && term != "none" {
			return nil, fmt.Errorf("freeze plan: %q matches no layer, expected all, none, head, embeddings, last:N, first:N, bias, norm or one of %s", term, names(layers))
		}
	}
	return chosen, nil
}

type match func(i int, l nn.Layer, p *nn.Param) bool

// matcher reads one term.
func matcher(term string, layers []nn.Layer) (match, error) {
	if name, count, ok := strings.Cut(term, ":"); ok {
		return counted(name, count, layers)
	}
	switch term {
	case "all":
		return func(int, nn.Layer, *nn.Param) bool { return true }, nil
	case "none":
		return func(int, nn.Layer, *nn.Param) bool { return false }, nil
	case "head":
		return func(_ int, l nn.Layer, _ *nn.Param) bool {
			return l.Kind == "head" || l.Kind == "pooler" || l.Kind == "mix"
		}, nil
	case "embeddings":
		return func(_ int, l nn.Layer, _ *nn.Param) bool { return l.Kind == "embeddings" }, nil
	case "bias":
		return func(_ int, _ nn.Layer, p *nn.Param) bool { return isBias(p.Name) }, nil
	case "norm":
		return func(_ int, _ nn.Layer, p *nn.Param) bool { return isNorm(p.Name) }, nil
	}
	if _, err := path.Match(term, ""); err != nil {
		return nil, fmt.Errorf("freeze plan: %q is not a pattern: %w", term, err)
	}
	return func(_ int, l nn.Layer, p *nn.Param) bool {
		return term == l.Name || glob(term, l.Name) || glob(term, p.Name)
	}, nil
}

// counted reads last:N and first:N.
func counted(name, count string, layers []nn.Layer) (match, error) {
	n, err := strconv.Atoi(count)
	encoders := encoderIndexes(layers)
	if err != nil || n < 0 || n > len(encoders) || (name != "last" && name != "first") {
		return nil, fmt.Errorf("freeze plan: %s:%s, expected last:N or first:N with N from 0 to %d", name, count, len(encoders))
	}
	if name == "first" {
		edge := 0 // first layer above the selection
		if n > 0 {
			edge = encoders[n-1] + 1
		} else if len(encoders) > 0 {
			edge = encoders[0]
		}
		return func(i int, _ nn.Layer, _ *nn.Param) bool { return i < edge }, nil
	}
	edge := len(layers)
	if len(encoders) > 0 {
		edge = encoders[len(encoders)-1] + 1
	}
	if n > 0 {
		edge = encoders[len(encoders)-n]
	}
	return func(i int, _ nn.Layer, _ *nn.Param) bool { return i >= edge }, nil
}

func encoderIndexes(layers []nn.Layer) []int {
	var at []int
	for i, l := range layers {
		if l.Kind == "encoder" {
			at = append(at, i)
		}
	}
	return at
}

// glob matches names against patterns; * crosses the dots that separate their parts.
func glob(pattern, name string) bool {
	if !strings.ContainsAny(pattern, "*?[") {
		return false
	}
	ok, _ := path.Match(pattern, name)
	return ok
}

// isBias knows the names of PyTorch's biases and of ELMo's: B of a cell, b_cnn_0, b_carry.
func isBias(name string) bool {
	last := name[strings.LastIndex(name, ".")+1:]
	return strings.HasSuffix(last, "bias") || last == "B" || strings.HasPrefix(last, "b_")
}

func isNorm(name string) bool {
	for _, part := range strings.Split(strings.ToLower(name), ".") {
		if strings.Contains(part, "norm") || strings.HasPrefix(part, "ln_") {
			return true
		}
	}
	return false
}

func names(layers []nn.Layer) string {
	var list []string
	for _, l := range layers {
		list = append(list, l.Name)
	}
	return strings.Join(list, ", ")
}

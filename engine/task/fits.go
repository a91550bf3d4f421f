package task

import (
	"slices"

	"defrost/datasets"
)

// Heads that tasks stand on unless they name others.
var usualHeads = []string{"linear", "mlp", "bilstm"}

// Fits says that a task can be trained on a kind of data with a head on a backbone: what New and
// NewHead would not refuse. The name "" is the task the data is made for.
func Fits(name string, data datasets.Kind, o HeadOptions) bool {
	if name == "" {
		name = defaultFor(data)
	}
	k, known := kinds[name]
	heads := k.Heads
	if heads == nil {
		heads = usualHeads
	}
	switch {
	case !known, !slices.Contains(k.Data, data), !slices.Contains(heads, o.Kind):
		return false
	case k.Speaks && o.Output == nil:
		return false
	}
	return o.Layers > 0 || !k.Reads || o.Kind == "bilstm"
}

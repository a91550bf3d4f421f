package shared

import (
	"fmt"
	"slices"
	"strings"

	"defrost/engine"
	"defrost/ui/widgets/number"
)

// MetricName writes the name of a metric for people.
func MetricName(name string) string { return strings.ReplaceAll(name, "_", " ") }

// Score writes the value of a metric: shares with two decimals, others with three digits.
func Score(v engine.Number) string {
	if x := float64(v); x > 1 || x < -1 {
		return number.Sig(x, 3)
	}
	return fmt.Sprintf("%.2f", float64(v))
}

// DevScore is what a finished run reached on the dev split, by the metric that comes first for its
// task; ok is false when it was not judged.
func DevScore(metrics map[string]engine.Number) (name string, v engine.Number, ok bool) {
	var names []string
	for key := range metrics {
		if name, dev := strings.CutPrefix(key, "dev_"); dev && name != "loss" && name != "examples" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, first := range []string{"perplexity", "chrf", "bleu", "f1", "entity_f1", "accuracy"} {
		if i := slices.Index(names, first); i > 0 {
			names[0], names[i] = names[i], names[0]
		}
	}
	if len(names) == 0 {
		return "", 0, false
	}
	return names[0], metrics["dev_"+names[0]], true
}

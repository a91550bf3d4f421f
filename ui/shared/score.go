package shared

import (
	"fmt"
	"maps"
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

// DevScore is what a run reached on the dev split by the metric it is judged by, or by the first there
// is; ok is false when it was not judged.
func DevScore(run engine.Summary) (name string, v engine.Number, ok bool) {
	if v, ok = run.Metrics["dev_"+run.Primary]; ok {
		return run.Primary, v, true
	}
	for _, key := range slices.Sorted(maps.Keys(run.Metrics)) {
		if name, dev := strings.CutPrefix(key, "dev_"); dev && name != "loss" && name != "examples" {
			return name, run.Metrics[key], true
		}
	}
	return "", 0, false
}

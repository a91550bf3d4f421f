package live

import (
	"fmt"
	"math"
	"time"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/number"
)

// z is the two-sided 95% point of the normal distribution.
const z = 1.959964

// wilson is the 95% score interval of a share p of n examples (Wilson 1927).
func wilson(p float64, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	m := float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return math.Max(0, centre-half), math.Min(1, centre+half)
}

// verdicts are the results of a finished run, one per split, in words. Where the metric is a share
// of examples, its interval says how far chance reaches.
func verdicts(f engine.Finished, primary string) []string {
	var lines []string
	for _, split := range []string{"dev", "test", "hard"} {
		v, ok := f.Metrics[split+"_"+primary]
		if !ok {
			continue
		}
		text := fmt.Sprintf("%s %s %s", split, shared.MetricName(primary), shared.Score(v))
		if n := int(f.Metrics[split+"_examples"]); n > 0 && primary == "accuracy" {
			low, high := wilson(float64(v), n)
			text += fmt.Sprintf("  95%% %.2f to %.2f, n %d", low, high, n)
		}
		text += exact(f.Metrics, split+"_")
		lines = append(lines, text)
	}
	return lines
}

// exact is the share of answers that are right to the letter, which questions are judged by too.
func exact(metrics map[string]engine.Number, prefix string) string {
	v, asked := metrics[prefix+"exact"]
	if !asked {
		return ""
	}
	return ", exact " + shared.Score(v)
}

// span writes seconds.
func span(seconds float64) string {
	return number.Duration(time.Duration(seconds * float64(time.Second)))
}

package task

import (
	"fmt"
	"math"

	"defrost/datasets"
	"defrost/engine/batch"
	"defrost/engine/op"
)

// A weighing says how a loss over classes counts its examples. The zero value is plain
// cross-entropy.
type weighing struct {
	smoothing, gamma float32
	byLabel          []float32 // nil for all alike
}

// focalGamma is what the authors of the focal loss found best.
const focalGamma = 2

// weigh reads the settings of a loss over classes. counts are the examples of each class in the
// training part.
func (o Options) weigh(counts []int) (w weighing, err error) {
	switch {
	case o.Loss == "" || o.Loss == "cross-entropy":
	case o.Loss == "focal" && o.Smoothing > 0:
		return w, fmt.Errorf("task: label_smoothing is %g, expected 0 with a focal loss: it is made for labels that are certain", o.Smoothing)
	case o.Loss == "focal":
		if w.gamma = float32(o.Gamma); o.Gamma == 0 {
			w.gamma = focalGamma
		}
	default:
		return w, fmt.Errorf("task: loss is %s, expected cross-entropy or focal for classes that exclude each other", o.Loss)
	}
	w.smoothing = float32(o.Smoothing)
	if o.ClassWeights == "balanced" {
		w.byLabel = balanced(counts)
	}
	return w, nil
}

// plain says that all is left as it is.
func (o Options) plain() bool { return o.Smoothing == 0 && o.ClassWeights == "" && o.Loss == "" }

// balanced are weights that make every class count alike (scikit-learn's formula): examples over
// classes times examples of the class. One that has no examples counts 1.
func balanced(counts []int) []float32 {
	all := 0
	for _, n := range counts {
		all += n
	}
	weights := make([]float32, len(counts))
	for i, n := range counts {
		weights[i] = 1
		if n > 0 {
			weights[i] = float32(all) / float32(len(counts)*n)
		}
	}
	return weights
}

// loss is cross-entropy as the settings weigh it.
func (w weighing) loss(labels func(*batch.Batch) []int32, classes int) *op.CrossEntropy {
	return &op.CrossEntropy{Labels: labels, Cols: classes, Smoothing: w.smoothing, Gamma: w.gamma, ByLabel: w.byLabel}
}

// A scale brings scores to mean 0 and deviation 1, whatever people count in.
type scale struct {
	Mean float64 `json:"mean"`
	Std  float64 `json:"std"`
}

// scaleOf measures the scores of examples.
func scaleOf(examples []datasets.Example) scale {
	s, n := scale{}, float64(max(len(examples), 1))
	for _, e := range examples {
		s.Mean += e.Score / n
	}
	for _, e := range examples {
		s.Std += (e.Score - s.Mean) * (e.Score - s.Mean) / n
	}
	if s.Std = math.Sqrt(s.Std); s.Std == 0 {
		s.Std = 1
	}
	return s
}

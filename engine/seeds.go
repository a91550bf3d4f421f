package engine

import "defrost/engine/metric"

// Seeds are runs of one recipe that differ by nothing but their seed.
type Seeds struct {
	Runs     []int   `json:"runs"` // indices of the runs
	Accuracy Measure `json:"accuracy"`
	Std      Number  `json:"std"` // of one run
}

// seeds groups runs by their recipe without the seed; a recipe with one run makes no group. The
// interval of the mean is Student's.
func seeds(runs []Compared) []Seeds {
	var order []Recipe
	members := map[Recipe][]int{}
	for i, run := range runs {
		r := run.Recipe
		r.Seed = 0
		if _, measured := run.Measure("accuracy"); !measured {
			continue
		}
		if members[r] == nil {
			order = append(order, r)
		}
		members[r] = append(members[r], i)
	}
	var list []Seeds
	for _, r := range order {
		if group := members[r]; len(group) > 1 {
			list = append(list, newSeeds(runs, group))
		}
	}
	return list
}

func newSeeds(runs []Compared, group []int) Seeds {
	var values []float64
	for _, i := range group {
		m, _ := runs[i].Measure("accuracy")
		values = append(values, float64(m.Value))
	}
	mean, std := metric.MeanStd(values)
	in := metric.TInterval(values, confidence)
	return Seeds{group, Measure{"accuracy", Number(mean), Number(in.Low), Number(in.High)}, Number(std)}
}

// seedDifferences are the differences in accuracy of two groups, seed by seed; ok is false unless
// both have run with the same seeds.
func seedDifferences(runs []Compared, a, b Seeds) (differences []float64, ok bool) {
	bySeed := map[int64]float64{}
	for _, i := range b.Runs {
		m, _ := runs[i].Measure("accuracy")
		bySeed[runs[i].Recipe.Seed] = float64(m.Value)
	}
	for _, i := range a.Runs {
		other, shared := bySeed[runs[i].Recipe.Seed]
		if !shared {
			return nil, false
		}
		m, _ := runs[i].Measure("accuracy")
		differences = append(differences, float64(m.Value)-other)
	}
	return differences, len(a.Runs) == len(b.Runs)
}

package engine

import "defrost/engine/metric"

// Seeds are runs of one recipe that differ by nothing but their seed.
type Seeds struct {
	Runs []int   `json:"runs"` // indices of the runs
	Mean Measure `json:"mean"` // of the figure that the runs are judged by
	Std  Number  `json:"std"`  // of one run
}

// seeds groups runs by their recipe without the seed; a recipe with one run makes no group. The
// interval of the mean is Student's.
func seeds(runs []Compared) []Seeds {
	var order []Recipe
	members := map[Recipe][]int{}
	for i, run := range runs {
		r := run.Recipe
		r.Seed = 0
		if _, measured := run.Figure(); !measured {
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
		m, _ := runs[i].Figure()
		values = append(values, float64(m.Value))
	}
	_, std := metric.MeanStd(values)
	return Seeds{group, meanOf(runs[group[0]].Primary, values), Number(std)}
}

// meanOf is the mean of a figure over seeds with Student's interval.
func meanOf(name string, values []float64) Measure {
	mean, _ := metric.MeanStd(values)
	in := metric.TInterval(values, confidence)
	low, high := bounds(name)
	return Measure{name, Number(mean), Number(max(low, in.Low)), Number(min(high, in.High))}
}

// seedDifferences are the differences between two groups, seed by seed; ok is false unless
// both have run with the same seeds.
func seedDifferences(runs []Compared, a, b Seeds) (differences []float64, ok bool) {
	bySeed := map[int64]float64{}
	for _, i := range b.Runs {
		m, _ := runs[i].Figure()
		bySeed[runs[i].Recipe.Seed] = float64(m.Value)
	}
	for _, i := range a.Runs {
		other, shared := bySeed[runs[i].Recipe.Seed]
		if !shared {
			return nil, false
		}
		m, _ := runs[i].Figure()
		differences = append(differences, float64(m.Value)-other)
	}
	return differences, len(a.Runs) == len(b.Runs)
}

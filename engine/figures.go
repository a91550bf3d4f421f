package engine

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"defrost/engine/metric"
	"defrost/engine/task"
)

// usualMetric judges runs whose log does not say by what: those of old, which classify.
const usualMetric = "accuracy"

// JudgedBy is the metric that decides which checkpoint is best.
func (s Started) JudgedBy() string { return cmp.Or(s.Primary, usualMetric) }

// Better says whether a value of a metric is better than another: of a loss the lower is.
func Better(metric string, value, than Number) bool {
	return task.Better(metric, float64(value), float64(than))
}

// A statistic is a figure of the examples with the given indices.
type statistic struct {
	name  string
	share bool // of examples that are right: McNemar's test and Wilson's interval apply
	of    func(indices []int) float64
}

// measure is the figure of all of n examples: with Wilson's interval for a share, else the bootstrap's.
func (s statistic) measure(n, resamples int) Measure {
	value := s.of(whole(n))
	in := metric.Interval{}
	if s.share {
		in = metric.Wilson(int(math.Round(value*float64(n))), n, confidence)
	} else {
		in = metric.Bootstrap(n, resamples, confidence, bootstrapSeed, s.of)
	}
	return Measure{s.name, Number(value), Number(in.Low), Number(in.High)}
}

// statistics are the figures that can be computed from predictions, the one the run is judged by
// first; none where that is not among them.
func statistics(primary string, list []PredictionLine) []statistic {
	if len(list) == 0 {
		return nil
	}
	tagged, asked := list[0].Tokens != nil, list[0].Context != ""
	switch {
	case primary == "accuracy" && tagged:
		return []statistic{{"accuracy", false, tallied(list, tagTally, metric.Tally.Recall)}}
	case primary == "accuracy":
		return labelStatistics(list)
	case primary == "f1" && tagged:
		return tallies(list, entityTally, "f1")
	case primary == "f1" && asked:
		return []statistic{{"f1", false, mean(list, answerF1)}, {"exact", true, mean(list, rightly)}}
	case primary == "micro_f1" && slices.ContainsFunc(list, func(p PredictionLine) bool { return p.GoldLabels != nil }):
		return append(tallies(list, labelTally, "micro_f1"), statistic{"accuracy", true, mean(list, rightly)})
	case primary == "spearman":
		return []statistic{{"spearman", false, correlated(list, metric.Spearman)}, {"pearson", false, correlated(list, metric.Pearson)}}
	case primary == "perplexity" && list[0].Nats != nil:
		return []statistic{{"perplexity", false, perplexity(list)}}
	case primary == "chrf":
		return []statistic{{"chrf", false, joined(list, metric.NewChrF)}, {"bleu", false, joined(list, metric.NewBLEU)}}
	}
	return nil
}

// labelStatistics are those of single labels; the loss needs probabilities.
func labelStatistics(list []PredictionLine) []statistic {
	all := []statistic{{"accuracy", true, mean(list, rightly)}, {"macro_f1", false, macroF1(list)}}
	if list[0].Probabilities != nil {
		all = append(all, statistic{"loss", false, mean(list, PredictionLine.loss)})
	}
	return all
}

// Right says that the prediction is the gold answer, or one of several that are accepted.
func (p PredictionLine) Right() bool {
	if p.Context != "" {
		return metric.SquadExact(p.Accepted, p.Predicted) == 1
	}
	return p.Gold == p.Predicted
}

// rightly is 1 for a right prediction, else 0.
func rightly(p PredictionLine) float64 {
	if p.Right() {
		return 1
	}
	return 0
}

func answerF1(p PredictionLine) float64 { return metric.SquadF1(p.Accepted, p.Predicted) }

// leastProbability bounds the loss of a label that was given no probability at all.
const leastProbability = 1e-12

// loss is the negative log-likelihood of the gold label.
func (p PredictionLine) loss() float64 {
	return -math.Log(math.Max(float64(p.Probabilities[p.Gold]), leastProbability))
}

// mean is the mean of a figure of single examples.
func mean(list []PredictionLine, figure func(PredictionLine) float64) func([]int) float64 {
	values := make([]float64, len(list))
	for i, p := range list {
		values[i] = figure(p)
	}
	return func(indices []int) float64 {
		sum := 0.0
		for _, i := range indices {
			sum += values[i]
		}
		return sum / float64(len(indices))
	}
}

// macroF1 is the mean F1 of the labels.
func macroF1(list []PredictionLine) func([]int) float64 {
	class := map[string]int{}
	number := func(label string) int {
		if _, known := class[label]; !known {
			class[label] = len(class)
		}
		return class[label]
	}
	gold, predicted := make([]int, len(list)), make([]int, len(list))
	for i, p := range list {
		gold[i], predicted[i] = number(p.Gold), number(p.Predicted)
	}
	table := metric.NewMacroF1(len(class))
	return func(indices []int) float64 {
		table.Reset()
		for _, i := range indices {
			table.Add(gold[i], predicted[i])
		}
		return table.Value()
	}
}

// tallies are an F1 of what examples have several of, its precision and its recall.
func tallies(list []PredictionLine, count func(PredictionLine) metric.Tally, name string) []statistic {
	return []statistic{
		{name, false, tallied(list, count, metric.Tally.F1)},
		{"precision", false, tallied(list, count, metric.Tally.Precision)},
		{"recall", false, tallied(list, count, metric.Tally.Recall)},
	}
}

// tallied is a figure of the sum of what was counted in each example.
func tallied(list []PredictionLine, count func(PredictionLine) metric.Tally, figure func(metric.Tally) float64) func([]int) float64 {
	counts := make([]metric.Tally, len(list))
	for i, p := range list {
		counts[i] = count(p)
	}
	return func(indices []int) float64 {
		var sum metric.Tally
		for _, i := range indices {
			sum.Right += counts[i].Right
			sum.Gold += counts[i].Gold
			sum.Predicted += counts[i].Predicted
		}
		return figure(sum)
	}
}

// entityTally counts the entities of a sentence.
func entityTally(p PredictionLine) metric.Tally {
	e := metric.NewEntities()
	e.Add(p.GoldTags, p.Tags)
	return e.Total()
}

// tagTally counts the words of a sentence, each of which has one tag.
func tagTally(p PredictionLine) metric.Tally {
	t := metric.Tally{Gold: len(p.GoldTags), Predicted: len(p.Tags)}
	for i, tag := range p.GoldTags {
		if tag == p.Tags[i] {
			t.Right++
		}
	}
	return t
}

// labelTally counts the labels of a text that may have several.
func labelTally(p PredictionLine) metric.Tally {
	t := metric.Tally{Gold: len(p.GoldLabels), Predicted: len(p.Labels)}
	for _, label := range p.Labels {
		if oneOf(label, p.GoldLabels...) {
			t.Right++
		}
	}
	return t
}

// correlated is how scores go with the gold ones.
func correlated(list []PredictionLine, figure func(x, y []float64) float64) func([]int) float64 {
	gold, said := make([]float64, len(list)), make([]float64, len(list))
	for i, p := range list {
		gold[i], _ = strconv.ParseFloat(p.Gold, 64)
		if p.Score != nil {
			said[i] = *p.Score
		}
	}
	x, y := make([]float64, len(list)), make([]float64, len(list))
	return func(indices []int) float64 {
		for k, i := range indices {
			x[k], y[k] = gold[i], said[i]
		}
		return figure(x[:len(indices)], y[:len(indices)])
	}
}

// perplexity is that of all tokens together.
func perplexity(list []PredictionLine) func([]int) float64 {
	return func(indices []int) float64 {
		nats, tokens := 0.0, 0
		for _, i := range indices {
			if p := list[i]; p.Nats != nil && p.Said != nil {
				nats, tokens = nats+*p.Nats, tokens+*p.Said
			}
		}
		return math.Exp(nats / float64(max(1, tokens)))
	}
}

// A corpusScore is a figure of whole texts that adds up over them.
type corpusScore[S any] interface {
	Add(references []string, predicted string)
	Join(other S)
	Value() float64
}

// joined is a score of whole texts; each is counted once.
func joined[S corpusScore[S]](list []PredictionLine, empty func() S) func([]int) float64 {
	counts := make([]S, len(list))
	for i, p := range list {
		counts[i] = empty()
		counts[i].Add([]string{p.Gold}, p.Predicted)
	}
	return func(indices []int) float64 {
		sum := empty()
		for _, i := range indices {
			sum.Join(counts[i])
		}
		return sum.Value()
	}
}

// bounds are the least and the most that a metric can be.
func bounds(name string) (low, high float64) {
	switch name {
	case "loss", "mse":
		return 0, math.Inf(1)
	case "perplexity", "word_perplexity":
		return 1, math.Inf(1)
	case "spearman", "pearson":
		return -1, 1
	case "chrf", "bleu":
		return 0, 100
	}
	return 0, 1
}

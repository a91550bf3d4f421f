package metric

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tolerance is how far a value may be from the reference implementations'
// (scikit-learn, scipy, statsmodels, seqeval, conlleval, sacreBLEU, the SQuAD script).
const tolerance = 1e-6

// reference decodes testdata/name.json.gz.
func reference(t *testing.T, name string, into any) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		t.Fatal(err)
	}
}

// near reports a value that differs from the reference.
func near(t *testing.T, what string, i int, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("case %d: %s is %v, want %v", i, what, got, want)
	}
}

func TestClassificationAgreesWithScikitLearn(t *testing.T) {
	var cases []struct {
		Gold, Predicted                  []int
		Accuracy, Macro, Micro, Weighted float64
		MCC                              float64
		F1, Precision, Recall            []float64
	}
	reference(t, "classification", &cases)
	for i, c := range cases {
		near(t, "accuracy", i, Accuracy(c.Gold, c.Predicted), c.Accuracy)
		near(t, "macro F1", i, MacroF1(c.Gold, c.Predicted), c.Macro)
		near(t, "micro F1", i, MicroF1(c.Gold, c.Predicted), c.Micro)
		near(t, "MCC", i, MCC(c.Gold, c.Predicted), c.MCC)
		table := tabulate(c.Gold, c.Predicted)
		near(t, "weighted F1", i, table.WeightedF1(), c.Weighted)
		for k, f := range ClassF1(c.Gold, c.Predicted) {
			near(t, "F1", i, f, c.F1[k])
			near(t, "precision", i, table.Precision(k), c.Precision[k])
			near(t, "recall", i, table.Recall(k), c.Recall[k])
		}
	}
}

func TestCorrelationAgreesWithScipy(t *testing.T) {
	var cases []struct {
		X, Y              []float64
		Pearson, Spearman float64
	}
	reference(t, "correlation", &cases)
	for i, c := range cases {
		near(t, "Pearson", i, Pearson(c.X, c.Y), c.Pearson)
		near(t, "Spearman", i, Spearman(c.X, c.Y), c.Spearman)
	}
}

func TestEntitiesAgreeWithSeqeval(t *testing.T) {
	var cases []struct {
		Gold, Predicted                 [][]string
		Precision, Recall, F1, Accuracy float64
		Types                           map[string][4]float64
	}
	reference(t, "entities", &cases)
	for i, c := range cases {
		e := NewEntities()
		for s := range c.Gold {
			e.Add(c.Gold[s], c.Predicted[s])
		}
		near(t, "precision", i, e.Total().Precision(), c.Precision)
		near(t, "recall", i, e.Total().Recall(), c.Recall)
		near(t, "F1", i, e.Value(), c.F1)
		near(t, "tag accuracy", i, e.TagAccuracy(), c.Accuracy)
		for kind, want := range c.Types {
			got := e.Type(kind)
			near(t, kind+" precision", i, got.Precision(), want[0])
			near(t, kind+" recall", i, got.Recall(), want[1])
			near(t, kind+" F1", i, got.F1(), want[2])
			near(t, kind+" support", i, float64(got.Gold), want[3])
		}
		if len(e.Types()) != len(c.Types) {
			t.Errorf("case %d: got types %v, want %v", i, e.Types(), c.Types)
		}
	}
}

func TestEntitiesAgreeWithConlleval(t *testing.T) {
	var cases []struct {
		Gold, Predicted       [][]string
		Precision, Recall, F1 float64
		Types                 map[string][4]float64 // precision, recall, F1, entities of the gold tags
	}
	reference(t, "conlleval", &cases)
	if len(cases) < 50 {
		t.Fatalf("got %d cases, want 50 or more", len(cases))
	}
	for i, c := range cases {
		e := NewEntities()
		for s := range c.Gold {
			e.Add(c.Gold[s], c.Predicted[s])
		}
		near(t, "precision", i, e.Total().Precision(), c.Precision)
		near(t, "recall", i, e.Total().Recall(), c.Recall)
		near(t, "F1", i, e.Value(), c.F1)
		for kind, want := range c.Types {
			got := e.Type(kind)
			near(t, kind+" precision", i, got.Precision(), want[0])
			near(t, kind+" recall", i, got.Recall(), want[1])
			near(t, kind+" F1", i, got.F1(), want[2])
			near(t, kind+" entities", i, float64(got.Gold), want[3])
		}
	}
}

func TestAnswersAgreeWithTheSquadScript(t *testing.T) {
	var file struct {
		Answers []struct {
			Gold      []string
			Predicted string
			Exact, F1 float64
		}
		Thresholds []struct {
			Nulls, Scores     []float64
			Answerable, Empty []bool
			Best, Threshold   float64
		}
	}
	reference(t, "squad", &file)
	for i, c := range file.Answers {
		near(t, "exact match of "+c.Predicted, i, SquadExact(c.Gold, c.Predicted), c.Exact)
		near(t, "F1 of "+c.Predicted, i, SquadF1(c.Gold, c.Predicted), c.F1)
	}
	for i, c := range file.Thresholds {
		best, threshold := NullThreshold(c.Nulls, c.Scores, c.Answerable, c.Empty)
		near(t, "best score", i, best, c.Best)
		near(t, "threshold", i, threshold, c.Threshold)
	}
}

func TestTranslationScoresAgreeWithSacreBLEU(t *testing.T) {
	var cases []struct {
		References          [][]string
		Predicted           []string
		BLEU, Brevity, ChrF float64
		Precisions          []float64
	}
	reference(t, "translation", &cases)
	for i, c := range cases {
		b, f := NewBLEU(), NewChrF()
		for s := range c.Predicted {
			b.Add(c.References[s], c.Predicted[s])
			f.Add(c.References[s], c.Predicted[s])
		}
		near(t, "BLEU", i, b.Value(), c.BLEU)
		near(t, "brevity penalty", i, b.Brevity(), c.Brevity)
		near(t, "chrF", i, f.Value(), c.ChrF)
		for n, p := range b.Precisions() {
			if c.BLEU > 0 {
				near(t, "precision", i, p, c.Precisions[n])
			}
		}
	}
}

func TestTokensAgreeWithSacreBLEU(t *testing.T) {
	var cases [][2]json.RawMessage
	reference(t, "tokens13a", &cases)
	for _, c := range cases {
		var text string
		var want []string
		if json.Unmarshal(c[0], &text) != nil || json.Unmarshal(c[1], &want) != nil {
			t.Fatalf("found %s, expected a text and its tokens", c)
		}
		if got := tokens13a(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, strings.Join(want, " "))
		}
	}
}

func TestStatisticsAgreeWithScipyAndStatsmodels(t *testing.T) {
	var file struct {
		Wilson, McNemar, Effect, Difference [][]float64
		TInterval                           []struct {
			Values                           []float64
			Confidence, Mean, Std, Low, High float64
		}
		Holm     []struct{ P, Want []float64 }
		Quantile []struct {
			Values  []float64
			Q, Want float64
		}
	}
	reference(t, "statistics", &file)
	for i, c := range file.Wilson {
		got := Wilson(int(c[0]), int(c[1]), c[2])
		near(t, "Wilson low", i, got.Low, c[3])
		near(t, "Wilson high", i, got.High, c[4])
	}
	for i, c := range file.TInterval {
		mean, std := MeanStd(c.Values)
		got := TInterval(c.Values, c.Confidence)
		near(t, "mean", i, mean, c.Mean)
		near(t, "std", i, std, c.Std)
		near(t, "t low", i, got.Low, c.Low)
		near(t, "t high", i, got.High, c.High)
	}
	checkTests(t, file.McNemar, file.Effect, file.Difference)
	for i, c := range file.Holm {
		for k, p := range Holm(c.P) {
			near(t, "Holm", i, p, c.Want[k])
		}
	}
	for i, c := range file.Quantile {
		slices.Sort(c.Values)
		near(t, "quantile", i, quantile(c.Values, c.Q), c.Want)
	}
}

// checkTests checks rows of inputs that end with the reference values.
func checkTests(t *testing.T, mcnemar, effect, difference [][]float64) {
	t.Helper()
	for i, c := range mcnemar {
		d := Disagreement{OnlyFirst: int(c[0]), OnlySecond: int(c[1])}
		near(t, "exact p", i, d.Exact(), c[2])
		near(t, "mid-p", i, d.MidP(), c[3])
	}
	for i, c := range effect {
		near(t, "detectable effect", i, DetectableEffect(int(c[0]), c[1], c[2]), c[3])
	}
	for i, c := range difference {
		near(t, "detectable difference", i, DetectableDifference(int(c[0]), c[1], c[2], c[3]), c[4])
	}
}

// TestBootstrapAgreesWithNumpyAndScikitLearn compares intervals over the very same draws: the
// references drew the indices with the generator of math/rand/v2 written again.
func TestBootstrapAgreesWithNumpyAndScikitLearn(t *testing.T) {
	var file struct {
		Bootstrap []struct {
			Values                []float64
			Resamples             int
			Seed                  int64
			Confidence, Low, High float64
		}
		BootstrapF1 []struct {
			Gold, Predicted []int
			Resamples       int
			Seed            int64
			Low, High       float64
		}
		Paired []struct {
			First, Second                        []float64
			Resamples                            int
			Seed                                 int64
			Confidence, Difference, Low, High, P float64
		}
	}
	reference(t, "statistics", &file)
	for what, n := range map[string]int{"intervals": len(file.Bootstrap), "F1 intervals": len(file.BootstrapF1), "pairs": len(file.Paired)} {
		if n < 20 {
			t.Errorf("%d reference %s, want 20 or more", n, what)
		}
	}
	for i, c := range file.Bootstrap {
		got := Bootstrap(len(c.Values), c.Resamples, c.Confidence, c.Seed, meanOver(c.Values))
		near(t, "bootstrap low", i, got.Low, c.Low)
		near(t, "bootstrap high", i, got.High, c.High)
	}
	for i, c := range file.BootstrapF1 {
		got := Bootstrap(len(c.Gold), c.Resamples, 0.95, c.Seed, func(indices []int) float64 {
			return MacroF1(pick(c.Gold, indices), pick(c.Predicted, indices))
		})
		near(t, "bootstrap F1 low", i, got.Low, c.Low)
		near(t, "bootstrap F1 high", i, got.High, c.High)
	}
	for i, c := range file.Paired {
		got := PairedBootstrap(len(c.First), c.Resamples, c.Confidence, c.Seed, meanOver(c.First), meanOver(c.Second))
		near(t, "paired difference", i, got.Difference, c.Difference)
		near(t, "paired low", i, got.Interval.Low, c.Low)
		near(t, "paired high", i, got.Interval.High, c.High)
		near(t, "paired p", i, got.PValue, c.P)
	}
}

// pick are the values at indices.
func pick(values, indices []int) []int {
	out := make([]int, len(indices))
	for k, i := range indices {
		out[k] = values[i]
	}
	return out
}

package datasets

import (
	"os"
	"path/filepath"
	"testing"
)

// public is where the public sets lie beside a developer's checkout.
var public = filepath.Join("..", "..", "shared", "datasets")

func TestPublicSetsOpen(t *testing.T) {
	if _, err := os.Stat(public); err != nil {
		t.Skip("the public sets are not on this machine")
	}
	for _, c := range []struct {
		path   string
		kind   Kind
		labels int
		want   [3]int // train, dev, test
		bad    int    // rows that cannot be used
	}{
		{"mr", Classify, 2, [3]int{8530, 1066, 1066}, 0},
		{"sst2", Classify, 2, [3]int{67349, 872, 0}, 0},
		{"trec", Classify, 6, [3]int{4910, 542, 500}, 0},
		{"clinc150", Classify, 150, [3]int{15000, 3000, 4500}, 0},
		{"snips", Classify, 7, [3]int{12395, 1389, 700}, 0},
		{"wnut17", Tag, 13, [3]int{3394, 1009, 1287}, 0},
		{"btc/f.conll", Tag, 7, [3]int{1398, 200, 401}, 1},
		{"xquad-en/xquad.en.json", QA, 0, [3]int{815, 138, 237}, 0},
		{"squad2-part/dev.json.gz", QA, 0, [3]int{4268, 578, 1232}, 0},
		{"wikitext2", Text, 0, [3]int{0, 60, 60}, 0},
		{"lambada/lambada_test.jsonl", Text, 0, [3]int{3608, 515, 1030}, 0},
		{"sms", Classify, 2, [3]int{4460, 557, 557}, 0},
	} {
		d, err := Open(filepath.Join(public, c.path), Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		got := [3]int{len(d.Train), len(d.Dev), len(d.Test)}
		if got != c.want || d.Kind != c.kind || len(d.Labels) != c.labels || len(d.Problems) != c.bad {
			t.Errorf("%s: got %s %d labels %v %v, want %s %d %v", c.path, d.Kind, len(d.Labels), got, d.Problems, c.kind, c.labels, c.want)
		}
	}
}

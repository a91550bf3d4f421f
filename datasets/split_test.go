package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// unbalanced is a file of 200 rows: 150 yes, 45 no, 5 perhaps.
func unbalanced() string {
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range 200 {
		label := "yes"
		if i%4 == 3 {
			label = "no"
		}
		if i%40 == 39 {
			label = "perhaps"
		}
		fmt.Fprintf(&b, "text number %d,%s\n", i, label)
	}
	return b.String()
}

func TestOneFileIsDealtByLabel(t *testing.T) {
	d, err := Open(write(t, "a.csv", unbalanced()), Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Train) != 140 || len(d.Dev) != 20 || len(d.Test) != 40 {
		t.Fatalf("got %d %d %d, want 140 20 40", len(d.Train), len(d.Dev), len(d.Test))
	}
	for p, want := range map[Part][]int{Train: {31, 3, 105}, Dev: {4, 1, 15}, Test: {9, 1, 30}} {
		for i, n := range d.LabelCounts(p) {
			if n < want[i]-1 || n > want[i]+1 {
				t.Errorf("%s %s: got %d, want about %d", p, d.Labels[i], n, want[i])
			}
		}
	}
	if leaks := d.Leaks(); len(leaks) != 0 {
		t.Errorf("got leaks %v, want none", leaks)
	}
}

func TestDealingFollowsTheSeed(t *testing.T) {
	path := write(t, "a.csv", unbalanced())
	lines := func(seed int64) []int {
		d, err := Open(path, Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		var out []int
		for _, e := range d.Test {
			out = append(out, e.Line)
		}
		return out
	}
	if !slices.Equal(lines(1), lines(1)) {
		t.Error("one seed gave two test parts")
	}
	if slices.Equal(lines(1), lines(2)) {
		t.Error("two seeds gave one test part")
	}
}

func TestEqualTextsStayTogether(t *testing.T) {
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := range 90 {
		fmt.Fprintf(&b, "Text  %d,%d\n", i%30, i%2)
	}
	d, err := Open(write(t, "a.csv", b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if leaks := d.Leaks(); len(leaks) != 0 || len(d.Test) == 0 {
		t.Errorf("got %d leaks and %d test examples, want none and some", len(leaks), len(d.Test))
	}
}

func TestSharesCanBeRefused(t *testing.T) {
	path := write(t, "a.csv", unbalanced())
	d, err := Open(path, Options{DevShare: 0.25, TestShare: -1})
	if err != nil || len(d.Dev) != 50 || len(d.Test) != 0 {
		t.Errorf("got %d dev, %d test, %v, want 50, 0", len(d.Dev), len(d.Test), err)
	}
	tiny := write(t, "a.csv", "text,label\na,1\nb,0\nc,1\n")
	if d, err := Open(tiny, Options{DevShare: 0.01, TestShare: 0.98}); err != nil || len(d.Train) != 1 {
		t.Errorf("got %+v %v, want one training example left", d, err)
	}
	if _, err := Open(path, Options{DevShare: 0.5, TestShare: 0.5}); err == nil {
		t.Error("got no error for shares that leave no training part")
	}
}

func TestSubsetsAreStratifiedAndNested(t *testing.T) {
	d, err := Open("helpdesk", Options{})
	if err != nil {
		t.Fatal(err)
	}
	large := d.Subset(100, 5).Train
	for _, n := range []int{0, 8, 50} {
		small := d.Subset(n, 5)
		for i, e := range small.Train {
			if e.ID != large[i].ID {
				t.Fatalf("example %d of %d is %s, want %s as in the larger subset", i, n, e.ID, large[i].ID)
			}
		}
		if len(small.Train) != n || len(small.Test) != len(d.Test) {
			t.Errorf("got %d train and %d test, want %d and all %d", len(small.Train), len(small.Test), n, len(d.Test))
		}
	}
	if counts := d.Subset(8, 5).LabelCounts(Train); slices.Max(counts) != 1 {
		t.Errorf("got %v for 8 of 8 classes, want one each", counts)
	}
	limited, err := Open("helpdesk", Options{Limit: 50, Seed: 5})
	if err != nil || len(limited.Train) != 50 || limited.Train[49].ID != large[49].ID {
		t.Errorf("a limit of 50 is not the subset of 50 (%v)", err)
	}
	if got := len(d.Subset(10000, 1).Train); got != len(d.Train) {
		t.Errorf("got %d of a subset larger than the set, want all %d", got, len(d.Train))
	}
}

func TestLeaksIgnoreCaseAndSpacing(t *testing.T) {
	d := &Dataset{Train: []Example{{Text: "A b"}, {Text: "c"}}, Test: []Example{{Text: "d"}, {Text: "a  B"}}}
	want := []Leak{{Train, Test, 0, 1}}
	if got := d.Leaks(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// folder writes files under a fresh folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFoldersOpenBySplitNames(t *testing.T) {
	rows := func(tag string) string { return "label,text\n1,good " + tag + "\n0,bad " + tag + "\n" }
	for _, c := range []struct {
		name  string
		files []string
		want  [4]int // train, dev, test, hard
	}{
		{"three files", []string{"train.csv", "validation.csv", "test.csv"}, [4]int{2, 2, 2, 0}},
		{"valid and hard", []string{"train.csv", "valid.csv", "hard.csv", "README.md"}, [4]int{2, 2, 0, 2}},
		{"prefixes and shards", []string{"films-train-00000-of-00002.csv", "films-train-00001-of-00002.csv", "films_dev.csv"}, [4]int{4, 2, 0, 0}},
		{"hub layout", []string{"default/train/0000.csv", "default/test/0000.csv", "default/validation/0000.csv"}, [4]int{2, 2, 2, 0}},
		{"data folder", []string{"data/train-0.csv", "data/dev-0.csv", ".cache/train.csv"}, [4]int{2, 2, 0, 0}},
		{"dev only", []string{"dev.csv"}, [4]int{0, 2, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for _, f := range c.files {
				files[f] = rows(f)
			}
			d, err := Open(folder(t, files), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := [4]int{len(d.Train), len(d.Dev), len(d.Test), len(d.Hard)}; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestFoldersThatDoNotFitAreRefused(t *testing.T) {
	rows := "label,text\n1,good\n0,bad\n"
	for _, c := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"cola/train.csv": rows, "rte/train.csv": rows}, "found several sets (cola, rte), expected one of these folders"},
		{map[string]string{"train.csv": rows, "test.csv": "sentence1,sentence2,label\na,b,1\nc,d,0\n"}, "found pair examples, expected classify examples as in"},
		{map[string]string{"train.csv": rows, "test.csv": "label,text\n1\n"}, "test.csv:2: column \"text\": found 1 column, expected 2 columns"},
	} {
		if _, err := Open(folder(t, c.files), Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestClassesOnlyTheTestPartHasAreNamed(t *testing.T) {
	d, err := Open(folder(t, map[string]string{"train.csv": "text,label\na,1\nb,0\n", "test.csv": "text,label\nc,2\nd,0\n"}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Problems) != 1 || d.Problems[0].Found != `no training example of class "2"` {
		t.Errorf("got %v, want class 2 named", d.Problems)
	}
}

func TestAFolderWithoutDevGivesUpTrainingExamples(t *testing.T) {
	d, err := Open(folder(t, map[string]string{"train.csv": unbalanced(), "test.csv": unbalanced()}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Train) != 180 || len(d.Dev) != 20 || len(d.Test) != 200 {
		t.Errorf("got %d %d %d, want 180 20 200", len(d.Train), len(d.Dev), len(d.Test))
	}
}

func TestSubsetsCanBeDrawnAnewOfOneSplit(t *testing.T) {
	path := write(t, "a.csv", unbalanced())
	first, err := Open(path, Options{Seed: 3, Limit: 10, LimitSeed: 1})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(path, Options{Seed: 3, Limit: 10, LimitSeed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first.Test, second.Test) || reflect.DeepEqual(first.Train, second.Train) {
		t.Error("got other test examples or the same training examples, want the same split and another choice")
	}
}

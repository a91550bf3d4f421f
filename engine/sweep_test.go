package engine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// swept is an experiment whose runs were judged by hand: accuracy rises with the limit, from scratch
// it is lower.
func swept(t *testing.T, seeds []any) Experiment {
	t.Helper()
	e := Experiment{Vary: Settings{
		{Key: "scratch", Value: []any{false, true}}, {Key: "limit", Value: []any{50, 100, 0}}, {Key: "seed", Value: seeds},
	}}
	for s, fresh := range []bool{false, true} {
		for k, limit := range []int{50, 100, 0} {
			for _, seed := range seeds {
				wrong := 10 + 20*s + 8*(2-k) + seed.(int)
				dir := judged(t, func(r *Recipe) { r.Scratch, r.Limit, r.Seed = fresh, limit, int64(seed.(int)) }, 100, below(wrong))
				e.Entries = append(e.Entries, Entry{Name: fmt.Sprint("run ", len(e.Entries)), Dir: dir})
			}
		}
	}
	return e
}

func TestSweepTestsWhatItAsks(t *testing.T) {
	e := swept(t, []any{0})
	c, err := e.Compare("dev")
	if err != nil {
		t.Fatal(err)
	}
	// two lines at each of three values, and in each line two values with the last
	if len(c.Pairs) != 3+4 {
		t.Errorf("got %d pairs, want 7", len(c.Pairs))
	}
	s, ok := e.Sweep(c)
	if !ok || s.Setting != "limit" || strings.Join(s.Values, " ") != "50 100 all" || len(s.Lines) != 2 || s.Lines[1].Name != "scratch yes" {
		t.Fatalf("got %+v, want lines with and without weights over the limits", s)
	}
	p := s.Lines[1].Points[0]
	if !near(p.Figure.Value, 0.54, 1e-9) || !near(p.Figure.Low, 0.4426, 1e-4) || p.Tokens != 1000 || p.Seconds != 5 || p.Trainable != 10 || p.Memory != 80 {
		t.Errorf("got %+v, want 54 of 100 with Wilson's interval and the cost of ten steps", p)
	}
	for _, want := range []string{"scratch no: best at limit all, 0.90", "scratch yes: best at limit all, 0.70", "on 100 examples"} {
		if !strings.Contains(c.Verdict, want) {
			t.Errorf("got %q, want %q in it", c.Verdict, want)
		}
	}
}

func TestPointsOfSeveralSeedsHaveTheirMean(t *testing.T) {
	e := swept(t, []any{0, 2, 4})
	c, err := e.Compare("dev")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := e.Sweep(c)
	p := s.Lines[0].Points[2] // 10, 12 and 14 of 100 wrong: 0.88 +- 4.303 * 0.02 / sqrt(3)
	if len(p.Runs) != 3 || !near(p.Figure.Value, 0.88, 1e-9) || !near(p.Figure.Low, 0.830317, 1e-6) || !near(p.Figure.High, 0.929683, 1e-6) {
		t.Errorf("got %+v, want the mean of three seeds with Student's interval", p)
	}
}

func TestAxisIsTheSettingWithMostValuesInOrder(t *testing.T) {
	for text, want := range map[string]string{
		"{backbone: [a, b, c, d], limit: [1, 2, 3]}": "limit",
		"{train: [head, all], seed: [1, 2, 3]}":      "",
		"{lr: [1, 2, 3], train: [a, b, c, d]}":       "train",
		"{seed: [1, 2, 3, 4]}":                       "",
	} {
		var e Experiment
		if err := yaml.Unmarshal([]byte("vary: "+text), &e); err != nil {
			t.Fatal(err)
		}
		if got := e.Axis(); got != want {
			t.Errorf("%s: got axis %q, want %q", text, got, want)
		}
	}
}

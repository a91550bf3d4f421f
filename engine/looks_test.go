package engine

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// lastDev is the last evaluation of the dev part.
func lastDev(run *Run) Evaluated {
	var last Evaluated
	for _, e := range of[Evaluated](eventsOf(run)) {
		if e.Split == "dev" {
			last = e
		}
	}
	return last
}

func scoresEntities(t *testing.T, run *Run) {
	dev := lastDev(run)
	if _, scored := dev.Metrics["f1_GOOD"]; !scored || len(dev.Confusion) != 5 {
		t.Errorf("got metrics %v and %d rows of confusion, want F1 by type and 5 tags", dev.Metrics, len(dev.Confusion))
	}
}

func scoresAnswers(t *testing.T, run *Run) {
	dev := lastDev(run)
	for _, name := range []string{"f1", "exact", "f1_answerable", "exact_answerable", "exact_unanswerable"} {
		if _, scored := dev.Metrics[name]; !scored {
			t.Errorf("got metrics %v, want %s among them", dev.Metrics, name)
		}
	}
}

func writesTranslations(t *testing.T, run *Run) {
	dev := lastDev(run)
	if _, scored := dev.Metrics["bleu"]; !scored || len(dev.Written) != writtenSamples || dev.Written[0].Gold == "" {
		t.Errorf("got metrics %v and samples %v, want bleu and %d samples", dev.Metrics, dev.Written, writtenSamples)
	}
	p, err := OpenPredictor(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	said, err := p.Predict([]string{"the good film was bad", "", "xylophones 雪"})
	if err != nil {
		t.Fatal(err)
	}
	looksAtWords(t, said[0])
}

// saysTexts holds perplexity to the loss and to what it was at first.
func saysTexts(t *testing.T, run *Run) {
	first, last := of[Evaluated](eventsOf(run))[0], lastDev(run)
	if a, b := first.Metrics["perplexity"], last.Metrics["perplexity"]; !(b < a) || math.Abs(math.Log(float64(b))-float64(last.Metrics["loss"])) > 1e-6 {
		t.Errorf("got perplexities %v and then %v with loss %v, want less, and the exponential of the loss", a, b, last.Metrics["loss"])
	}
	_, causal := last.Metrics["word_perplexity"]
	if begun := of[Started](eventsOf(run))[0]; causal != speaksCausally(t, run) {
		t.Errorf("%s: got metrics %v, want a perplexity per word of causal models alone", begun.Recipe.Backbone, last.Metrics)
	}
}

func speaksCausally(t *testing.T, run *Run) bool {
	t.Helper()
	dir, err := latest(filepath.Join(run.Dir, checkpointsDir, "best"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := OpenModel(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(m.family.Name, "gpt")
}

// passages writes n lines that all end with the same word and returns the path of the file.
func passages(t testing.TB, n int) string {
	t.Helper()
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, "the %s room was %d film\n", []string{"good", "bad", "dull"}[i%3], i)
	}
	path := filepath.Join(t.TempDir(), "passages.txt")
	enginetest.Write(t, path, lines.String())
	return path
}

func findsLastWords(t *testing.T, run *Run) {
	if done, err := run.Wait(); err != nil || done.Metrics["test_accuracy"] != 1 {
		t.Errorf("got metrics %v and error %v, want every last word", done.Metrics, err)
	}
}

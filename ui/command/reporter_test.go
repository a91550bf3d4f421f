package command

import (
	"bytes"
	"strings"
	"testing"

	"defrost/engine"
)

// told is what a reporter writes about an evaluation of 1,000 examples in small steps, and the next.
func told(t *testing.T, make func(*bytes.Buffer) reporter) string {
	t.Helper()
	var out bytes.Buffer
	r := make(&out)
	for _, from := range []int{50, 300} {
		for done := from; done <= 1000; done += 50 {
			if err := r.report(engine.Progress{Stage: "evaluating", Done: done, Total: 1000}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out.String()
}

func TestPlainReportsTellOfAStageInQuarters(t *testing.T) {
	got := told(t, func(b *bytes.Buffer) reporter { return &plainReporter{w: b} })
	want := "evaluating: 50 of 1000\nevaluating: 300 of 1000\nevaluating: 550 of 1000\nevaluating: 800 of 1000\n" +
		"evaluating: 300 of 1000\nevaluating: 550 of 1000\nevaluating: 800 of 1000\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLiveReportsKeepAStageOnOneLine(t *testing.T) {
	got := told(t, func(b *bytes.Buffer) reporter { return &liveReporter{w: b} })
	if strings.Contains(got, "\n") || !strings.HasSuffix(got, "\r############ evaluating: 1000 of 1000\x1b[K") {
		t.Errorf("got %q, want one line that ends with the whole", got)
	}
}

func TestJSONReportsTellOfEveryStage(t *testing.T) {
	got := told(t, func(b *bytes.Buffer) reporter { return jsonReporter{b} })
	if n := strings.Count(got, `{"type":"progress","stage":"evaluating","done":`); n != 35 {
		t.Errorf("got %d lines, want 35:\n%s", n, got)
	}
}

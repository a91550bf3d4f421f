package play

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"defrost/engine"
	"defrost/engine/task"
)

// said is a translation of four words by three.
func said() translated {
	p := engine.Prediction{Text: "the unbelievably good film", Label: "le film incroyable"}
	p.Attention = &task.Alignment{Read: strings.Fields(p.Text), Written: strings.Fields(p.Label), Weights: [][]float64{
		{.91, .02, .03, .04}, {.05, .05, .1, .8}, {0, .55, .25, .1},
	}}
	return translated{p}
}

func TestTableHasARowForEachWrittenWord(t *testing.T) {
	s := styles()
	lines := strings.Split(ansi.Strip(said().table(&s, 48, 5)), "\n")
	for i, want := range []string{"the unbelieva… good film", "le 91 2 3 4", "film 5 5 10 80", "incroyable 0 55 25 10", ""} {
		if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
			t.Errorf("line %d: got %q, want %q", i, got, want)
		}
	}
	before, _, _ := strings.Cut(lines[0], "film")
	if under := ansi.Cut(lines[2], ansi.StringWidth(before), 48); !strings.HasPrefix(under, " 80") {
		t.Errorf("got 80 elsewhere than under film:\n%s", strings.Join(lines, "\n"))
	}
}

func TestTableFitsWhereThereIsLittleRoom(t *testing.T) {
	s := styles()
	for w := 1; w < 60; w++ {
		for h := 1; h < 6; h++ {
			lines := strings.Split(said().table(&s, w, h), "\n")
			if len(lines) != h {
				t.Fatalf("%d x %d: got %d lines", w, h, len(lines))
			}
			for _, l := range lines {
				if got := ansi.StringWidth(l); got > w {
					t.Errorf("%d x %d: got a line of %d cells", w, h, got)
				}
			}
		}
	}
}

func TestTranslationWithATableIsDrawnAsOne(t *testing.T) {
	if got := drawing(said().Prediction); got.word() != "le film incroyable" {
		t.Errorf("got %v, want the translation", got)
	}
	if _, ok := drawing(engine.Prediction{Label: "words"}).(written); !ok {
		t.Error("an answer without attention is no plain text")
	}
}

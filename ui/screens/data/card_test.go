package data

import (
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/ui/shared"
)

func lines(drawing string) []string {
	var out []string
	for _, l := range strings.Split(drawing, "\n") {
		out = append(out, strings.TrimRight(l, " "))
	}
	return out
}

func TestExamplesAreDrawnAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		name string
		kind datasets.Kind
		ex   datasets.Example
		w, h int
		want string
	}{
		{"entities under their words", "", datasets.Example{
			Words: []string{"Ada", "Lovelace", "met", "IBM", "in", "Rome"}, Tags: []string{"B-PER", "I-PER", "O", "B-ORG", "O", "B-LOC"},
		}, 40, 2, "Ada Lovelace met IBM in Rome\nPER─────────     ORG    LOC─"},
		{"words that do not fit go on below", "", datasets.Example{
			Words: []string{"Ada", "Lovelace", "slept"}, Tags: []string{"B-PER", "I-PER", "O"},
		}, 13, 4, "Ada Lovelace\nPER─────────\nslept\n"},
		{"answer in brackets in its context", "", datasets.Example{
			Question: "Who wrote it?", Context: "The first program was written by Ada Lovelace in 1843.", Answers: []datasets.Answer{{Text: "Ada Lovelace", Start: 33}},
		}, 24, 5, "Who wrote it?\nThe first program was\nwritten by [Ada\nLovelace] in 1843.\n"},
		{"no answer", "", datasets.Example{Question: "Why?", Context: "Because.", Impossible: true}, 30, 4, "Why?\n(the text does not say)\nBecause.\n"},
		{"translation beside its sentence", "", datasets.Example{Text: "Good evening to all", Target: "Bonsoir à tous"}, 21, 3, "Good      │ Bonsoir à\nevening   │ tous\nto all    │"},
		{"article under its title", "", datasets.Example{
			Text: " \n = Homarus gammarus = \n \n The lobster is blue . \n \n = = Ecology = = \n \n It eats crabs . \n",
		}, 30, 4, "Homarus gammarus\nThe lobster is blue .\nEcology\nIt eats crabs ."},
		{"paragraph", "", datasets.Example{Text: "It was the best\nof times."}, 30, 2, "It was the best\nof times."},
		{"passage with the word that is to be foreseen", "", datasets.Example{
			Text: "A long way off.\n\n\"I look at him, but I don't care about signs", Line: 1,
		}, 24, 2, "\"I look at him, but I\ndon't care about [signs]"},
		{"pair with a score", datasets.Regress, datasets.Example{Text: "It rains", Pair: "It is wet", Score: 4.2}, 25, 3, "It rains    │ It is wet\nscore 4.2\n"},
		{"text with no score but 0", datasets.Regress, datasets.Example{Text: "It rains"}, 25, 2, "It rains\nscore 0"},
		{"labels under their text", datasets.MultiLabel, datasets.Example{Text: "It rains", Labels: []string{"wet", "cold"}}, 25, 3, "It rains\nlabels wet, cold\n"},
		{"labels that need two lines", datasets.MultiLabel, datasets.Example{Text: "It rains and it rains", Labels: []string{"wet", "cold", "dull"}}, 16, 4, "It rains and it\nrains\nlabels wet,\ncold, dull"},
		{"pair with labels", datasets.MultiLabel, datasets.Example{Text: "It rains", Pair: "It is wet", Labels: []string{"same"}}, 25, 2, "It rains    │ It is wet\nlabels same"},
		{"text without a label", datasets.MultiLabel, datasets.Example{Text: "It rains", Labels: []string{}}, 25, 2, "It rains\n(no label)"},
		{"pair", "", datasets.Example{Text: "It rains", Pair: "It is wet"}, 25, 1, "It rains    │ It is wet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(lines(card(tt.ex, tt.kind, &shared.Styles{}, tt.w, tt.h)), "\n")
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestAnswerOfALongContextIsInView(t *testing.T) {
	text := strings.Repeat("words and more words. ", 60)
	ex := datasets.Example{Question: "Where?", Context: text + "It is in Ulm. " + text, Answers: []datasets.Answer{{Text: "Ulm", Start: len(text) + 9}}}
	if got := card(ex, datasets.QA, &shared.Styles{}, 40, 6); !strings.Contains(got, "[Ulm]") {
		t.Errorf("the answer is not in\n%s", got)
	}
}

func TestEveryEmbeddedExampleIsDrawnAtEverySize(t *testing.T) {
	for _, name := range []string{"ner", "qa", "enfr"} {
		d, err := datasets.Open(name, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, ex := range d.Dev {
			for _, size := range [][2]int{{1, 1}, {7, 2}, {23, 5}, {60, 8}, {100, 30}} {
				if n := strings.Count(card(ex, d.Kind, &shared.Styles{}, size[0], size[1]), "\n"); n != size[1]-1 {
					t.Fatalf("%s at %v has %d lines", name, size, n+1)
				}
			}
		}
	}
}

func TestHistogramHasNoBinThatNoLengthFits(t *testing.T) {
	tests := []struct {
		from, to float64
		most     int
		want     int
	}{{7, 20, 30, 14}, {5, 5, 30, 1}, {0, 59, 30, 30}, {0, 60, 30, 21}}
	for _, tt := range tests {
		s := study{lengths: []float64{tt.to, tt.from}}
		if got := s.bins(tt.most); got != tt.want {
			t.Errorf("lengths %g to %g: got %d bins, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

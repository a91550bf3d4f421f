package task

import (
	"strings"
	"testing"

	"defrost/datasets"
)

// spoken makes a task or fails.
func spoken(t *testing.T, d *datasets.Dataset, o PromptOptions) Spoken {
	t.Helper()
	s, err := NewSpoken("", d, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLabelsAreHeardStrictly(t *testing.T) {
	d := &datasets.Dataset{Kind: datasets.Pair, Labels: []string{"entailment", "not_entailment", "pos"}, Train: []datasets.Example{{Text: "a", Label: "pos"}}}
	s := spoken(t, d, PromptOptions{Words: map[string]string{"pos": "sci-fi"}})
	for answer, want := range map[string]int{
		"Entailment.": 0, "**not entailment**": 1, "NOT-ENTAILMENT": 1, "It is not_entailment, not sci-fi": 1, "sci fi": 2, "(Sci-Fi)": 2,
		"pos": 2, "positive": 3, "": 3, "entailments": 3, "I do not know": 3, "sci": 3, "\n\nentailment\nsci-fi": 0,
		"pos or entailment": 0, // a word counts before a label's own name
	} {
		p, heard := s.Hear(datasets.Example{}, answer)
		if p.Class != want || heard != (want < 3) {
			t.Errorf("%q: got class %d and heard %v, want %d", answer, p.Class, heard, want)
		}
		if c := s.Show(datasets.Example{Label: "pos"}, p); c.Right != (want == 2) || want == 3 && c.Predicted != noLabel {
			t.Errorf("%q: got %+v, want it right for pos alone", answer, c)
		}
	}
}

func TestQuestionsTellAChatWhatToDo(t *testing.T) {
	labelled := &datasets.Dataset{Kind: datasets.Classify, Labels: []string{"neg", "pos"}, Train: []datasets.Example{{Text: "Lovely.", Label: "pos"}}}
	asked := &datasets.Dataset{Kind: datasets.QA, Train: []datasets.Example{{Context: "It is red.", Question: "Which?", Impossible: true}}}
	plain := &datasets.Dataset{Kind: datasets.Text, Train: []datasets.Example{{Text: "to be or not to be."}}}
	film, book := datasets.Example{Text: "Dull."}, datasets.Example{Context: "A book.", Question: "What?"}
	passage := datasets.Example{Text: "he met anna and spoke to anna"}
	for _, tt := range []struct {
		name string
		d    *datasets.Dataset
		o    PromptOptions
		ex   datasets.Example
		chat bool
		want string
	}{
		{"label", labelled, PromptOptions{}, film, true, "Fill the last blank (____) with one of: terrible, great. Answer with that alone.\n\nDull. It was ____."},
		{"label with an example", labelled, PromptOptions{Shots: 1}, film, true, "Fill the last blank (____) with one of: terrible, great. Answer with that alone.\n\nLovely. It was great.\nDull. It was ____."},
		{"label, continued", labelled, PromptOptions{Shots: 1}, film, false, "Lovely. It was great.\nDull. It was"},
		{"label in the middle, continued", labelled, PromptOptions{Template: "A {label} film: {text}"}, film, false, "Fill the last blank (____) with one of: terrible, great. Answer with that alone.\n\nA ____ film: Dull.\nAnswer:"},
		{"question", asked, PromptOptions{Shots: 1}, book, true, "Answer the last question with the shortest words of its text that answer it, and nothing else. Where the text does not answer it, say unanswerable.\n\n" +
			"Text: It is red.\nQuestion: Which?\nAnswer: unanswerable\n\nText: A book.\nQuestion: What?\nAnswer:"},
		{"question, continued", asked, PromptOptions{}, book, false, "Text: A book.\nQuestion: What?\nAnswer:"},
		{"last word", plain, PromptOptions{Shots: 1}, passage, true, "Say the one word that fills the last blank (____), the last word of its passage, and nothing else.\n\n" +
			"to be or not to ____\nWord: be\n\nhe met anna and spoke to ____\nWord:"},
		{"last word, continued", plain, PromptOptions{}, passage, false, "he met anna and spoke to"},
	} {
		if got := spoken(t, tt.d, tt.o).Question(tt.ex, tt.chat); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestAnswersToQuestionsAreFirstLines(t *testing.T) {
	s := spoken(t, &datasets.Dataset{Kind: datasets.QA, Train: []datasets.Example{{Impossible: true}}}, PromptOptions{})
	for answer, want := range map[string]string{
		"red": "red", " \n Answer: \"the red house\"\nbecause": "the red house", "Unanswerable.": "", "UNANSWERABLE": "", "": silence, " \n\"\"": silence, "...": silence,
	} {
		p, heard := s.Hear(datasets.Example{}, answer)
		if got := s.Show(datasets.Example{Context: "c"}, p).Predicted; got != want || heard != (want != silence) {
			t.Errorf("%q: got %q and heard %v, want %q", answer, got, heard, want)
		}
	}
}

func TestFirstWordIsTheLastWord(t *testing.T) {
	s := spoken(t, &datasets.Dataset{Kind: datasets.Text}, PromptOptions{})
	for answer, right := range map[string]bool{
		"anna": true, "Anna.": true, "**Anna**": true, "Word: anna": true, "anna bell": true, "- anna": true,
		"the anna": false, "": false, "annabel": false, "?": false,
	} {
		p, _ := s.Hear(datasets.Example{Text: "he spoke to anna."}, answer)
		if c := s.Show(datasets.Example{Text: "he spoke to anna."}, p); c.Right != right || (c.Gold == c.Predicted) != right {
			t.Errorf("%q: got %+v, want right to be %v", answer, c, right)
		}
	}
}

func TestWhatCannotBeSpokenIsRefused(t *testing.T) {
	labelled := func(labels ...string) *datasets.Dataset {
		return &datasets.Dataset{Name: "set", Kind: datasets.Classify, Labels: labels}
	}
	for _, tt := range []struct {
		name string
		d    *datasets.Dataset
		o    PromptOptions
		want string
	}{
		{"", &datasets.Dataset{Name: "set", Kind: datasets.Tag}, PromptOptions{}, "set holds tag data"},
		{"lm", labelled("a", "b"), PromptOptions{}, "task is lm, expected prompt"},
		{"", labelled("+", "-"), PromptOptions{}, "expected letters or digits"},
		{"", labelled("C", "C++"), PromptOptions{}, `tell it from "C"`},
		{"", &datasets.Dataset{Kind: datasets.QA}, PromptOptions{Template: "{text}"}, "no labels to ask for"},
		{"qa", &datasets.Dataset{Kind: datasets.QA}, PromptOptions{Shots: 1}, "shots is 1, expected at most the 0"},
	} {
		if _, err := NewSpoken(tt.name, tt.d, tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got error %v, want %q", err, tt.want)
		}
	}
}

package datasets

import (
	"fmt"
	"strings"
	"testing"
)

func TestFurtherSetIsTrainedOnAndNotJudgedOn(t *testing.T) {
	own, err := Open("qa", Options{})
	if err != nil {
		t.Fatal(err)
	}
	known := own.Test[0]
	more := fmt.Sprintf(`{"data": [{"paragraphs": [
		{"context": "One is odd.", "qas": [
			{"id": "a", "question": "What is odd?", "answers": [{"text": "One", "answer_start": 0}]},
			{"id": "b", "question": "What is even?", "is_impossible": true, "answers": []}]},
		{"context": %q, "qas": [{"id": "c", "question": %q, "is_impossible": true, "answers": []}]}]}]}`, known.Context, known.Question)
	path := write(t, "more.json", more)
	d, err := Open("qa", Options{Also: path})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(d.Train), len(own.Train)+2; got != want {
		t.Errorf("got %d training examples, want %d: those of a single file that are not in the test part", got, want)
	}
	if len(d.Dev) != len(own.Dev) || len(d.Test) != len(own.Test) {
		t.Errorf("got %d and %d examples to judge by, want the %d and %d of the set itself", len(d.Dev), len(d.Test), len(own.Dev), len(own.Test))
	}
	if n := len(d.Problems); n == 0 || !strings.Contains(d.Problems[n-1].Found, "that qa is judged on") {
		t.Errorf("got problems %v, want one that says an example was left out", d.Problems)
	}
	if n := len(d.Leaks()) - len(own.Leaks()); n != 0 {
		t.Errorf("got %d more leaks than without the further set, want none", n)
	}
}

func TestFurtherSetBringsItsLabelsAndItsLimit(t *testing.T) {
	one, two := write(t, "one.csv", unbalanced()), write(t, "two.csv", strings.ReplaceAll(strings.ReplaceAll(unbalanced(), "perhaps", "never"), "text", "line"))
	d, err := Open(one, Options{Also: two, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Labels, " "); got != "never no perhaps yes" || len(d.Train) != 50 {
		t.Errorf("got labels %s and %d training examples, want those of both sets and the limit of 50", got, len(d.Train))
	}
}

func TestFurtherSetOfAnotherKindIsRefused(t *testing.T) {
	for also, want := range map[string]string{"ner": "tag examples", "nowhere": "no such file"} {
		if _, err := Open("qa", Options{Also: also}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one that says %q", also, err, want)
		}
	}
}

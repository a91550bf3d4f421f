package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

// people is a file of vectors that know sex and rank.
func people(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.txt")
	enginetest.Write(t, path, "man 1 0 1\nwoman -1 0 1\nking 1 2 1\nqueen -1 2 1\nstone 0 0 -2\n")
	return path
}

// file writes a text and returns its path.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.txt")
	enginetest.Write(t, path, text)
	return path
}

func TestWordsAnswersAboutStaticVectors(t *testing.T) {
	vectors := people(t)
	pairs := file(t, "man woman 5\nking queen 7\nman stone 1\nman ghost 3\n")
	questions := file(t, ": sex\nman woman king queen\nking queen man woman\nman woman king stone\nman woman king ghost\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--near", "King", "--n", "2"}, "0.6667\tqueen\n0.5774\tman\n"},
		{[]string{"--analogy", "man woman king", "--n", "1"}, "0.9158\tqueen\n"},
		{[]string{"--similarity", pairs}, "Spearman 1.0000 over 3 of 4 pairs\n"},
		{[]string{"--similarity", pairs, "--json"}, `{"pairs":4,"covered":3,"spearman":1}` + "\n"},
	} {
		if got := succeeded(t, "", append([]string{"words", vectors}, c.args...)...); got != c.want {
			t.Errorf("%v: got %q, want %q", c.args, got, c.want)
		}
	}
	out := succeeded(t, "", "words", vectors, "--analogies", questions, "--json")
	if want := `"total":{"name":"total","questions":4,"covered":3,"right":2}`; !strings.Contains(out, want) {
		t.Errorf("got %s, want %s", out, want)
	}
	if out := succeeded(t, "", "words", vectors, "--analogies", questions); !strings.Contains(out, "66.7%") {
		t.Errorf("got %s, want an accuracy of 66.7%%", out)
	}
}

func TestExportedWordsAnswerTheSame(t *testing.T) {
	vectors, dir := people(t), t.TempDir()
	want := succeeded(t, "", "words", vectors, "--near", "king")
	for _, name := range []string{"again.txt", "again.bin"} {
		path := filepath.Join(dir, name)
		if out := succeeded(t, "", "words", vectors, "--export", path); !strings.HasPrefix(out, "5 words written to ") {
			t.Errorf("got %q, want 5 words written", out)
		}
		if got := succeeded(t, "", "words", path, "--near", "king"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "again.txt"))
	if err != nil || !strings.HasPrefix(string(text), "5 3\nman 1 0 1\n") {
		t.Errorf("got %.40q, %v, want a header and a word a line", text, err)
	}
}

func TestOneWordIsShownInItsContexts(t *testing.T) {
	model := enginetest.Bert(t)
	in := "the film was good\nnothing\na Film film\n"
	var got struct {
		Word   string
		Places []place
		Mean   float64 `json:"mean_cosine"`
	}
	out := succeeded(t, in, "words", model, "--context", "film", "--layer", "1", "--json")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Places) != 3 || got.Places[1].Text != "a Film film" || got.Places[1].Start != 2 || got.Places[2].Start != 7 {
		t.Errorf("got %+v, want the word once in the first line and twice in the last", got.Places)
	}
	if got.Mean >= 1 || got.Places[0].Cosine < got.Mean-1 {
		t.Errorf("got a mean cosine of %v, want less than 1 for a model that reads context", got.Mean)
	}
}

func TestStaticVectorsAreTheSameInEveryContext(t *testing.T) {
	out := succeeded(t, "the man\nman overboard\n", "words", people(t), "--context", "man")
	if !strings.Contains(out, "mean cosine 1.000; x and y show 0% of the differences") {
		t.Errorf("got %s, want no differences", out)
	}
}

func TestAnyBackboneComparesWordsStandingAlone(t *testing.T) {
	out := succeeded(t, "", "words", enginetest.Bert(t), "--similarity", file(t, "good film 1\nbad film 2\nbad good 3\n"))
	if !strings.HasSuffix(out, " over 3 of 3 pairs\n") {
		t.Errorf("got %q, want every pair covered", out)
	}
}

func TestWordsRefusesWhatItCannotAnswer(t *testing.T) {
	vectors := people(t)
	for _, r := range []refusal{
		{"nothing asked", []string{"words", vectors}, exitUsage, []string{"nothing is asked", "--near"}},
		{"no vectors named", []string{"words", "--near", "x"}, exitUsage, []string{"one backbone"}},
		{"two words", []string{"words", vectors, "--analogy", "man woman"}, exitUsage, []string{"expected three words"}},
		{"no neighbours", []string{"words", vectors, "--near", "man", "--n", "0"}, exitUsage, []string{"--n is 0"}},
		{"layer below", []string{"words", vectors, "--near", "man", "--layer", "-2"}, exitUsage, []string{"--layer is -2"}},
		{"layer above", []string{"words", vectors, "--context", "man", "--layer", "7"}, exitFailed, []string{"layer is 7"}},
		{"unknown word", []string{"words", vectors, "--near", "ghost"}, exitFailed, []string{`"ghost" is not among the 5 words`}},
		{"unknown backbone", []string{"words", "no-glove", "--near", "man"}, exitFailed, []string{"no-glove", "defrost models"}},
		{"missing file", []string{"words", vectors, "--similarity", "none.txt"}, exitFailed, []string{"none.txt"}},
		{"broken pairs", []string{"words", vectors, "--similarity", file(t, "a b 1\na b\n")}, exitFailed, []string{"file.txt", "line 2"}},
		{"broken questions", []string{"words", vectors, "--analogies", file(t, "a b c\n")}, exitFailed, []string{"line 1: found 3 words, expected 4"}},
		{"word in no sentence", []string{"words", vectors, "--context", "man"}, exitFailed, []string{"stands in none of the 0 texts"}},
		{"export of a network", []string{"words", enginetest.Bert(t), "--export", filepath.Join(t.TempDir(), "x.txt")}, exitFailed, []string{"expected static word vectors"}},
		{"export to no folder", []string{"words", vectors, "--export", filepath.Join(t.TempDir(), "none", "x.txt")}, exitFailed, []string{"none"}},
	} {
		t.Run(r.name, r.check)
	}
}

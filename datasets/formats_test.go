package datasets

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTagSchemesBecomeIOB2(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"IOB2 stays", "B-PER I-PER O B-PER B-PER", "B-PER I-PER O B-PER B-PER"},
		{"IOB1", "I-PER I-PER B-PER O I-LOC I-ORG", "B-PER I-PER B-PER O B-LOC B-ORG"},
		{"BIOES", "S-PER B-LOC I-LOC E-LOC S-LOC O", "B-PER B-LOC I-LOC I-LOC B-LOC O"},
		{"BILOU", "U-PER B-LOC L-LOC U-LOC O", "B-PER B-LOC I-LOC B-LOC O"},
		{"an end without a beginning", "E-PER I-PER O", "B-PER B-PER O"},
		{"types with dashes", "B-creative-work I-creative-work", "B-creative-work I-creative-work"},
		{"parts of speech stay", "NN -LRB- PRP$ NN-X", "NN -LRB- PRP$ NN-X"},
	} {
		tags := strings.Fields(c.in)
		toIOB2(tags)
		if got := strings.Join(tags, " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestConllFilesAreRead(t *testing.T) {
	for _, c := range []struct{ name, content string }{
		{"two columns, tabs", "Ann\tB-PER\nran\tO\n\n\nStop\tO\n"},
		{"four columns, blanks, IOB1", "-DOCSTART- -X- -X- O\n\nAnn NNP B-NP I-PER\nran VB B-VP O\n\nStop VB B-VP O"},
		{"comments", "# id 1\nAnn\tB-PER\nran\tO\n\n# id 2\nStop\tO\n"},
		{"CRLF and blank-only lines", "Ann\tS-PER\r\nran\tO\r\n \t\r\nStop\tO\r\n"},
	} {
		d := read(t, "a.conll", c.content, Options{})
		got := fmt.Sprint(d.Train[0].Words, d.Train[0].Tags, d.Train[1].Words, d.Labels)
		if want := "[Ann ran] [B-PER O] [Stop] [B-PER O]"; got != want || d.Kind != Tag {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
	}
	d := read(t, "a.conll", "Ann NNP I-PER\nran VB O\n", Options{LabelColumn: "2"})
	if want := []string{"NNP", "VB"}; !slices.Equal(d.Train[0].Tags, want) {
		t.Errorf("got %v, want the second column %v", d.Train[0].Tags, want)
	}
}

func TestBadColumnsAndParallelFilesAreRefused(t *testing.T) {
	dir := folder(t, map[string]string{"train.en": "Go.\nHi.\n", "train.fr": "Va !\n"})
	for _, c := range []struct{ path, want string }{
		{write(t, "a.conll", "Ann B-PER\nran\n"), "a.conll:2: column \"2\": found 1 column, expected 2 columns"},
		{write(t, "a.conll", "Ann\n"), "a.conll:1: found 1 column, expected a word and its tag in 2 to 4 columns"},
		{write(t, "a.conll", "\n\n"), "found no rows, expected at least one example"},
		{dir, "train.fr:2: found the end after 1 line, expected 2 lines as in"},
		{write(t, "a.parquet", "PAR1 and then nothing"), "found what is not a whole parquet file"},
		{write(t, "a.parquet", "PAR1----\xff\xff\xff\xf0PAR1"), "a footer of 4043309055 bytes in a file of 16"},
		{write(t, "a.parquet", ""), "found what is not a whole parquet file (0 bytes)"},
		{write(t, "a.txt", ""), "found an empty file, expected text"},
	} {
		if _, err := Open(c.path, Options{}); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestParallelFilesAreRead(t *testing.T) {
	files := map[string]string{}
	for _, p := range []string{"train", "test"} {
		files[p+".en"], files[p+".fr"] = "Go.\n\nHi.\n", "Va !\n\nSalut.\n"
	}
	dir := folder(t, files)
	d, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Train) != 2 || len(d.Test) != 2 || d.Train[1].Text != "Hi." || d.Train[1].Target != "Salut." || d.Train[1].Line != 3 {
		t.Errorf("got %+v", d.Train)
	}
	d, err = Open(filepath.Join(dir, "train.fr")+","+filepath.Join(dir, "train.en"), Options{})
	if err != nil || d.Train[0].Text != "Va !" || d.Train[0].Target != "Go." {
		t.Errorf("got %+v %v, want French first", d, err)
	}
}

func TestRunningTextIsCutInOrder(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "line %d\n\n", i)
	}
	d, err := Open(write(t, "a.txt", b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind != Text || len(d.Train) != 70 || d.Train[69].Text != "line 69" || d.Dev[0].Text != "line 70" || d.Test[0].Text != "line 80" {
		t.Errorf("got %s with %d %d %d", d.Kind, len(d.Train), len(d.Dev), len(d.Test))
	}
	if d := read(t, "a.txt", "good one\t1\nbad one\t0\nfine one\t1\n", Options{}); d.Kind != Classify || d.Train[0].Label != "1" {
		t.Errorf("got %s, want a table", d.Kind)
	}
}

func TestSquadFilesAreRead(t *testing.T) {
	file := `{"data":[{"title":"t","paragraphs":[{"context":"Où est Ann? Là.","qas":[
		{"id":"1","question":"Who?","answers":[{"text":"Ann","answer_start":7}]},
		{"id":"2","question":"When?","is_impossible":true,"answers":[],"plausible_answers":[{"text":"Là","answer_start":12}]},
		{"id":"3","question":"Where?","answers":[{"text":"Là","answer_start":11}]}]}]}]}`
	d := read(t, "a.json", file, Options{})
	if len(d.Train) != 2 || d.Skipped != 1 || len(d.Problems) != 1 || !strings.Contains(d.Problems[0].Found, "question 3") {
		t.Fatalf("got %d questions and %v, want 2 and question 3 named", len(d.Train), d.Problems)
	}
	if a := d.Train[0].Answers[0]; a.Start != 8 || d.Train[1].Impossible != true || d.Train[0].Impossible {
		t.Errorf("got %+v", d.Train)
	}
}

func TestQuestionRowsAreRead(t *testing.T) {
	rows := `{"context":"It is blue.","question":"What?","answers":[{"text":"blue","answer_start":6}]}
{"context":"It is blue.","question":"Why?","answers":[]}
{"context":"It is blue.","question":"How?","answers":{"text":["blue"],"answer_start":[]}}
`
	d := read(t, "a.jsonl", rows, Options{})
	if len(d.Train) != 2 || d.Train[0].Answers[0] != (Answer{"blue", 6}) || !d.Train[1].Impossible {
		t.Errorf("got %+v, want an answered and an impossible question", d.Train)
	}
	if d.Skipped != 1 || d.Problems[0].Line != 3 {
		t.Errorf("got %v, want the answer without a place named", d.Problems)
	}
}

func TestQuestionsOfOneParagraphStayTogether(t *testing.T) {
	d, err := Open("qa", Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.deal(0.1, 0.2, 1)
	owner := map[string]Part{}
	for _, p := range []Part{Train, Dev, Test} {
		for _, e := range d.Part(p) {
			if was, ok := owner[e.Context]; ok && was != p {
				t.Fatalf("a paragraph is in %s and %s", was, p)
			}
			owner[e.Context] = p
		}
	}
}

func TestParquetFilesOfTheHubAreRead(t *testing.T) {
	for _, c := range []struct {
		file string
		kind Kind
		want string
	}{
		{"classes", Classify, "good/positive bad/negative poor/negative"},
		{"dictionary", Classify, "good film/pos bad film/neg fine film/pos good film/pos bad film/neg fine film/pos good film/pos bad film/neg fine film/pos"},
		{"unlabelled", Text, "one/ two/"},
		{"scores", Regress, "a|d=2.5 b|e=5 c|f=0.25"},
		{"tags", Tag, "[Ann Lee ran] [B-PER I-PER O] [Stop !] [O O]"},
		{"questions", QA, "Who?[{Ann 8}] false Where?[] true"},
		{"translation", Translate, "Go.>Va ! Hi.>Salut."},
	} {
		d, err := Open(filepath.Join("testdata", c.file+".parquet"), Options{DevShare: -1, TestShare: -1})
		if err != nil {
			t.Error(err)
			continue
		}
		var got []string
		for _, e := range d.Train {
			got = append(got, brief(&e, d.Kind))
		}
		if s := strings.Join(got, " "); s != c.want || d.Kind != c.kind {
			t.Errorf("%s: got %s %s, want %s %s", c.file, d.Kind, s, c.kind, c.want)
		}
	}
}

// brief writes the fields that count for a kind.
func brief(e *Example, k Kind) string {
	switch k {
	case Regress:
		return fmt.Sprintf("%s|%s=%g", e.Text, e.Pair, e.Score)
	case Tag:
		return fmt.Sprint(e.Words, e.Tags)
	case QA:
		return fmt.Sprint(e.Question, e.Answers, e.Impossible)
	case Translate:
		return e.Text + ">" + e.Target
	}
	return e.Text + "/" + e.Label
}

func TestAHiddenTestPartIsLeftOut(t *testing.T) {
	dir := t.TempDir()
	for from, to := range map[string]string{"classes": "train", "unlabelled": "test"} {
		data, err := os.ReadFile(filepath.Join("testdata", from+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to+"-00000-of-00001.parquet"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Open(dir, Options{DevShare: -1})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Train) != 3 || len(d.Test) != 0 || !strings.Contains(fmt.Sprint(d.Problems), "no labels") {
		t.Errorf("got %d train, %d test, %v", len(d.Train), len(d.Test), d.Problems)
	}
}

func TestDocumentsOfRunningTextAreKeptWhole(t *testing.T) {
	wiki := " \n = Robert <unk> = \n \n He is an actor . \n In 2006 he was . \n \n = = Career = = \n \n = 1 and a nominal k = \n More . \n \n = Homarus = \n \n It is blue . \n"
	rows := ""
	for line := range strings.Lines(wiki) {
		rows += fmt.Sprintf("{\"text\":%q}\n", line)
	}
	for _, c := range []struct {
		name, file, content string
		want                []string
		lines               []int
	}{
		{"WikiText", "a.txt", wiki, []string{wiki[:strings.Index(wiki, " = Homarus")], wiki[strings.Index(wiki, " = Homarus"):]}, []int{2, 12}},
		{"WikiText in rows", "a.jsonl", rows, []string{wiki[:strings.Index(wiki, " = Homarus")], wiki[strings.Index(wiki, " = Homarus"):]}, []int{2, 12}},
		{"paragraphs of a book", "a.txt", "It was the best\nof times.\n\n\nIt was the worst\nof times,\nit was\n", []string{"It was the best\nof times.", "It was the worst\nof times,\nit was"}, []int{1, 5}},
		{"a text a line", "a.txt", "One text.\nAnother.\nA third.\n", []string{"One text.", "Another.", "A third."}, []int{1, 2, 3}},
		{"a text a line, apart", "a.txt", "One text.\n\nAnother.\n\nA third.\n", []string{"One text.", "Another.", "A third."}, []int{1, 3, 5}},
		{"a sum is no title", "a.txt", "One text.\n= 2 + 3 =\nAnother.\n", []string{"One text.", "= 2 + 3 =", "Another."}, []int{1, 2, 3}},
	} {
		d := read(t, c.file, c.content, Options{})
		var got []string
		var lines []int
		for _, e := range d.Train {
			got, lines = append(got, e.Text), append(lines, e.Line)
		}
		if !slices.Equal(got, c.want) || !slices.Equal(lines, c.lines) || d.Kind != Text {
			t.Errorf("%s: got %q at %v, want %q at %v", c.name, got, lines, c.want, c.lines)
		}
	}
}

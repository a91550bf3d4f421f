package datasets

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// FuzzOpen says that no file makes a reader panic, and that whatever opens is
// whole: labels are sorted, tags match words, answers stand in their context,
// and an error is one line.
func FuzzOpen(f *testing.F) {
	for _, seed := range []struct{ extension, content string }{
		{"csv", "text,label\n\"a, \"\"b\"\"\n\",1\nc,0\n"}, {"csv", "a;b\n1;x y\n\"\n"}, {"tsv", "label\ttext\n1\ta\n0\tb\n"},
		{"jsonl", `{"text":"a","label":1}` + "\n" + `{"text":"b","label":null}`}, {"jsonl", `{"tokens":["a"],"tags":["B-X","O"]}`},
		{"json", `[{"text":"a","target":"b c"}]`}, {"json", `{"data":[{"paragraphs":[{"context":"é a","qas":[{"question":"q","answers":[{"text":"a","answer_start":2}]}]}]}]}`},
		{"jsonl", `{"text":"a","labels":["b","c"]}` + "\n" + `{"text":"b","labels":[]}`}, {"csv", "text,label\na,b|c\nd,c|b\ne,\n"}, {"csv", "text,rude,odd\na,1,0\nb,0,1\n"},
		{"conll", "a NN I-PER\nb NN B-PER\n\n# c\nd NN O\n"}, {"txt", "a\tb\nc\td\n"}, {"txt", "-DOCSTART- O\n\na O\n"},
	} {
		f.Add(seed.extension, []byte(seed.content))
	}
	for _, name := range []string{"classes", "tags", "questions"} {
		if data, err := os.ReadFile(filepath.Join("testdata", name+".parquet")); err == nil {
			f.Add("parquet", data)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, extension string, content []byte) {
		if readers[extension] == nil {
			return
		}
		path := filepath.Join(dir, "a."+extension)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := Open(path, Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error %q has several lines", err)
			}
			return
		}
		if d.Len() == 0 || !slices.IsSorted(d.Labels) {
			t.Errorf("found %d examples and labels %v", d.Len(), d.Labels)
		}
		d.each(func(e *Example) { checkWhole(t, e) })
	})
}

func checkWhole(t *testing.T, e *Example) {
	if e.Labels != nil && (e.Label != "" || slices.Contains(e.Labels, "")) {
		t.Errorf("line %d: the label %q and the labels %q", e.Line, e.Label, e.Labels)
	}
	if len(e.Words) != len(e.Tags) {
		t.Errorf("line %d: %d words and %d tags", e.Line, len(e.Words), len(e.Tags))
	}
	for _, a := range e.Answers {
		if !strings.HasPrefix(e.Context[a.Start:], a.Text) {
			t.Errorf("line %d: answer %q is not at %d", e.Line, a.Text, a.Start)
		}
	}
}

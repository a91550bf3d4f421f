package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// Ids of the tiny vocabulary: [CLS] 2, [SEP] 3, good 5, bad 11, film 17, the 23, was 24.
func TestTokenizePrintsOneArrayPerLine(t *testing.T) {
	model := enginetest.Bert(t)
	for _, c := range []struct {
		name, in string
		args     []string
		want     string
	}{
		{"plain", "the film\ngood\n", nil, "[23,17]\n[5]\n"},
		{"last line without an end", "the film\r\ngood", nil, "[23,17]\n[5]\n"},
		{"blank lines are texts", "\n\n", nil, "[]\n[]\n"},
		{"no lines", "", nil, ""},
		{"special", "the film", []string{"--special"}, "[2,23,17,3]\n"},
		{"pair", "the film\twas bad", []string{"--pair", "--special"}, "[2,23,17,3,24,11,3]\n"},
		{"pair without special", "the film\twas bad", []string{"--pair"}, "[23,17,24,11]\n"},
		{"offsets are characters", "höhö the film", []string{"--offsets", "--special"}, `{"ids":[2,1,23,17,3],"offsets":[[0,0],[0,4],[5,8],[9,13],[0,0]]}` + "\n"},
		{"offsets of a pair", "the\tbad film", []string{"--offsets", "--pair"}, `{"ids":[23,11,17],"offsets":[[0,3],[0,3],[4,8]]}` + "\n"},
		{"json", `"the\nfilm"`, []string{"--jsonl", "--offsets"}, `{"ids":[23,17],"offsets":[[0,3],[4,8]]}` + "\n"},
		{"json pair", `["the","film"]`, []string{"--jsonl", "--pair"}, "[23,17]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := succeeded(t, c.in, append([]string{"tokenize", model}, c.args...)...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestTokenizeReadsAVocabularyFileAlone(t *testing.T) {
	vocab := filepath.Join(enginetest.Bert(t), "vocab.txt")
	if got := succeeded(t, "the film", "tokenize", vocab); got != "[23,17]\n" {
		t.Errorf("got %q, want [23,17]", got)
	}
}

func TestTokenizeNamesTheLineItCannotRead(t *testing.T) {
	model := enginetest.Bert(t)
	for _, c := range []struct {
		in   string
		args []string
		want string
	}{
		{"\"good\"\ngood\n", []string{"--jsonl"}, `line 2: found "good", expected a JSON string`},
		{"\n", []string{"--jsonl"}, `line 1: found "", expected a JSON string`},
		{"null\n", []string{"--jsonl"}, "line 1"},
		{"[\"good\"]\n", []string{"--jsonl", "--pair"}, "expected a JSON array of two strings"},
		{"good\n", []string{"--pair"}, "a tab between"},
	} {
		r := do(t, c.in, append([]string{"tokenize", model}, c.args...)...)
		if r.code != exitFailed || !strings.Contains(r.err, c.want) || strings.Count(r.err, "\n") != 1 {
			t.Errorf("got code %d and %q, want 1 and one line with %q", r.code, r.err, c.want)
		}
	}
}

// TestPublishedTextsGiveTheReferenceIds needs the reference data beside the tree.
func TestPublishedTextsGiveTheReferenceIds(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "tokenizers")
	var texts map[string][]string
	read(t, filepath.Join(shared, "texts.json"), &texts)
	var in strings.Builder
	for _, text := range texts["hand"] {
		line, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	for _, name := range []string{"bert-uncased", "roberta", "gpt2"} {
		var want map[string][]struct{ Full []int32 }
		read(t, filepath.Join(shared, name, "reference.json"), &want)
		out := strings.Split(succeeded(t, in.String(), "tokenize", filepath.Join(shared, name), "--special", "--offsets", "--jsonl"), "\n")
		for i := range texts["hand"] {
			var got engine.Cut
			if err := json.Unmarshal([]byte(out[i]), &got); err != nil || !slices.Equal(got.IDs, want["hand"][i].Full) {
				t.Errorf("%s: got %s for %q (%v), want %v", name, out[i], texts["hand"][i], err, want["hand"][i].Full)
			}
		}
	}
}

func read(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here", path)
	}
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

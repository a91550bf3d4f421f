package enginetest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Asked writes n texts in the layout of SQuAD 2.0 and returns the path of the file. Each praises one
// thing and not another. The question "very" asks for the word of praise, "quite" for the other, and
// "and" for what no text says. Every fifth text is long.
func Asked(t testing.TB, n int) string {
	t.Helper()
	var paragraphs []any
	for i := range n {
		praise, other := words[0][i%6], words[1][i/2%6]
		context := fmt.Sprintf("the %s was %s and the %s was %s %d", words[2][i%6], praise, words[2][(i+1)%6], other, i)
		if i%5 == 0 {
			context = strings.Repeat("the was and the ", 6) + context
		}
		paragraphs = append(paragraphs, map[string]any{"context": context, "qas": []any{
			answered(i, "very", context, praise), answered(i, "quite", context, other),
			map[string]any{"id": fmt.Sprint(i, " and"), "question": "and", "is_impossible": true, "answers": []any{}},
		}})
	}
	data, err := json.Marshal(map[string]any{"data": []any{map[string]any{"paragraphs": paragraphs}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "asked.json")
	Write(t, path, string(data))
	return path
}

// answered is a question that a context answers with a word it holds once.
func answered(i int, question, context, answer string) any {
	return map[string]any{
		"id": fmt.Sprint(i, " ", question), "question": question,
		"answers": []any{map[string]any{"text": answer, "answer_start": strings.Index(context, answer)}},
	}
}

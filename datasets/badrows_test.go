package datasets

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// A broken is a file with one bad row, and the report that is due.
type broken struct{ name, content, want string }

// reports checks what is said of every file: as its error, or where it can be
// read all the same as its first problem. Both begin with the file.
func reports(t *testing.T, file string, list []broken) {
	t.Helper()
	for _, b := range list {
		t.Run(b.name, func(t *testing.T) {
			path := write(t, file, b.content)
			if got, want := reported(path), path+b.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// reported is the first problem of a file or the error it is refused with.
func reported(path string) string {
	d, err := Open(path, Options{DevShare: -1, TestShare: -1})
	switch {
	case err != nil:
		return strings.TrimPrefix(err.Error(), "datasets: ")
	case len(d.Problems) == 0:
		return "nothing"
	}
	return d.Problems[0].String()
}

func TestBadRowsOfCSVFilesAreReported(t *testing.T) {
	const rows = "text,label\ngood,1\nfine,1\nbad,0\n"
	reports(t, "a.csv", []broken{
		{"a column is missing", rows + "lost\n", `:5: column "label": found 1 column, expected 2 columns`},
		{"a column too many", rows + "so, so,1\n", `:5: column "3": found 3 columns, expected 2 columns (a text that holds the separator must be in quotes)`},
		{"an open quote", rows + "\"so,1\n", `:5: column "text": found a quote that is never closed, expected a closing "`},
		{"an open quote behind", rows + "so,\"1\n", `:5: column "label": found a quote that is never closed, expected a closing "`},
		{"not UTF-8", rows + "caf\xe9,1\n", `:5: column "text": found bytes that are not UTF-8 (shown as ` + "\uFFFD" + `), expected UTF-8 text`},
		{"a label that is not UTF-8", rows + "so,\xe9\n", `:5: column "label": found bytes that are not UTF-8 (shown as ` + "\uFFFD" + `), expected UTF-8 text`},
		{"no text", rows + " ,1\n", `:5: column "text": found nothing, expected text`},
		{"no label", rows + "so,\n", `:5: column "label": found nothing, expected text`},
		{"a blank row between", "text,label\ngood,1\n\nbad,0\n", `:3: found a blank row, expected 2 columns`},
		{"a zero byte", rows + "s\x00,1\n", `:5: column "text": found a zero byte, expected text`},
		{"UTF-16", "\xff\xfet\x00e\x00", `:1: found UTF-16, expected UTF-8 text`},
		{"a byte order mark is none", "\xef\xbb\xbf" + rows + "lost\n", `:5: column "label": found 1 column, expected 2 columns`},
		{"a bad row far down", rows + strings.Repeat("good,1\n", 2*sampleRows) + "lost\n", `:2005: column "label": found 1 column, expected 2 columns`},
		{"an open quote far down", rows + strings.Repeat("good,1\n", 2*sampleRows) + "so,\"1\n", `:2005: column "label": found a quote that is never closed, expected a closing "`},
	})
}

func TestBadRowsOfTSVFilesAreReported(t *testing.T) {
	const rows = "label\ttext\n1\tgood\n1\tfine\n0\tbad\n"
	reports(t, "a.tsv", []broken{
		{"a column is missing", rows + "1\n", `:5: column "text": found 1 column, expected 2 columns`},
		{"a column too many", rows + "1\tso\tso\n", `:5: column "3": found 3 columns, expected 2 columns (a text that holds the separator must be in quotes)`},
		{"a quote is a character", rows + "1\t\"so\n1\n", `:6: column "text": found 1 column, expected 2 columns`},
		{"not UTF-8", rows + "1\tcaf\xe9\n", `:5: column "text": found bytes that are not UTF-8 (shown as ` + "\uFFFD" + `), expected UTF-8 text`},
		{"no label", rows + "\tso\n", `:5: column "label": found nothing, expected text`},
		{"a zero byte", rows + "1\ts\x00\n", `:5: column "text": found a zero byte, expected text`},
	})
}

func TestBadRowsOfJSONLFilesAreReported(t *testing.T) {
	const rows = `{"text":"good","label":"p"}` + "\n" + `{"text":"bad","label":"n"}` + "\n"
	reports(t, "a.jsonl", []broken{
		{"a cut off row", rows + `{"text":"so",`, ":3:14: found JSON that is cut off, expected a JSON object"},
		{"a broken row", rows + `{"text":so,"label":"p"}`, ":3:9: found broken JSON (invalid character 's' looking for beginning of value), expected a JSON object"},
		{"a list", rows + `["so","p"]`, ":3:1: found a JSON array, expected a JSON object"},
		{"null", rows + `null`, ":3:1: found null, expected a JSON object"},
		{"two objects", rows + `{"text":"so","label":"p"}{}`, ":3:26: found more text after the object, expected one JSON object"},
		{"a missing key", rows + `{"text":"so"}`, `:3: column "label": found no such key, expected text`},
		{"an object for a text", rows + `{"text":{"a":1},"label":"p"}`, `:3: column "text": found an object, expected text`},
		{"a list for a label", rows + `{"text":"so","label":["p"]}`, `:3: column "label": found a list, expected text`},
		{"null for a label", rows + `{"text":"so","label":null}`, `:3: column "label": found nothing, expected text`},
		{"not UTF-8", rows + "{\"text\":\"caf\xe9\",\"label\":\"p\"}", ":3:13: found the byte 0xe9, which is not UTF-8 (shown as \uFFFD), expected UTF-8 text"},
		{"a zero byte", rows + "{\"text\":\"\x00\",\"label\":\"p\"}", ":3:10: found a zero byte, expected text"},
		{"a byte order mark is none", "\xef\xbb\xbf" + rows + `[]`, ":3:1: found a JSON array, expected a JSON object"},
	})
	const tagged = `{"words":["Ann","ran"],"tags":["B-PER","O"]}` + "\n"
	reports(t, "a.jsonl", []broken{
		{"fewer tags than words", tagged + `{"words":["Bob","ran"],"tags":["B-PER"]}`, `:2: column "tags": found 1 tag, expected 2 tags, one for each word`},
		{"a text for tags", tagged + `{"words":["Bob"],"tags":"B-PER"}`, `:2: column "tags": found a text, expected a list of tags`},
		{"no tags", tagged + `{"words":["Bob"]}`, `:2: column "tags": found no such key, expected a list of tags`},
		{"a tag without a word", tagged + `{"words":[""],"tags":["O"]}`, `:2: column "words": found an empty text as number 1, expected a list of words`},
		{"an unknown tag", strings.Repeat(tagged, 9) + `{"words":["Bob"],"tags":["B_PER"]}`, `:10: column "tags": found the unknown tag "B_PER" of the word "Bob", expected O, or B- or I- and a type`},
	})
	const translated = `{"translation":{"en":"Go.","fr":"Va."}}` + "\n"
	reports(t, "a.jsonl", []broken{
		{"one language", translated + `{"translation":{"en":"Go."}}`, `:2: column "translation": found 1 language, expected 2 languages`},
		{"a text for a translation", translated + `{"translation":"Go."}`, `:2: column "translation": found a text, expected an object of two languages`},
		{"no translation", translated + `{"text":"Go."}`, `:2: column "translation": found nothing, expected an object of two languages`},
		{"nothing to translate", translated + `{"translation":{"en":" ","fr":"Va."}}`, `:2: column "translation.en": found nothing, expected text`},
	})
	const question = `{"context":"It is blue.","question":"What?","answers":[{"text":"blue","answer_start":6}]}` + "\n"
	reports(t, "a.jsonl", []broken{
		{"an answer elsewhere", question + strings.Replace(question, "6", "5", 1), `:2: column "answers": found the answer "blue" at character 5, where it is not, expected it at 6`},
		{"no answers", question + `{"context":"It is blue.","question":"What?"}`, `:2: column "answers": found no such key, expected a list of answers with text and answer_start`},
		{"a text for answers", question + `{"context":"It is blue.","question":"What?","answers":"blue"}`, `:2: column "answers": found a text, expected a list of answers with text and answer_start`},
		{"no context", question + `{"question":"What?","answers":[]}`, `:2: column "context": found no such key, expected text`},
	})
}

func TestBadRowsOfJSONArraysAreReported(t *testing.T) {
	const rows = "[\n" + `{"text":"good","label":"p"},` + "\n" + `{"text":"bad","label":"n"}`
	reports(t, "a.json", []broken{
		{"cut off", rows, ":3:27: found JSON that is cut off, expected JSON"},
		{"a broken row", rows + ",\n" + ` {"text" "so"}]`, ":4:10: found broken JSON (invalid character '\"' after object key), expected JSON"},
		{"a row of another kind", rows + ",\n" + ` 7]`, ":4:2: found a JSON number, expected a JSON object"},
		{"two rows on a line", rows + `, {"text":"so"}]`, `:3:29: column "label": found no such key, expected text`},
		{"not UTF-8", rows + ",\n{\"text\":\"\xe9\",\"label\":\"p\"}]", ":4:10: found the byte 0xe9, which is not UTF-8 (shown as \uFFFD), expected UTF-8 text"},
	})
}

func TestBadRowsOfCoNLLFilesAreReported(t *testing.T) {
	const rows = "Ann\tB-PER\nLee\tI-PER\nran\tO\n\nIn\tO\nRome\tB-LOC\n.\tO\n\nA\tO\nman\tO\n.\tO\n\n"
	reports(t, "a.conll", []broken{
		{"a column is missing", rows + "Bob\n", `:13: column "2": found 1 column, expected 2 columns`},
		{"a column too many", rows + "Bob\tB-PER\tx\n", `:13: column "3": found 3 columns, expected 2 columns`},
		{"a tag without a word", rows + "so\tO\n\tB-PER\n", `:14: column "word": found the tag "B-PER" without a word, expected a word before it`},
		{"a word without a tag", rows + "Bob\t\n", `:13: column "tag": found the word "Bob" without a tag, expected a tag behind it`},
		{"an unknown tag", rows + "so\tO\nBob\tB_PER\n", `:14: column "tag": found the unknown tag "B_PER" of the word "Bob", expected O, or B- or I- and a type`},
		{"I after O where entities begin with B", rows + "so\tO\nBob\tI-PER\n", `:14: column "tag": found "I-PER" of the word "Bob" after "O", expected "B-PER" where an entity begins (it is taken as such)`},
		{"another type goes on", rows + "Bob\tB-PER\nRoe\tI-LOC\n", `:14: column "tag": found "I-LOC" of the word "Roe" after "B-PER", expected "B-LOC" where an entity begins (it is taken as such)`},
		{"not UTF-8", rows + "caf\xe9\tO\n", `:13: column "word": found bytes that are not UTF-8 (shown as ` + "\uFFFD" + `), expected UTF-8 text`},
		{"a zero byte", rows + "a\x00\tO\n", `:13:2: found a zero byte, expected text`},
		{"one column", "Ann\nran\n", `:1: found 1 column, expected a word and its tag in 2 to 4 columns`},
		{"five columns", "Ann a b c O\n", `:1: found 5 columns, expected a word and its tag in 2 to 4 columns`},
		{"three columns, then two", "Ann NNP I-PER\nran O\n", `:2: column "3": found 2 columns, expected 3 columns`},
		{"four columns, then three", "Ann NNP x I-PER\nran VB O\n", `:2: column "4": found 3 columns, expected 4 columns`},
	})
	for name, content := range map[string]string{"IOB1": "Ann I-PER\nran O\n\nBob I-PER\nMax B-PER\n", "parts of speech": "Ann NNP\n( -LRB-\nran O\n"} {
		if got := reported(write(t, "a.conll", content)); got != "nothing" {
			t.Errorf("%s: got %s, want nothing", name, got)
		}
	}
}

func TestASentenceWithABrokenLineIsLeftOutWhole(t *testing.T) {
	d := read(t, "a.conll", "Ann\tB-PER\nLee\nran\tO\n\nBob\tB-PER\n", Options{SkipBadRows: true})
	if len(d.Train) != 1 || d.Train[0].Words[0] != "Bob" || d.Skipped != 1 || len(d.Problems) != 1 {
		t.Errorf("got %+v and %v, want Bob's sentence", d.Train, d.Problems)
	}
}

func TestBadRowsOfSquadFilesAreReported(t *testing.T) {
	const good = `{"id":"1","question":"Who?","answers":[{"text":"Ann","answer_start":7}]}`
	file := func(qas string) string {
		return "{\"data\":[{\"title\":\"t\",\n\"paragraphs\":[{\"context\":\"Où est Ann?\",\"qas\":[\n" + good + ",\n" + qas + "]}]}]}"
	}
	reports(t, "a.json", []broken{
		{"an answer elsewhere", file(strings.Replace(good, "7", "8", 1)), `:4:1: column "answers": found the answer "Ann" of question 1 at character 8, where it is not, expected it at 7`},
		{"an answer that is not there", file(strings.Replace(good, "Ann", "Bob", 1)), `:4:1: column "answers": found the answer "Bob" of question 1, which is not in the context, expected words of the context`},
		{"an answer without its place", file(`{"id":"2","question":"Who?","answers":[{"text":"Ann"}]}`), `:4:1: column "answers": found the answer "Ann" of question 2 without its place, expected answer_start, which may be 7`},
		{"an answer without text", file(`{"id":"2","question":"Who?","answers":[{"answer_start":7}]}`), `:4:1: column "answers": found an answer without text of question 2, expected its text`},
		{"no question", file(`{"id":"2","answers":[]}`), `:4:1: column "question": found a question 2 without this key, expected its text`},
		{"no answers", file(`  {"id":"2","question":"Why?"}`), `:4:3: column "answers": found a question 2 without this key, expected a list of answers, or is_impossible`},
		{"a text for a place", file(strings.Replace(good, "7", `"7"`, 1)), `:4:71: column "answers.answer_start": found a JSON string, expected a whole number`},
		{"a number for a question", file(`{"id":"2","question":7,"answers":[]}`), `:4:22: column "question": found a JSON number, expected a string`},
		{"no context", `{"data":[{"paragraphs":[{"qas":[` + good + `]}]}]}`, `:1:30: column "context": found no usable row; the first has a paragraph without this key, expected context and qas as SQuAD has them`},
		{"no questions", `{"data":[{"paragraphs":[{"context":"a"}]}]}`, `:1:34: column "qas": found no usable row; the first has a paragraph without this key, expected context and qas as SQuAD has them`},
		{"no data", "{\n\"version\":\"1.1\"}", `: found no questions, expected data / paragraphs / qas as SQuAD has them`},
		{"a number for data", "{\n\"data\": 7}", `:2:9: column "data": found a number, expected a list`},
		{"cut off", file(good)[:150], `:4:6: found JSON that is cut off, expected JSON`},
		{"broken", file(`{"id" "2"}`), `:4:7: found broken JSON (invalid character '"' after object key), expected JSON`},
		{"not UTF-8", file(strings.Replace(good, "Who", "Wh\xf6", 1)), ":4:25: found the byte 0xf6, which is not UTF-8 (shown as \uFFFD), expected UTF-8 text"},
	})
}

func TestBadRowsOfParallelTextAreReported(t *testing.T) {
	for _, c := range []struct{ name, en, fr, want string }{
		{"fewer lines in the second", "Go.\nHi.\n", "Va !\n", "a.fr:2: found the end after 1 line, expected 2 lines as in a.en"},
		{"fewer lines in the first", "Go.\n", "Va !\nSalut.\n", "a.en:2: found the end after 1 line, expected 2 lines as in a.fr"},
		{"no translation", "Go.\nHi.\nYes.\n", "Va !\n\nOui.\n", "a.fr:2: found an empty line, expected text as in line 2 of a.en"},
		{"no source", "Go.\n\nYes.\n", "Va !\nSalut.\nOui.\n", "a.en:2: found an empty line, expected text as in line 2 of a.fr"},
		{"not UTF-8", "Go.\nHi.\n", "Va !\nCaf\xe9.\n", "a.fr:2: found bytes that are not UTF-8 (shown as \uFFFD), expected UTF-8 text"},
		{"a zero byte", "Go.\nH\x00i.\n", "Va !\nSalut.\n", "a.en:2:2: found a zero byte, expected text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, map[string]string{"a.en": c.en, "a.fr": c.fr})
			got := reported(filepath.Join(dir, "a.en") + "," + filepath.Join(dir, "a.fr"))
			if got = strings.ReplaceAll(got, dir+string(filepath.Separator), ""); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBadPlacesOfRunningTextAreReported(t *testing.T) {
	reports(t, "a.txt", []broken{
		{"not UTF-8", "one two\ncaf\xe9\n", ":2: found bytes that are not UTF-8 (shown as \uFFFD), expected UTF-8 text"},
		{"a zero byte", "one\ntw\x00o\n", ":2:3: found a zero byte, expected text"},
		{"UTF-16", "\xfe\xff\x00a", ":1: found UTF-16, expected UTF-8 text"},
		{"blank", "\n \n", ": found an empty file, expected text"},
	})
}

func TestLinesWithoutEndAreRefused(t *testing.T) {
	was := maxLine
	maxLine = 1 << 20
	defer func() { maxLine = was }()
	long := strings.Repeat("word ", maxLine/4)
	for name, c := range map[string]struct{ content, want string }{
		"a.csv":   {"text,label\ngood,1\n" + long, ":3: found more than 1048576 bytes without an end of line, expected lines of text"},
		"b.csv":   {"text,label\ngood,1\nbad,\"0\n" + strings.Repeat("good,1\n", maxLine/4), `:3: column "label": found a quote that is never closed, expected a closing "`},
		"a.jsonl": {`{"text":"a"}` + "\n" + long, ":2: found more than 1048576 bytes without an end of line, expected lines of text"},
		"a.txt":   {long, ":1: found more than 1048576 bytes without an end of line, expected lines of text"},
		"a.conll": {"a\tO\n" + long, ":2: found more than 1048576 bytes without an end of line, expected lines of text"},
	} {
		path := write(t, name, c.content)
		if got := reported(path); got != path+c.want {
			t.Errorf("got  %s\nwant %s", got, path+c.want)
		}
	}
}

// parquetOf writes rows as a parquet file.
func parquetOf[T any](t *testing.T, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.PageBufferSize(256))
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A review is a row of a parquet file of texts.
type review struct {
	Text  *string `parquet:"text,optional,plain,snappy"`
	Label string  `parquet:"label,plain"`
}

func reviews(texts ...string) []review {
	var rows []review
	for i, text := range texts {
		rows = append(rows, review{&text, []string{"p", "n"}[i%2]})
	}
	return rows
}

func TestBadRowsOfParquetFilesAreReported(t *testing.T) {
	missing := append(reviews("good", "bad"), review{nil, "p"})
	type sentence struct {
		Words []string `parquet:"words,list"`
		Tags  []string `parquet:"tags,list"`
	}
	type gapped struct {
		Words []*string `parquet:"words,list"`
		Tags  []string  `parquet:"tags,list"`
	}
	ann := "Ann"
	whole := parquetOf(t, reviews("good", "bad", "fine"))
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"no text", parquetOf(t, missing), `: row 3: column "text": found nothing, expected text`},
		{"an empty text", parquetOf(t, reviews("good", "bad", " ")), `: row 3: column "text": found nothing, expected text`},
		{"not UTF-8", parquetOf(t, reviews("good", "caf\xe9")), `: row 2: column "text": found bytes that are not UTF-8 (shown as ` + "\uFFFD" + `), expected UTF-8 text`},
		{"fewer tags than words", parquetOf(t, []sentence{{[]string{"a"}, []string{"O"}}, {[]string{"a", "b"}, []string{"O"}}}), `: row 2: column "tags": found 1 tag, expected 2 tags, one for each word`},
		{"a word that is missing", parquetOf(t, []gapped{{[]*string{&ann}, []string{"O"}}, {[]*string{&ann, nil}, []string{"O", "O"}}}), `: row 2: column "words": found nothing as number 2, expected a list of words`},
		{"the end is missing", whole[:len(whole)-20], `: found what is not a whole parquet file (`},
		{"the beginning is missing", whole[20:], `: found what is not a whole parquet file (`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, "a.parquet", string(c.data))
			if got := reported(path); !strings.HasPrefix(got, path+c.want) {
				t.Errorf("got  %s\nwant %s", got, path+c.want)
			}
		})
	}
}

func TestADamagedPageOfAParquetFileIsNamed(t *testing.T) {
	texts := make([]string, 500)
	for i := range texts {
		texts[i] = strings.Repeat("so long ", 1+i%7)
	}
	data := parquetOf(t, reviews(texts...))
	path := filepath.Join(t.TempDir(), "a.parquet")
	at := len(data)/4 + bytes.Index(data[len(data)/4:], []byte("so long"))
	copy(data[at-3:], "\xff\xff\xff\xff\xff\xff")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	got := reported(path)
	if !strings.HasPrefix(got, path+": row ") || !strings.Contains(got, `: column "text": found damaged data (`) {
		t.Errorf("got %s, want the row and the column", got)
	}
}

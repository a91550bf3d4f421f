package datasets

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write puts one file into a fresh folder and returns its path.
func write(t *testing.T, name, content string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// read opens a file with everything kept in the training part.
func read(t *testing.T, name, content string, o Options) *Dataset {
	t.Helper()
	o.DevShare, o.TestShare = -1, -1
	d, err := Open(write(t, name, content), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBadFilesAreRefusedInOneClearLine(t *testing.T) {
	many := "text,label\n"
	for i := range 30 {
		many += fmt.Sprintf("text %d,label %d\n", i, i)
	}
	for _, c := range []struct{ name, file, content, want string }{
		{"too few columns", "a.csv", "text,label\ngood,1\nbad\nfine,1\n", ":3: column \"label\": found 1 column, expected 2 columns"},
		{"too few columns in tsv", "a.tsv", "label\ttext\n1\tgood\nbad\n", ":3: column \"text\": found 1 column, expected 2 columns"},
		{"too few after a quoted newline", "a.csv", "text,label\n\"go\nod\",1\nbad\n", ":4: column \"label\": found 1 column, expected 2 columns"},
		{"too many columns", "a.csv", "text,label\nwell, good,1\n", ":2: column \"3\": found 3 columns, expected 2 columns (a text that holds the separator must be in quotes)"},
		{"one class", "a.csv", "text,label\ngood,1\nfine,1\n", `: column "label": found one class only ("1") in 2 rows, expected 2 classes or more`},
		{"one class without known names", "a.csv", "a,b\ngood one,1\nfine one,1\nnice one,1\nthis one,1\n", "found one class only"},
		{"empty text column", "a.csv", "text,label\n,1\n ,0\n", `:2: column "text": found no usable row; the first has nothing, expected text`},
		{"empty file", "a.csv", "", ": found an empty file, expected rows of text and labels"},
		{"blank file", "a.tsv", "\n\n", ": found an empty file, expected rows of text and labels"},
		{"empty jsonl", "a.jsonl", "", ": found an empty file, expected rows of text and labels"},
		{"header only", "a.csv", "text,label\n", ": found a header and no rows, expected rows of text and labels"},
		{"too many classes", "a.csv", many, `: column "label": found 30 different values in 30 rows, expected labels that repeat`},
		{"open quote", "a.csv", "text,label\ngood,1\n\"bad,0\n", `:3: column "text": found a quote that is never closed, expected a closing "`},
		{"broken json", "a.jsonl", "{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\n", ":2:9: found JSON that is cut off, expected a JSON object"},
		{"json list", "a.jsonl", "[1]\n", ":1:1: found a JSON array, expected a JSON object"},
		{"not squad", "a.json", "{\n\"data\":\n7}", ":3:1: column \"data\": found a number, expected a list"},
		{"zero bytes", "a.csv", "text,label\ngo\x00od,1\n", `:2: column "text": found a zero byte, expected text`},
		{"UTF-16", "a.csv", "\xff\xfet\x00", ":1: found UTF-16, expected UTF-8 text"},
		{"extension", "a.png", "x", `: found the extension "png", expected one of .`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := write(t, c.file, c.content)
			_, err := Open(p, Options{})
			if err == nil {
				t.Fatalf("got no error, want %q", c.want)
			}
			if got := err.Error(); !strings.HasPrefix(got, "datasets: "+p+c.want) && !strings.Contains(got, p+": column") || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q", got, "datasets: "+p+c.want)
			}
		})
	}
}

func TestWrongPathsAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "reviews.csv"), []byte("text,label\na,1\nb,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{"no-such-set", "datasets: no-such-set: found no such file or folder, expected one or a set that ships: films, gadgets, helpdesk, restaurants, ner, qa, enfr"},
		{"sst2", "datasets: sst2 is a public set that is not on this machine, expected it to be fetched first (data add sst2)"},
		{dir, "datasets: " + dir + ": found a folder without train, dev or test files, expected those, or the path of one file (" + extensions() + ")"},
	} {
		if _, err := Open(c.path, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := Open(filepath.Join(dir, "reviews.csv"), Options{LabelColumn: "stars"}); err == nil || !strings.HasSuffix(err.Error(), `no column "stars", the columns are text, label`) {
		t.Errorf("got %v, want the columns listed", err)
	}
}

func TestColumnsAreFound(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		o                   Options
		text, label         string // of the first example
	}{
		{"known names", "a.csv", "id,Review,Sentiment\n7,nice,pos\n8,bad,neg\n", Options{}, "nice", "pos"},
		{"label first", "a.tsv", "label\ttext\n1\tgood \"one\n0\tbad\n", Options{}, `good "one`, "1"},
		{"no header", "a.csv", "what a lovely day,pos\nsuch a waste of time,neg\nfine by me,pos\nnot for me,neg\n", Options{}, "what a lovely day", "pos"},
		{"no header, two rows", "a.csv", "what a lovely day,pos\nsuch a waste of time,neg\n", Options{}, "what a lovely day", "pos"},
		{"unknown names", "a.csv", "opinion,liked\nwhat a day,yes\nsuch a waste,no\nfine by me,yes\nnot me,no\n", Options{}, "what a day", "yes"},
		{"numbers under a name", "a.csv", "opinion,liked\nwhat a day,1\nsuch a waste,0\n", Options{}, "what a day", "1"},
		{"asked for", "a.csv", "text,summary,label,stars\na,b,c,1\nd,e,f,2\n", Options{TextColumn: "summary", LabelColumn: "STARS"}, "b", "1"},
		{"asked for by number", "a.csv", "x y z,p,long long text one\nx y z,q,long text two\nx y w,p,w q\n", Options{TextColumn: "3", LabelColumn: "2"}, "long long text one", "p"},
		{"semicolons", "a.csv", "text;label\ngood, really;1\nbad;0\n", Options{}, "good, really", "1"},
		{"byte order mark, CRLF", "a.csv", "\xef\xbb\xbftext,label\r\ngood,1\r\nbad,0\r\n", Options{}, "good", "1"},
		{"quotes and newlines", "a.csv", "text,label\n\"good,\n\"\"very\"\" good\",1\nbad,0\n", Options{}, "good,\n\"very\" good", "1"},
		{"quote inside", "a.csv", "text,label\nthe \"best\" one,1\nbad,0\n", Options{}, `the "best" one`, "1"},
		{"rows that end in commas", "a.csv", "text,label\ngood,1,,\nbad,0,,\n", Options{}, "good", "1"},
		{"jsonl", "a.jsonl", `{"stars":1,"review":"good"}` + "\n" + `{"stars":0,"review":"bad"}` + "\n", Options{LabelColumn: "stars"}, "good", "1"},
		{"json array", "a.json", "[\n{\"text\":\"good\",\"label\":true},\n{\"text\":\"bad\",\"label\":false}]", Options{}, "good", "true"},
		{"json lines", "a.json", "{\"text\":\"good\",\"label\":\"p\"}\n{\"text\":\"bad\",\"label\":\"n\"}\n", Options{}, "good", "p"},
		{"target as a label", "a.csv", "id,keyword,text,target\n1,,fire in the hall,1\n2,,nice day,0\n3,,flood in town,1\n", Options{}, "fire in the hall", "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := read(t, c.file, c.content, c.o)
			e := d.Train[0]
			if e.Text != c.text || e.Label != c.label || d.Kind != Classify {
				t.Errorf("got %q %q %s, want %q %q", e.Text, e.Label, d.Kind, c.text, c.label)
			}
		})
	}
}

func TestKindsAreRecognised(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		want                Kind
		first               Example
	}{
		{"pair", "a.tsv", "idx\tsentence1\tsentence2\tlabel\n0\ta b\tc d\t1\n1\te\tf\t0\n", Pair, Example{ID: "0", Text: "a b", Pair: "c d", Label: "1", Line: 2}},
		{"scores", "a.csv", "sentence1,sentence2,score\na,b,3.75\nc,d,1\ne,f,0.5\n", Regress, Example{Text: "a", Pair: "b", Score: 3.75, Line: 2}},
		{"parallel", "a.tsv", "Go now.\tVas-y.\tCC-BY 1\nI am here.\tJe suis ici.\tCC-BY 2\nWe are there now.\tNous y sommes.\tCC-BY 1\n", Translate, Example{Text: "Go now.", Target: "Vas-y.", Line: 1}},
		{"target", "a.jsonl", `{"text":"Go on now.","target":"Continue encore."}` + "\n" + `{"text":"I am.","target":"Je suis."}` + "\n", Translate, Example{Text: "Go on now.", Target: "Continue encore.", Line: 1}},
		{"translation", "a.jsonl", `{"translation":{"fr":"Va","en":"Go"}}` + "\n" + `{"translation":{"en":"I am","fr":"Je suis"}}` + "\n", Translate, Example{Text: "Go", Target: "Va", Line: 1}},
		{"words", "a.jsonl", `{"tokens":["Ann","ran"],"ner_tags":["B-PER","O"]}` + "\n", Tag, Example{Words: []string{"Ann", "ran"}, Tags: []string{"B-PER", "O"}, Line: 1}},
		{"question", "a.jsonl", `{"context":"où est Ann?","question":"Who?","answers":{"text":["Ann"],"answer_start":[7]}}` + "\n", QA, Example{Context: "où est Ann?", Question: "Who?", Answers: []Answer{{"Ann", 8}}, Line: 1}},
		{"text", "a.jsonl", `{"text":"Once upon a time."}` + "\n", Text, Example{Text: "Once upon a time.", Line: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := read(t, c.file, c.content, Options{})
			if got, want := fmt.Sprintf("%s %+v", d.Kind, d.Train[0]), fmt.Sprintf("%s %+v", c.want, c.first); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestRowsThatCannotBeUsedAreListed(t *testing.T) {
	d := read(t, "a.csv", "text,label\ngood,1\n\n,0\nbad,\ncaf\xe9,0\nfine,1\n\n\n", Options{})
	if len(d.Train) != 3 || d.Skipped != 3 {
		t.Fatalf("got %d examples and %d skipped, want 3 and 3", len(d.Train), d.Skipped)
	}
	var got []string
	for _, p := range d.Problems {
		got = append(got, fmt.Sprintf("%d %s %s", p.Line, p.Column, p.Found))
	}
	want := []string{"3  a blank row", "4 text nothing", "5 label nothing", "6 text bytes that are not UTF-8 (shown as \uFFFD)"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := d.Train[1].Text; got != "caf\uFFFD" {
		t.Errorf("got %q, want the byte replaced", got)
	}
}

func TestShortRowsMayBeSkipped(t *testing.T) {
	d := read(t, "a.csv", "text,label\ngood,1\nbad\nfine,0\n", Options{SkipBadRows: true})
	if len(d.Train) != 2 || len(d.Problems) != 1 || d.Problems[0].Line != 3 {
		t.Errorf("got %d examples and %v, want 2 and line 3", len(d.Train), d.Problems)
	}
}

func TestGzipIsReadWhateverItsName(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte("label\ttext\n1\tgood\n0\tbad\n"))
	z.Close()
	for _, name := range []string{"a.tsv.gz", "a.tsv"} {
		if d := read(t, name, b.String(), Options{}); len(d.Train) != 2 {
			t.Errorf("%s: got %d examples, want 2", name, len(d.Train))
		}
	}
	if _, err := Open(write(t, "a.tsv.gz", b.String()[:b.Len()-12]), Options{}); err == nil || !strings.Contains(err.Error(), "damaged or cut off gzip") {
		t.Errorf("got %v, want the cut off stream named", err)
	}
}

func TestLinesLongerThanTheBufferAreRead(t *testing.T) {
	long := strings.Repeat("word ", bufferSize/2)
	for name, content := range map[string]string{
		"a.csv":   "text,label\n\"" + long + "\",1\nbad,0\n",
		"a.tsv":   "text\tlabel\n" + long + "\t1\nbad\t0\n",
		"a.jsonl": `{"text":"` + long + `","label":1}` + "\n" + `{"text":"bad","label":0}`,
	} {
		if d := read(t, name, content, Options{}); d.Train[0].Text != strings.TrimSpace(long) || d.Train[1].Text != "bad" {
			t.Errorf("%s: got %d bytes, want %d", name, len(d.Train[0].Text), len(long)-1)
		}
	}
}

package datasets

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// labelsOfAll writes the labels of every training example.
func labelsOfAll(d *Dataset) string {
	var all []string
	for _, e := range d.Train {
		all = append(all, fmt.Sprint(e.Labels))
	}
	return strings.Join(all, " ")
}

func TestSeveralLabelsAreRecognised(t *testing.T) {
	for _, c := range []struct {
		name, file, content string
		o                   Options
		want                string
		labels              string
	}{
		{"lists, one of them empty", "a.jsonl", `{"text":"one","labels":["camera","battery"]}` + "\n" + `{"text":"two","labels":[]}` + "\n" + `{"text":"three","labels":["battery"]}`, Options{}, "[camera battery] [] [battery]", "battery camera"},
		{"a label twice", "a.jsonl", `{"text":"one","label":["b","a","b"]}` + "\n" + `{"text":"two","label":["a"]}`, Options{}, "[b a] [a]", "a b"},
		{"lists of numbers", "a.jsonl", `{"text":"one","labels":[27,3]}` + "\n" + `{"text":"two","labels":[3]}`, Options{}, "[27 3] [3]", "27 3"},
		{"an array of records", "a.json", `[{"id":"x","text":"one","tags":["a","b"]},` + "\n" + `{"id":"y","text":"two","tags":["a"]}]`, Options{}, "[a b] [a]", "a b"},
		{"a column that was asked for", "a.jsonl", `{"text":"one","label":"x","about":["a","b"]}` + "\n" + `{"text":"two","label":"y","about":["a"]}`, Options{LabelColumn: "about"}, "[a b] [a]", "a b"},
		{"a list of labels before a score", "a.jsonl", `{"text":"one","score":0.5,"labels":["a","b"]}` + "\n" + `{"text":"two","score":1,"labels":["a"]}`, Options{}, "[a b] [a]", "a b"},
		{"a place for each label", "a.jsonl", `{"text":"one","labels":[0,1,1]}` + "\n" + `{"text":"two","labels":[1.0,0.0,0.0]}` + "\n" + `{"text":"three","labels":[0,0,0]}`, Options{}, "[1 2] [0] []", "0 1 2"},
		{"a list of two numbers that are names", "a.jsonl", `{"text":"one","labels":[0,1]}` + "\n" + `{"text":"two","labels":[1,0]}`, Options{}, "[0 1] [1 0]", "0 1"},
		{"bars", "a.csv", "text,label\none,camera|battery\ntwo,battery | screen\nthree,\nfour,screen\n", Options{}, "[camera battery] [battery screen] [] [screen]", "battery camera screen"},
		{"semicolons in TSV", "a.tsv", "topics\ttext\na;b\tone\nb;a;\ttwo\na\tthree\nb\tfour\n", Options{LabelColumn: "topics"}, "[a b] [b a] [a] [b]", "a b"},
		{"bars in records", "a.jsonl", `{"text":"one","label":"a|b"}` + "\n" + `{"text":"two","label":"b|a"}` + "\n" + `{"text":"three","label":""}` + "\n", Options{}, "[a b] [b a] []", "a b"},
		{"a column for each label", "a.csv", "id,comment_text,toxic,obscene,insult\n0001,you are such a fool,1,0,1\n0002,what a lovely day,0,0,0\n0003,mind your words,1,0,0\n", Options{}, "[toxic insult] [] [toxic]", "insult toxic"},
		{"a key for each label", "a.jsonl", `{"text":"one","toxic":1,"insult":0}` + "\n" + `{"text":"two","toxic":1.0,"insult":1}` + "\n" + `{"text":"three","toxic":0,"insult":0}`, Options{}, "[toxic] [insult toxic] []", "insult toxic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := read(t, c.file, c.content, c.o)
			if got := labelsOfAll(d); got != c.want || d.Kind != MultiLabel || d.Skipped != 0 {
				t.Errorf("got %s data with %s, %v, want %s", d.Kind, got, d.Problems, c.want)
			}
			if got := strings.Join(d.Labels, " "); got != c.labels {
				t.Errorf("got labels %s, want %s", got, c.labels)
			}
		})
	}
}

// TestWhatHoldsAMarkIsNotSeveralLabels is the other side of separatorOf's rule.
func TestWhatHoldsAMarkIsNotSeveralLabels(t *testing.T) {
	rows := func(labels ...string) string {
		var b strings.Builder
		b.WriteString("text,label\n")
		for i := range 20 {
			for k, l := range labels {
				fmt.Fprintf(&b, "text %d of %d,\"%s\"\n", i, k, l)
			}
		}
		return b.String()
	}
	for _, c := range []struct{ name, content string }{
		{"one cell with a semicolon", rows("sport", "politics", "world") + "the odd one,sport;world\n"},
		{"a slip or two among many", rows("sport", "politics", "world") + "one odd,sport;world\nand another,world;sport\n"},
		{"a class with a mark in it", rows("home; garden", "sport", "world")},
		{"the steps of a path", rows("Computers|Laptops", "Computers|Phones", "Home|Kitchen", "Home|Garden", "Home")},
		{"steps that all paths share", rows("Men|Shoes", "Men|Hats", "Women|Shoes", "Women|Hats", "Children|Shoes", "Children|Hats")},
		{"commas", rows("a,b", "b,a", "a", "b")},
		{"one column of 0 and 1", "text,liked,stamp\nwhat a day,1,17\nsuch a waste,0,18\nfine by me,1,19\n"},
		{"a label beside columns of 0 and 1", "text,label,seen,kept\nwhat a day,p,1,0\nsuch a waste,n,0,1\nfine by me,p,1,1\n"},
		{"a list beside a label", `{"text":"one","label":"p","tags":["a","b"]}` + "\n" + `{"text":"two","label":"n","tags":["a"]}`},
		{"lists of one", `{"text":"one","label":["p"]}` + "\n" + `{"text":"two","label":["n"]}`},
	} {
		file := "a.csv"
		if c.content[0] == '{' {
			file = "a.jsonl"
		}
		if d := read(t, file, c.content, Options{}); d.Kind != Classify || d.Train[0].Labels != nil {
			t.Errorf("%s: got %s data with labels %q, want one label for each text", c.name, d.Kind, d.Labels)
		}
	}
	if d := read(t, "a.jsonl", `{"words":["Ann"],"labels":["B-PER"]}`, Options{}); d.Kind != Tag {
		t.Errorf("got %s data, want the tags of words", d.Kind)
	}
	if d := read(t, "a.jsonl", `{"text":"one","pages":["a","b"]}`, Options{}); d.Kind != Text {
		t.Errorf("got %s data, want a list of another name left alone", d.Kind)
	}
}

func TestManyCombinationsOfFewLabelsAreRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("text,label\n")
	for i := 1; i < 128; i++ {
		var labels []string
		for k := range 7 {
			if i>>k&1 == 1 {
				labels = append(labels, string(rune('a'+k)))
			}
		}
		fmt.Fprintf(&b, "text %d,%s\n", i, strings.Join(labels, "|"))
	}
	d := read(t, "a.csv", b.String(), Options{})
	if got := strings.Join(d.Labels, ""); got != "abcdefg" || d.Kind != MultiLabel {
		t.Errorf("got %s data with labels %s, want a to g", d.Kind, got)
	}
	if got := d.LabelCounts(Train); !slices.Equal(got, []int{64, 64, 64, 64, 64, 64, 64}) {
		t.Errorf("got counts %v, want 64 of each", got)
	}
}

func TestPairsMayHaveSeveralLabels(t *testing.T) {
	d := read(t, "a.jsonl", `{"premise":"a","hypothesis":"b","labels":["x","y"]}`+"\n"+`{"premise":"c","hypothesis":"d","labels":["x"]}`, Options{})
	if e := d.Train[0]; d.Kind != MultiLabel || e.Text != "a" || e.Pair != "b" || len(e.Labels) != 2 {
		t.Errorf("got %s data with %+v", d.Kind, e)
	}
}

func TestBadListsOfLabelsAreReported(t *testing.T) {
	const rows = `{"text":"one","labels":["a","b"]}` + "\n" + `{"text":"two","labels":["a"]}` + "\n"
	reports(t, "a.jsonl", []broken{
		{"an empty name", rows + `{"text":"so","labels":["a",""]}`, `:3: column "labels": found an empty text as number 2, expected a list of labels`},
		{"a text for a list", rows + `{"text":"so","labels":"a"}`, `:3: column "labels": found a text, expected a list of labels`},
		{"null for a list", rows + `{"text":"so","labels":null}`, `:3: column "labels": found nothing, expected a list of labels`},
		{"no list", rows + `{"text":"so"}`, `:3: column "labels": found no such key, expected a list of labels`},
		{"null in a list", rows + `{"text":"so","labels":[null]}`, `:3: column "labels": found nothing as number 1, expected a list of labels`},
		{"an object in a list", rows + `{"text":"so","labels":[{"name":"a"}]}`, `:3: column "labels": found an object as number 1, expected a list of labels`},
		{"a list in a list", rows + `{"text":"so","labels":[[0,2,"a"]]}`, `:3: column "labels": found a list as number 1, expected a list of labels`},
		{"lists of objects alone", `{"text":"so","labels":[{"name":"a"}]}`, `:1: column "labels": found no usable row; the first has an object as number 1, expected a list of labels`},
		{"no label at all", `{"text":"so","labels":[]}`, `: column "labels": found no label in 1 row, expected 2 labels or more`},
		{"one label only", `{"text":"so","labels":[]}` + "\n" + `{"text":"no","labels":["a"]}`, `: column "labels": found one label only ("a") in 2 rows, expected 2 labels or more`},
		{"labels that never come again", `{"text":"so","labels":["a","b","c"]}` + "\n" + `{"text":"no","labels":["d","e","f"]}`, `: column "labels": found 6 different labels in 2 rows, expected labels that repeat`},
	})
	reports(t, "a.csv", []broken{
		{"an empty name", "text,label\none,a|b\ntwo,b||a\n", `:3: column "label": found nothing as number 2 of "b||a", expected a label (the others are taken)`},
		{"what is neither 0 nor 1", "text,toxic,rude\none,1,0\ntwo,0,1\n" + strings.Repeat("three,1,1\n", sampleRows) + "so,1,-1\n", `:1004: column "rude": found "-1", expected 0 or 1`},
		{"a flag that is missing", "text,toxic,rude\none,1,0\ntwo,0,1\nso,1,\n", `:4: column "rude": found nothing, expected 0 or 1`},
	})
	const places = `{"text":"one","labels":[0,1,1]}` + "\n" + `{"text":"two","labels":[1,0,0]}` + "\n"
	var b strings.Builder
	for range sampleRows {
		b.WriteString(places)
	}
	reports(t, "b.jsonl", []broken{{"another number in a place", b.String() + `{"text":"so","labels":[0,2,1]}`, `:2001: column "labels": found "2" as number 2, expected 0 or 1 for each label`}})
}

// TestASmallPartIsReadAsTheOthers: the dev part alone would not tell that its
// cells hold several labels.
func TestASmallPartIsReadAsTheOthers(t *testing.T) {
	dir := folder(t, map[string]string{"train.csv": "text,label\none,a|b\ntwo,b|a\nthree,a\nfour,b\n", "dev.csv": "text,label\nfive,a\nsix,b|a\n"})
	d, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintln(d.Kind, d.Dev[0].Labels, d.Dev[1].Labels, d.Labels); got != "multilabel [a] [b a] [a b]\n" {
		t.Errorf("got %s", got)
	}
}

// TestRareLabelsKeepTheirShares deals 400 examples of which 30 have a rare
// label beside one that all have.
func TestRareLabelsKeepTheirShares(t *testing.T) {
	d := &Dataset{Kind: MultiLabel, Labels: []string{"all", "rare"}}
	for i := range 400 {
		e := Example{Text: fmt.Sprint("text ", i), Labels: []string{"all"}}
		if i < 30 {
			e.Labels = []string{"all", "rare"}
		}
		d.Train = append(d.Train, e)
	}
	few := d.Subset(100, 1)
	if got := few.LabelCounts(Train); got[0] != 100 || got[1] < 7 || got[1] > 8 {
		t.Errorf("got counts %v of 100 examples, want 7 or 8 rare ones", got)
	}
	d.deal(0.1, 0.2, 1)
	for p, want := range map[Part]int{Dev: 3, Test: 6} {
		if got := d.LabelCounts(p)[1]; got < want-1 || got > want+1 {
			t.Errorf("%s: got %d with the rare label, want about %d", p, got, want)
		}
	}
}

func TestSetsWithSeveralLabelsAreJoined(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"a.jsonl": `{"text":"one","labels":["a","b"]}` + "\n" + `{"text":"two","labels":["a"]}`, "b.csv": "text,label\nsix,c|a\nsix two,a|c\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Open(filepath.Join(dir, "a.jsonl"), Options{DevShare: -1, TestShare: -1, Also: filepath.Join(dir, "b.csv")})
	if err != nil {
		t.Fatal(err)
	}
	if got := labelsOfAll(d); got != "[a b] [a] [c a] [a c]" || strings.Join(d.Labels, "") != "abc" {
		t.Errorf("got %s of %v", got, d.Labels)
	}
}

// emotions is a row of a parquet file of the hub whose labels are classes.
type emotions struct {
	Text   string  `parquet:"text"`
	Labels []int32 `parquet:"labels,optional,list"`
	ID     string  `parquet:"id"`
}

func TestListsOfClassesInParquetFilesAreRead(t *testing.T) {
	const meta = `{"info": {"features": {"text": {"dtype": "string", "_type": "Value"}, "labels": {"feature": {"names": ["admiration", "anger", "neutral"], "_type": "ClassLabel"}, "_type": "Sequence"}, "id": {"dtype": "string", "_type": "Value"}}}}`
	var b bytes.Buffer
	w := parquet.NewGenericWriter[emotions](&b, parquet.KeyValueMetadata("huggingface", meta))
	_, err := w.Write([]emotions{{"one", []int32{2}, "x"}, {"two", []int32{1, 0}, "y"}, {"three", []int32{}, "z"}, {"four", []int32{0}, "u"}, {"five", []int32{3}, "v"}, {"six", nil, "w"}})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, "a.parquet", b.String(), Options{})
	if got := labelsOfAll(d); got != "[neutral] [anger admiration] [] [admiration]" || d.Kind != MultiLabel || d.Train[1].ID != "y" {
		t.Errorf("got %s data with %s", d.Kind, got)
	}
	var problems []string
	for _, p := range d.Problems {
		_, said, _ := strings.Cut(p.String(), "a.parquet")
		problems = append(problems, said)
	}
	want := []string{
		`: row 5: column "labels": found the class 3, which has no name as number 1, expected a list of labels`,
		`: row 6: column "labels": found nothing, expected a list of labels`,
	}
	if !slices.Equal(problems, want) {
		t.Errorf("got  %q\nwant %q", problems, want)
	}
}

// Package datasets reads text with labels.
//
// Open takes the name of a set that ships with Defrost, a file or a folder and
// returns a [Dataset]: examples in up to four parts (train, dev, test, hard),
// the sorted labels, and a list of the rows it could not use. The walk is:
// open.go finds the files, one file per format reads them (csv.go, jsonl.go,
// squad.go, ...), columns.go decides which column means what, labels.go parts
// the labels of examples that have several, and split.go deals a single file
// into parts.
package datasets

import "strings"

// A Kind says what is asked about an example.
type Kind string

// The kinds of dataset.
const (
	Classify   Kind = "classify"   // Text -> Label
	Pair       Kind = "pair"       // Text, Pair -> Label
	MultiLabel Kind = "multilabel" // Text and perhaps Pair -> Labels, any number of them
	Regress    Kind = "regress"    // Text and perhaps Pair -> Score
	Tag        Kind = "tag"        // Words -> Tags, one each, IOB2
	QA         Kind = "qa"         // Context, Question -> Answers, or Impossible
	Translate  Kind = "translate"  // Text -> Target
	Text       Kind = "text"       // Text alone: language modelling
)

// kinds is the order in which sets are listed.
var kinds = []Kind{Classify, Pair, MultiLabel, Regress, Tag, QA, Translate, Text}

// A Part names a share of a dataset.
type Part string

// The parts of a dataset. Hard is a challenge test part: never trained on.
const (
	Train Part = "train"
	Dev   Part = "dev"
	Test  Part = "test"
	Hard  Part = "hard"
)

// Parts lists the parts in the order they are used.
func Parts() []Part { return []Part{Train, Dev, Test, Hard} }

// An Example is one row of a dataset. Which fields are filled follows from the
// dataset's Kind.
type Example struct {
	ID         string   // the row's own id, else empty
	Text, Pair string   // the text; the second text of a pair
	Label      string   // Classify and Pair
	Labels     []string // MultiLabel: each once, in the order of the data; empty, not nil, for a text with none; shared, so not to be changed
	Score      float64  // Regress
	Words      []string // Tag
	Tags       []string // Tag: one IOB2 tag per word
	Context    string   // QA: the paragraph
	Question   string   // QA
	Answers    []Answer // QA: the accepted answers, none when Impossible
	Impossible bool     // QA: the context does not hold the answer
	Target     string   // Translate: the reference translation
	Line       int      // 1-based line (row in parquet files) in its file
}

// An Answer is a span of an example's context. Start is a byte offset:
// Context[Start:Start+len(Text)] == Text. (SQuAD files count code points;
// the reader converts.)
type Answer struct {
	Text  string
	Start int
}

// A Dataset is labelled text in up to four parts. It holds the bytes of its
// text once, labels and tags shared, and about 230 bytes for each row; while
// it is read and dealt that is at most 450 bytes for each row more.
type Dataset struct {
	Name        string
	Description string
	Licence     string
	Source      string
	Kind        Kind
	Labels      []string // sorted; the tags of a Tag set; empty when the kind has none
	Train       []Example
	Dev         []Example
	Test        []Example
	Hard        []Example
	Problems    []Problem // rows that were skipped or mended, at most maxProblems for each file
	Skipped     int       // how many rows could not be used
}

// Part returns the examples of part p.
func (d *Dataset) Part(p Part) []Example {
	if s := d.slot(p); s != nil {
		return *s
	}
	return nil
}

// slot returns where part p is kept, nil for an unknown part.
func (d *Dataset) slot(p Part) *[]Example {
	switch p {
	case Train:
		return &d.Train
	case Dev:
		return &d.Dev
	case Test:
		return &d.Test
	case Hard:
		return &d.Hard
	}
	return nil
}

// Len is the number of examples in all parts.
func (d *Dataset) Len() int {
	return len(d.Train) + len(d.Dev) + len(d.Test) + len(d.Hard)
}

// LabelText is the example's label, or its labels with commas between.
func (e *Example) LabelText() string {
	if e.Labels == nil {
		return e.Label
	}
	return strings.Join(e.Labels, ", ")
}

// LabelCounts counts the labels of part p (its tags, word by word, for a Tag
// set; an example counts for each of its labels), in the order of d.Labels.
func (d *Dataset) LabelCounts(p Part) []int {
	at := make(map[string]int, len(d.Labels))
	for i, l := range d.Labels {
		at[l] = i
	}
	counts := make([]int, len(d.Labels))
	for _, e := range d.Part(p) {
		for _, l := range labelsOf(&e, d.Kind) {
			counts[at[l]]++
		}
	}
	return counts
}

// labelsOf returns the class labels that e carries.
func labelsOf(e *Example, k Kind) []string {
	switch k {
	case Classify, Pair:
		return []string{e.Label}
	case MultiLabel:
		return e.Labels
	case Tag:
		return e.Tags
	}
	return nil
}

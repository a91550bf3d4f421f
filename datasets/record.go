package datasets

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A record is one JSON object, or one parquet row under its column names.
type record map[string]any

// Names of the columns of a tagged sentence.
var (
	wordNames = []string{"words", "tokens"}
	tagNames  = []string{"tags", "ner_tags", "pos_tags", "labels"}
)

// recordTable turns records into examples. The first sampleRows records decide
// the kind of all.
type recordTable struct {
	*harvest
	*layout
	o           Options
	words, tags string // column names of a Tag set
	lists       string // the column that lists the labels of an example, "" for none
	places      bool   // its lists are 0 and 1 for each label, in the order of the labels
	sample      []record
	where       []place
	articles    *documents // of WikiText, whose rows on the hub are lines; nil for other text
	decided     bool
}

func newRecordTable(src *source, o Options) *recordTable {
	return &recordTable{harvest: newHarvest(src, o), o: o}
}

// give hands over the record that stands at a place.
func (t *recordTable) give(r record, at place) error {
	if t.decided {
		return t.take(r, at)
	}
	t.sample, t.where = append(t.sample, r), append(t.where, at)
	if len(t.sample) == sampleRows {
		return t.decide()
	}
	return nil
}

// done ends the table after its last record.
func (t *recordTable) done() (*harvest, error) {
	if !t.decided {
		if len(t.sample) == 0 && t.skipped == 0 {
			return nil, t.fail(0, "", "an empty file", "rows of text and labels")
		}
		if err := t.decide(); err != nil {
			return nil, err
		}
	}
	if t.articles != nil {
		t.articles.end()
	}
	if t.layout.kind == Tag {
		t.checkTags(func(e *Example, _ int) (int, string) { return e.Line, t.tags })
	}
	return t.finish()
}

// decide finds the kind and the columns, then takes the sample.
func (t *recordTable) decide() error {
	t.decided = true
	if err := t.recognise(); err != nil {
		return fmt.Errorf("datasets: %s: %w", t.file, err)
	}
	if t.layout.kind == Text && t.layout.text != none && slices.ContainsFunc(t.sample, t.isTitle) {
		t.articles = &documents{h: t.harvest, shape: byHeading, blank: true}
	}
	t.harvest.kind, t.harvest.labelColumn, t.harvest.separator = t.layout.kind, t.name(t.layout.label), t.layout.separator
	for i, r := range t.sample {
		if err := t.take(r, t.where[i]); err != nil {
			return err
		}
	}
	t.sample, t.where = nil, nil
	return nil
}

// isTitle says that the text of r is the title of an article.
func (t *recordTable) isTitle(r record) bool {
	s, ok := r[t.name(t.text)].(string)
	return ok && isHeading(s)
}

// recognise looks for the columns of a special kind, then for text and label.
func (t *recordTable) recognise() error {
	all := map[string]any{}
	for _, r := range t.sample {
		for k, v := range r {
			if all[k] == nil {
				all[k] = v
			}
		}
	}
	t.layout = &layout{text: none, pair: none, label: none, target: none, id: none}
	t.words, t.tags = listNamed(all, wordNames), listNamed(all, tagNames)
	if t.o.LabelColumn != "" && isList(all[t.o.LabelColumn]) {
		t.tags = t.o.LabelColumn
	}
	switch {
	case isText(all["context"]) && isText(all["question"]):
		t.layout.kind = QA
	case t.words != "" && t.tags != "":
		t.layout.kind = Tag
	case isObject(all["translation"]):
		t.layout.kind = Translate
	default:
		t.lists = t.listOfLabels(all)
		return t.scalars(all)
	}
	return nil
}

// scalars detects the columns among those that hold one value for each row,
// beside the one that lists labels.
func (t *recordTable) scalars(all map[string]any) error {
	o := t.o
	if o.LabelColumn == "" {
		o.LabelColumn = t.lists
	}
	var names []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if all[k] == nil && t.o.LabelColumn == "" {
			continue // a hidden test part: every label is missing
		}
		if k == t.lists || !isList(all[k]) && !isObject(all[k]) {
			names = append(names, k)
		}
	}
	rows := make([][]string, len(t.sample))
	for i, r := range t.sample {
		for _, n := range names {
			s, _ := scalar(r[n])
			rows[i] = append(rows[i], s)
		}
	}
	l, err := detect(names, rows, o)
	if err != nil {
		return err
	}
	if l.text == none {
		return fmt.Errorf("found the columns %s, expected one with text", list(slices.Sorted(maps.Keys(all))))
	}
	if t.layout = l; t.lists != "" {
		l.kind = MultiLabel
	}
	return nil
}

// take turns one record into an example, or into a problem.
func (t *recordTable) take(r record, at place) error {
	line := at.line
	t.at = at
	switch t.layout.kind {
	case QA:
		t.takeQuestion(r, line)
		return nil
	case Tag:
		return t.takeTags(r, line)
	case Translate:
		if t.text == none { // both sides in one object
			t.takeTranslation(r["translation"], line)
			return nil
		}
	}
	if line, ok := r[t.name(t.text)].(string); ok && t.articles != nil {
		t.articles.take(at.line, []byte(strings.TrimRight(line, "\r\n")))
		return nil
	}
	var cells [4]string
	for k, i := range []int{t.text, t.pair, t.label, t.target} {
		if i == none || i == t.label && t.layout.kind == MultiLabel {
			continue
		}
		s, found := scalarOf(r, t.names[i])
		if s = strings.TrimSpace(s); s == "" {
			t.skip(line, t.names[i], found, "text")
			return nil
		}
		cells[k] = t.utf8(s, line, t.names[i])
	}
	e := Example{Text: cells[0], Pair: cells[1], Label: t.intern([]byte(cells[2])), Target: cells[3], Line: line}
	if t.layout.kind == MultiLabel {
		if e.Labels = t.several(r, line); e.Labels == nil {
			return nil
		}
	}
	if t.id != none {
		e.ID, _ = scalar(r[t.names[t.id]])
	}
	t.add(e)
	return nil
}

// takeTags takes a sentence of words with one tag each.
func (t *recordTable) takeTags(r record, line int) error {
	for _, column := range []string{t.words, t.tags} {
		if found := notTexts(r, column); found != "" {
			t.skip(line, column, found, "a list of "+column)
			return nil
		}
	}
	words, tags := texts(r[t.words]), texts(r[t.tags])
	if len(words) == 0 {
		t.skip(line, t.words, "no words", "a list of words")
		return nil
	}
	if len(words) != len(tags) {
		return t.bad(line, t.tags, count(len(tags), "tag"), count(len(words), "tag")+", one for each word")
	}
	for i, word := range words {
		words[i] = t.utf8(word, line, t.words)
	}
	for i, tag := range tags {
		tags[i] = t.intern([]byte(tag))
	}
	id, _ := scalar(r["id"])
	t.add(Example{ID: id, Words: words, Tags: tags, Line: line})
	return nil
}

// takeTranslation takes {"en": ..., "fr": ...}: the source is the language
// that comes first in the alphabet.
func (t *recordTable) takeTranslation(v any, line int) {
	pair, ok := v.(map[string]any)
	if !ok {
		t.skip(line, "translation", kindOf(v), "an object of two languages")
		return
	}
	keys := slices.Sorted(maps.Keys(pair))
	if len(keys) != 2 {
		t.skip(line, "translation", count(len(keys), "language"), "2 languages")
		return
	}
	var sides [2]string
	for i, k := range keys {
		s, found := scalar(pair[k])
		if sides[i] = strings.TrimSpace(s); sides[i] == "" {
			t.skip(line, "translation."+k, found, "text")
			return
		}
	}
	t.add(Example{Text: sides[0], Target: sides[1], Line: line})
}

// takeQuestion takes {"context", "question", "answers": {"text": [...],
// "answer_start": [...]}}, the flat form of SQuAD on the hub.
func (t *recordTable) takeQuestion(r record, line int) {
	id, _ := scalar(r["id"])
	e := Example{ID: id, Line: line}
	for i, into := range []*string{&e.Context, &e.Question} {
		column := [...]string{"context", "question"}[i]
		s, found := scalarOf(r, column)
		if strings.TrimSpace(s) == "" {
			t.skip(line, column, found, "text")
			return
		}
		*into = t.utf8(s, line, column)
	}
	if found := notAnswers(r); found != "" && r["is_impossible"] != true {
		t.skip(line, "answers", found, "a list of answers with text and answer_start")
		return
	}
	t.addQuestion(e, answersOf(r["answers"]))
}

// notAnswers says what is in the place of answers, empty for answers.
func notAnswers(r record) string {
	v, ok := r["answers"]
	if inner, is := v.(map[string]any); is {
		return notTexts(inner, "text")
	}
	switch {
	case !ok:
		return missingKey
	case isList(v):
		return ""
	}
	return kindOf(v)
}

// answersOf reads {"text": [...], "answer_start": [...]} or a list of
// {"text", "answer_start"}. A start that is missing stands as -1.
func answersOf(v any) []rawAnswer {
	var raw []rawAnswer
	switch v := v.(type) {
	case map[string]any:
		starts := texts(v["answer_start"])
		for i, text := range texts(v["text"]) {
			raw = append(raw, rawAnswer{text, number(at(starts, i))})
		}
	case []any:
		for _, x := range v {
			if a, ok := x.(map[string]any); ok {
				text, _ := scalar(a["text"])
				start, _ := scalar(a["answer_start"])
				raw = append(raw, rawAnswer{text, number(start)})
			}
		}
	}
	return raw
}

// number reads a whole number, -1 if there is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

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
	sample      []record
	lines       []int
	decided     bool
}

func newRecordTable(file string, o Options) *recordTable {
	return &recordTable{harvest: newHarvest(file, o), o: o}
}

// give hands over the record that stands on line.
func (t *recordTable) give(r record, line int) error {
	if t.decided {
		return t.take(r, line)
	}
	t.sample, t.lines = append(t.sample, r), append(t.lines, line)
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
	return t.finish()
}

// decide finds the kind and the columns, then takes the sample.
func (t *recordTable) decide() error {
	t.decided = true
	if err := t.recognise(); err != nil {
		return fmt.Errorf("datasets: %s: %w", t.file, err)
	}
	t.harvest.kind, t.harvest.labelColumn = t.layout.kind, t.name(t.layout.label)
	for i, r := range t.sample {
		if err := t.take(r, t.lines[i]); err != nil {
			return err
		}
	}
	t.sample, t.lines = nil, nil
	return nil
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
		return t.scalars(all)
	}
	return nil
}

// scalars detects the columns among those that hold one value for each row.
func (t *recordTable) scalars(all map[string]any) error {
	var names []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if all[k] == nil && t.o.LabelColumn == "" {
			continue // a hidden test part: every label is missing
		}
		if !isList(all[k]) && !isObject(all[k]) {
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
	l, err := detect(names, rows, t.o)
	if err != nil {
		return err
	}
	if l.text == none {
		return fmt.Errorf("found the columns %s, expected one with text", list(slices.Sorted(maps.Keys(all))))
	}
	t.layout = l
	return nil
}

// take turns one record into an example, or into a problem.
func (t *recordTable) take(r record, line int) error {
	switch t.layout.kind {
	case QA:
		t.takeQuestion(r, line)
		return nil
	case Tag:
		return t.takeTags(r, line)
	}
	if pair, ok := r["translation"].(map[string]any); ok {
		t.takeTranslation(pair, line)
		return nil
	}
	var cells [4]string
	for k, i := range []int{t.text, t.pair, t.label, t.target} {
		if i == none {
			continue
		}
		s, found := scalar(r[t.names[i]])
		if s = strings.TrimSpace(s); s == "" {
			t.skip(line, t.names[i], found, "text")
			return nil
		}
		cells[k] = t.utf8(s, line, t.names[i])
	}
	e := Example{Text: cells[0], Pair: cells[1], Label: t.intern([]byte(cells[2])), Target: cells[3], Line: line}
	if t.id != none {
		e.ID, _ = scalar(r[t.names[t.id]])
	}
	t.add(e)
	return nil
}

// takeTags takes a sentence of words with one tag each.
func (t *recordTable) takeTags(r record, line int) error {
	words, tags := texts(r[t.words]), texts(r[t.tags])
	if len(words) == 0 {
		t.skip(line, t.words, "no words", "a list of words")
		return nil
	}
	if len(words) != len(tags) {
		return t.bad(line, t.tags, count(len(tags), "tag"), count(len(words), "tag")+", one for each word")
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
func (t *recordTable) takeTranslation(pair map[string]any, line int) {
	keys := slices.Sorted(maps.Keys(pair))
	if len(keys) != 2 {
		t.skip(line, "translation", count(len(keys), "language"), "2 languages")
		return
	}
	from, _ := scalar(pair[keys[0]])
	to, _ := scalar(pair[keys[1]])
	if strings.TrimSpace(from) == "" || strings.TrimSpace(to) == "" {
		t.skip(line, "translation", "nothing", "text in both languages")
		return
	}
	t.add(Example{Text: strings.TrimSpace(from), Target: strings.TrimSpace(to), Line: line})
}

// takeQuestion takes {"context", "question", "answers": {"text": [...],
// "answer_start": [...]}}, the flat form of SQuAD on the hub.
func (t *recordTable) takeQuestion(r record, line int) {
	context, _ := scalar(r["context"])
	question, _ := scalar(r["question"])
	id, _ := scalar(r["id"])
	if strings.TrimSpace(context) == "" || strings.TrimSpace(question) == "" {
		t.skip(line, "question", "nothing", "a context and a question")
		return
	}
	t.addQuestion(Example{ID: id, Context: context, Question: question, Line: line}, answersOf(r["answers"]))
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

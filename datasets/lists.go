package datasets

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// listNames are further names of columns that list labels. They count where no
// column has the name of a label.
var listNames = []string{"tags", "categories", "classes", "topics", "genres", "emotions", "intents", "types"}

// listOfLabels returns the column that lists the labels of an example, "" for
// none: the one that was asked for, or the first by the names of labels. A
// column of single labels that comes before it is preferred.
func (t *recordTable) listOfLabels(all map[string]any) string {
	columns, wanted := slices.Sorted(maps.Keys(all)), slices.Concat(labelNames, listNames)
	if t.o.LabelColumn != "" {
		wanted = []string{t.o.LabelColumn}
	}
	for _, name := range wanted {
		i := find(columns, name)
		if i < 0 || all[columns[i]] == nil {
			continue
		}
		if !isList(all[columns[i]]) {
			return ""
		}
		t.places = slotted(t.sample, columns[i])
		return columns[i]
	}
	return ""
}

// slotted says that the lists of a column have a place for each label, with 1
// for those of the example: all are as long, they hold 0 and 1 alone, and one
// holds a value twice, which names would not.
func slotted(sample []record, column string) bool {
	long, twice := -1, false
	for _, r := range sample {
		list, is := r[column].([]any)
		if !is {
			continue
		}
		if long >= 0 && len(list) != long {
			return false
		}
		seen := map[bool]bool{}
		for _, v := range list {
			text, _ := scalar(v)
			on, ok := flag(text)
			if !ok || isText(v) {
				return false
			}
			twice = twice || seen[on]
			seen[on] = true
		}
		long = len(list)
	}
	return twice
}

// several returns the labels of a record, nil when it cannot be used.
func (t *recordTable) several(r record, line int) []string {
	if t.flags != nil {
		return t.flagged(t.layout, line, func(i int) (string, string) { return scalarOf(r, t.names[i]) })
	}
	column := t.name(t.label)
	if t.lists != "" {
		return t.listed(r, column, line)
	}
	cell, found := scalarOf(r, column)
	if cell == "" && !isText(r[column]) {
		t.skip(line, column, found, "text")
		return nil
	}
	return t.parted(t.utf8(cell, line, column), t.layout.separator, line)
}

// listed returns the labels that a record lists.
func (t *recordTable) listed(r record, column string, line int) []string {
	if found := notTexts(r, column); found != "" {
		t.skip(line, column, found, "a list of labels")
		return nil
	}
	var labels []string
	for i, label := range texts(r[column]) {
		if !t.places {
			labels = append(labels, strings.TrimSpace(t.utf8(label, line, column)))
			continue
		}
		on, ok := flag(label)
		if !ok {
			t.skip(line, column, quote(label)+" as number "+strconv.Itoa(i+1), "0 or 1 for each label")
			return nil
		}
		if on {
			labels = append(labels, strconv.Itoa(i))
		}
	}
	return t.shared(labels)
}

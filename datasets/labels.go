package datasets

import (
	"slices"
	"strconv"
	"strings"
)

// What follows is about examples with several labels (MultiLabel). A file has
// them in one of four forms: a list in each record (["camera", "battery"]), in
// which an empty list is an answer: no label; a list of 0 and 1 for each label;
// names in one cell with a mark between them (camera|battery), where an empty
// cell is no label too, as those who write such files leave it; and a column of
// 0 and 1 for each label.

// separators may stand between the labels of a cell. A comma is not among them:
// names of classes have it (home, garden), so it is taken only when asked for.
var separators = []string{"|", ";"}

// leastShare is the share of cells that must hold several labels, one in so
// many: fewer are slips of those who label.
const leastShare = 20

// separatorOf returns what stands between the labels of a column's cells, ""
// where a cell is one class.
func separatorOf(cells []string) string {
	i := slices.IndexFunc(separators, func(sep string) bool { return divides(cells, sep) })
	if i < 0 {
		return ""
	}
	return separators[i]
}

// divides says that sep stands between labels. Three things tell that from names
// which hold the mark: it is in two cells or more, and in one of leastShare;
// there are no more different names than different cells, as there would be of
// sentences, or of a class or two with a mark in it; and most of what is named
// stands first in one cell and behind others in another, where the steps of a
// path (Computers|Laptops) keep their places.
func divides(cells []string, sep string) bool {
	whole, first, behind := map[string]bool{}, map[string]int{}, map[string]int{}
	filled, several, named := 0, 0, 0
	for _, cell := range cells {
		names, _ := cut(cell, sep)
		if len(names) == 0 {
			continue
		}
		whole[strings.TrimSpace(cell)] = true
		filled, named = filled+1, named+len(names)
		if len(names) > 1 {
			several++
		}
		first[names[0]]++
		for _, n := range names[1:] {
			behind[n]++
		}
	}
	different, move := len(behind), 0
	for n, times := range first {
		if behind[n] == 0 {
			different++
		} else {
			move += times + behind[n]
		}
	}
	return several >= 2 && leastShare*several >= filled && different <= len(whole) && 2*move >= named
}

// cut takes a cell apart at sep, which may also stand around all labels. empty
// is the number, from 1, of the first name that has no character, else 0.
func cut(cell, sep string) (names []string, empty int) {
	if cell = strings.Trim(cell, sep+" \t"); cell == "" {
		return nil, 0
	}
	for i, name := range strings.Split(cell, sep) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		} else if empty == 0 {
			empty = i + 1
		}
	}
	return names, empty
}

// cellsOf is a column of a sample, nil for none.
func cellsOf(sample [][]string, column int) []string {
	var cells []string
	for _, row := range sample {
		if column != none && column < len(row) {
			cells = append(cells, row[column])
		}
	}
	return cells
}

// shared returns one copy of a list of labels that occurs often, each label
// once. It is never nil.
func (h *harvest) shared(labels []string) []string {
	key := strings.Join(labels, "\x00")
	if list, ok := h.lists[key]; ok {
		return list
	}
	list := []string{}
	for _, l := range labels {
		if !slices.Contains(list, l) {
			list = append(list, h.intern([]byte(l)))
		}
	}
	h.lists[key] = slices.Clip(list)
	return h.lists[key]
}

// parted returns the labels of a cell.
func (h *harvest) parted(cell, sep string, line int) []string {
	names, empty := cut(cell, sep)
	if empty > 0 {
		h.note(line, h.labelColumn, "nothing as number "+strconv.Itoa(empty)+" of "+quote(cell), "a label (the others are taken)")
	}
	return h.shared(names)
}

// flagged returns the labels whose columns say 1, nil for a row in which one
// says neither that nor 0. cell returns the text of a column, or what is found
// in its place.
func (h *harvest) flagged(l *layout, line int, cell func(column int) (text, found string)) []string {
	var labels []string
	for _, i := range l.flags {
		text, found := cell(i)
		if text = strings.TrimSpace(text); text != "" {
			found = quote(text)
		}
		on, ok := flag(text)
		if !ok {
			h.skip(line, l.names[i], found, "0 or 1")
			return nil
		}
		if on {
			labels = append(labels, l.names[i])
		}
	}
	return h.shared(labels)
}

// agree parts the label cells of all files as those of one: in a small part of
// a set, too few may hold several to tell.
func agree(parts map[Part][]*harvest) {
	sep := ""
	for _, p := range Parts() {
		for _, h := range parts[p] {
			if sep == "" {
				sep = h.separator
			}
		}
	}
	for _, list := range parts {
		for _, h := range list {
			if sep != "" && (h.kind == Classify || h.kind == Pair) {
				h.part(sep)
			}
		}
	}
}

// part makes lists of the labels of a file.
func (h *harvest) part(sep string) {
	h.kind, h.words, h.lists = MultiLabel, map[string]string{}, map[string][]string{}
	for i := range h.examples {
		e := &h.examples[i]
		e.Labels, e.Label = h.parted(e.Label, sep, e.Line), ""
	}
	h.words, h.lists = nil, nil
}

// single makes classes of labels that come one to every example, as lists of
// one and columns that exclude each other have them.
func (d *Dataset) single() {
	if d.Kind != MultiLabel {
		return
	}
	one, kind := true, Classify
	d.each(func(e *Example) {
		one = one && len(e.Labels) == 1
		if e.Pair != "" {
			kind = Pair
		}
	})
	if !one {
		return
	}
	d.Kind = kind
	d.each(func(e *Example) { e.Label, e.Labels = e.Labels[0], nil })
}

// checkSeveral refuses labels that nothing can be learnt from.
func (d *Dataset) checkSeveral(h *harvest) error {
	n, given, rows := len(d.Labels), 0, count(d.Len(), "row")
	d.each(func(e *Example) { given += len(e.Labels) })
	switch {
	case n == 0:
		return &Problem{File: h.file, Column: h.labelColumn, Found: "no label in " + rows, Expected: "2 labels or more"}
	case n == 1:
		return &Problem{File: h.file, Column: h.labelColumn, Found: "one label only (" + quote(d.Labels[0]) + ") in " + rows, Expected: "2 labels or more"}
	case n > maxClasses, n > alwaysClasses && 2*n > given, n == given && n > 4:
		return &Problem{File: h.file, Column: h.labelColumn, Found: count(n, "different label") + " in " + rows, Expected: "labels that repeat"}
	}
	d.checkUnseen(h)
	return nil
}

package datasets

import (
	"slices"
	"strings"
)

// mendTags turns the tags of every sentence into IOB2.
func (d *Dataset) mendTags() {
	d.each(func(e *Example) { toIOB2(e.Tags) })
}

// toIOB2 rewrites one sentence's tags in place. It reads IOB2, IOB1 (an entity
// begins with B only where one of its type ends right before) and BIOES (also
// called BILOU): an entity begins where a tag says so, or at an I, E or L whose
// type differs from the tag before, or that follows no entity at all.
func toIOB2(tags []string) {
	last, open := "", false // type of the entity that may go on
	for i, tag := range tags {
		prefix, kind := splitTag(tag)
		if kind == "" {
			last, open = "", false
			continue
		}
		goes := open && kind == last && strings.Contains("IEML", prefix)
		if goes {
			tags[i] = "I-" + kind
		} else {
			tags[i] = "B-" + kind
		}
		last, open = kind, !strings.Contains("ELSUW", prefix)
	}
}

// splitTag cuts B-PER into B and PER; the type is empty outside entities.
func splitTag(tag string) (prefix, kind string) {
	prefix, kind, ok := strings.Cut(tag, "-")
	if !ok || len(prefix) != 1 || !strings.Contains("BIELSUMW", prefix) {
		return "", ""
	}
	return prefix, kind
}

// mostlyTags is the share of words with O or a typed tag from which a file
// marks entities, so that another tag in it is a slip; in a file of parts of
// speech there are none such.
const mostlyTags = 0.9

// A scheme is what the tags of a file have in common.
type scheme struct {
	entities bool // O and typed tags, nearly all of them
	iob2     bool // entities begin with B, all but slips
}

// schemeOf looks at all tags of a file.
func schemeOf(examples []Example) scheme {
	var words, fit, typed, begins, inside int
	for i := range examples {
		last := ""
		for _, tag := range examples[i].Tags {
			prefix, kind := splitTag(tag)
			words++
			if tag == "O" || kind != "" {
				fit++
			}
			if kind != "" {
				typed++
			}
			switch {
			case prefix == "B" && kind != last:
				begins++
			case prefix == "I" && kind != last:
				inside++
			}
			last = kind
		}
	}
	entities := typed > 0 && float64(fit) >= mostlyTags*float64(words)
	return scheme{entities, entities && begins > inside}
}

// checkTags leaves out sentences with a tag that is none of the file's scheme,
// and notes where an entity begins with I in a file whose entities begin with
// B (the tag is mended). place tells where word i of an example stands.
func (h *harvest) checkTags(place func(e *Example, i int) (line int, column string)) {
	s := schemeOf(h.examples)
	if !s.entities {
		return
	}
	h.at.line = 0
	h.examples = slices.DeleteFunc(h.examples, func(e Example) bool {
		last := "O"
		for i, tag := range e.Tags {
			prefix, kind := splitTag(tag)
			line, column := place(&e, i)
			word := " of the word " + quote(e.Words[i])
			if tag != "O" && kind == "" {
				h.skip(line, column, "the unknown tag "+quote(tag)+word, "O, or B- or I- and a type")
				return true
			}
			if _, before := splitTag(last); s.iob2 && prefix == "I" && before != kind {
				h.note(line, column, quote(tag)+word+" after "+quote(last), quote("B-"+kind)+" where an entity begins (it is taken as such)")
			}
			last = tag
		}
		return false
	})
}

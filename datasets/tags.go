package datasets

import "strings"

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

package tokenizer

// A slot of a template is a special token, or all tokens of the first or
// second text.
type slot struct {
	text int   // 0 a special token, 1 the first text, 2 the second
	id   int32 // of the special token
	kind int32 // the segment type
}

// A template says what stands around one text and around a pair.
type template struct{ single, pair []slot }

// plainTemplate adds nothing.
func plainTemplate() template {
	return template{single: []slot{{text: 1}}, pair: []slot{{text: 1}, {text: 2, kind: 1}}}
}

// robertaTemplate is <s> A </s> and <s> A </s> </s> B </s>, all of type 0.
func robertaTemplate(cls, sep int32) template {
	return template{
		single: []slot{{id: cls}, {text: 1}, {id: sep}},
		pair:   []slot{{id: cls}, {text: 1}, {id: sep}, {id: sep}, {text: 2}, {id: sep}},
	}
}

// bertTemplate is [CLS] A [SEP] and [CLS] A [SEP] B [SEP] with types 0 and 1.
func bertTemplate(cls, sep int32) template {
	return template{
		single: []slot{{id: cls}, {text: 1}, {id: sep}},
		pair:   []slot{{id: cls}, {text: 1}, {id: sep}, {text: 2, kind: 1}, {id: sep, kind: 1}},
	}
}

// wrap fills the template, cutting the texts to at most max tokens in all
// when max > 0.
func (t template) wrap(a Encoding, pair *Encoding, max int) Encoding {
	slots, b := t.single, Encoding{}
	if pair != nil {
		slots, b = t.pair, *pair
	}
	if max > 0 {
		a, b = shorten(a, b, max-specialSlots(slots))
	}
	out := newEncoding(len(a.IDs) + len(b.IDs) + len(slots))
	for _, s := range slots {
		switch s.text {
		case 0:
			out.add(s.id, Span{}, -1)
			out.Types[len(out.Types)-1] = s.kind
			out.Special[len(out.Special)-1] = true
		case 1:
			out.extend(a, s.kind)
		case 2:
			out.extend(b, s.kind)
		}
	}
	return out
}

// extend appends all tokens of e as segment kind.
func (e *Encoding) extend(from Encoding, kind int32) {
	e.IDs = append(e.IDs, from.IDs...)
	e.Spans = append(e.Spans, from.Spans...)
	e.Words = append(e.Words, from.Words...)
	e.Special = append(e.Special, from.Special...)
	for range from.IDs {
		e.Types = append(e.Types, kind)
	}
}

func specialSlots(slots []slot) int {
	n := 0
	for _, s := range slots {
		if s.text == 0 {
			n++
		}
	}
	return n
}

// shorten cuts a and b to room tokens together: first the longer one down to
// the other's length, then both in turn, b first.
func shorten(a, b Encoding, room int) (Encoding, Encoding) {
	na, nb := len(a.IDs), len(b.IDs)
	over := max(na+nb-max(room, 0), 0)
	if na > nb {
		cut := min(over, na-nb)
		na, over = na-cut, over-cut
	} else {
		cut := min(over, nb-na)
		nb, over = nb-cut, over-cut
	}
	return a.head(na - over/2), b.head(nb - (over+1)/2)
}

// head returns the first n tokens.
func (e Encoding) head(n int) Encoding {
	return Encoding{e.IDs[:n], e.Spans[:n], e.Words[:n], e.Types[:n], e.Special[:n]}
}

package datasets

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// squadParagraph is a paragraph with its questions.
type squadParagraph struct {
	at        place
	context   *string
	questions []squadQuestion
}

// squadQuestion is a question as SQuAD 1.1 and 2.0 files have it.
type squadQuestion struct {
	at         place
	ID         string         `json:"id"`
	Question   *string        `json:"question"`
	Impossible bool           `json:"is_impossible"`
	Answers    *[]squadAnswer `json:"answers"`
}

type squadAnswer struct {
	Text  *string `json:"text"`
	Start *int    `json:"answer_start"`
}

// rawAnswer counts its start in code points, as the files do; -1 is none.
type rawAnswer struct {
	Text  string
	Start int
}

// readSquad reads a SQuAD file. The Line of an example is where its question
// begins; many such files are one line, so problems tell the byte too.
func readSquad(src *source, o Options) (*harvest, error) {
	q := &squad{harvest: newHarvest(src, o), s: newDocument(src)}
	q.kind = QA
	err := q.s.object("", func(key string) error {
		if key != "data" {
			return q.pass()
		}
		return q.s.array(key, q.article)
	})
	if err != nil {
		return nil, err
	}
	if q.seen == 0 {
		return nil, q.fail(0, "", "no questions", "data / paragraphs / qas as SQuAD has them")
	}
	return q.finish()
}

// squad reads the parts of a SQuAD file.
type squad struct {
	*harvest
	s    *document
	seen int // questions, or paragraphs that have none for want of a key
}

// pass leaves out a value.
func (q *squad) pass() error {
	_, err := q.s.value()
	return err
}

func (q *squad) article() error {
	return q.s.object("data", func(key string) error {
		if key != "paragraphs" {
			return q.pass()
		}
		return q.s.array(key, q.paragraph)
	})
}

// paragraph reads one paragraph, whose context may follow its questions.
func (q *squad) paragraph() error {
	p := squadParagraph{}
	err := q.s.object("paragraphs", func(key string) error {
		if p.at.line == 0 {
			p.at = q.s.at
		}
		switch key {
		case "context":
			raw, err := q.s.value()
			if err != nil {
				return err
			}
			q.noteEncoding(q.s.at, raw)
			return q.decode(raw, &p.context, key)
		case "qas":
			return q.s.array(key, func() error { return q.question(&p) })
		}
		return q.pass()
	})
	if err == nil {
		q.keep(p)
	}
	return err
}

// decode reads a value; what is wrong with it is said of a key.
func (q *squad) decode(raw []byte, v any, key string) error {
	p := q.s.into(raw, v)
	if p == nil {
		return nil
	}
	if p.Column == "" {
		p.Column, p.Expected = key, "a string"
	}
	q.seen++
	return q.refuse(p)
}

// question reads one question.
func (q *squad) question(p *squadParagraph) error {
	raw, err := q.s.value()
	if err != nil {
		return err
	}
	next := squadQuestion{at: q.s.at}
	q.noteEncoding(next.at, raw)
	if p := q.s.into(raw, &next); p != nil {
		q.seen++
		return q.refuse(p)
	}
	p.questions = append(p.questions, next)
	return nil
}

// keep takes the questions of a paragraph.
func (q *squad) keep(p squadParagraph) {
	q.at = p.at
	if p.context == nil || p.questions == nil {
		missing := "context"
		if p.context != nil {
			missing = "qas"
		}
		q.seen++
		q.skip(p.at.line, missing, "a paragraph without this key", "context and qas as SQuAD has them")
		return
	}
	for _, next := range p.questions {
		q.seen++
		q.at = next.at
		q.take(*p.context, next)
	}
}

// take keeps one question unless a key is missing.
func (q *squad) take(context string, next squadQuestion) {
	line := next.at.line
	e := Example{ID: next.ID, Context: context, Line: line}
	switch {
	case next.Question == nil:
		q.skip(line, "question", "a question "+next.ID+" without this key", "its text")
		return
	case next.Answers == nil && !next.Impossible:
		q.skip(line, "answers", "a question "+next.ID+" without this key", "a list of answers, or is_impossible")
		return
	}
	e.Question = strings.TrimSpace(*next.Question)
	var raw []rawAnswer
	if !next.Impossible {
		for _, a := range *next.Answers {
			raw = append(raw, a.raw())
		}
	}
	q.addQuestion(e, raw)
}

func (a squadAnswer) raw() rawAnswer {
	r := rawAnswer{Start: -1}
	if a.Text != nil {
		r.Text = *a.Text
	}
	if a.Start != nil {
		r.Start = *a.Start
	}
	return r
}

// addQuestion keeps a question with those of its answers that stand where
// they should. A question without any answer is one that cannot be answered.
func (h *harvest) addQuestion(e Example, raw []rawAnswer) {
	for _, a := range raw {
		start := byteOffset(e.Context, a.Start)
		if start < 0 || a.Text == "" || !strings.HasPrefix(e.Context[start:], a.Text) {
			found, expected := astray(e, a)
			h.note(e.Line, "answers", found, expected)
			continue
		}
		e.Answers = append(e.Answers, Answer{a.Text, start})
	}
	if len(raw) > 0 && len(e.Answers) == 0 {
		h.skipped++
		return
	}
	e.Impossible = len(raw) == 0
	h.add(e)
}

// astray says where an answer is said to be and where it is, in characters
// from 0 as the files count.
func astray(e Example, a rawAnswer) (found, expected string) {
	answer := "the answer " + quote(a.Text)
	if e.ID != "" {
		answer += " of question " + e.ID
	}
	i := strings.Index(e.Context, a.Text)
	switch {
	case a.Text == "":
		return "an answer without text" + strings.TrimPrefix(answer, "the answer "+quote("")), "its text"
	case i < 0:
		return answer + ", which is not in the context", "words of the context"
	case a.Start < 0:
		return answer + " without its place", fmt.Sprintf("answer_start, which may be %d", utf8.RuneCountInString(e.Context[:i]))
	}
	return fmt.Sprintf("%s at character %d, where it is not", answer, a.Start), fmt.Sprintf("it at %d", utf8.RuneCountInString(e.Context[:i]))
}

// byteOffset returns the byte at which code point n begins, -1 outside the text.
func byteOffset(s string, n int) int {
	if n < 0 {
		return -1
	}
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	if n > 0 {
		return -1
	}
	return at
}

package datasets

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// squadFile is the layout of SQuAD 1.1 and 2.0 files.
type squadFile struct {
	Data []struct {
		Paragraphs []squadParagraph `json:"paragraphs"`
	} `json:"data"`
}

type squadParagraph struct {
	Context   string `json:"context"`
	Questions []struct {
		ID         string      `json:"id"`
		Question   string      `json:"question"`
		Impossible bool        `json:"is_impossible"`
		Answers    []rawAnswer `json:"answers"`
	} `json:"qas"`
}

// rawAnswer counts its start in code points, as the files do.
type rawAnswer struct {
	Text  string `json:"text"`
	Start int    `json:"answer_start"`
}

// readSquad reads a SQuAD file. The Line of an example is its number among the
// questions of the file.
func readSquad(src *source, o Options) (*harvest, error) {
	h := newHarvest(src.name, o)
	h.kind = QA
	counted := &lineCounter{r: src}
	d := json.NewDecoder(counted)
	var f squadFile
	if err := d.Decode(&f); err != nil {
		return nil, h.fail(counted.lineAt(d.InputOffset()), "", describe(err), "the SQuAD layout")
	}
	line := 0
	for _, article := range f.Data {
		for _, p := range article.Paragraphs {
			for _, q := range p.Questions {
				line++
				e := Example{ID: q.ID, Context: p.Context, Question: strings.TrimSpace(q.Question), Line: line}
				if q.Impossible {
					q.Answers = nil
				}
				h.addQuestion(e, q.Answers)
			}
		}
	}
	if line == 0 {
		return nil, h.fail(0, "", "no questions", "data / paragraphs / qas as SQuAD has them")
	}
	return h.finish()
}

// addQuestion keeps a question with those of its answers that stand where
// they should. A question without any answer is one that cannot be answered.
func (h *harvest) addQuestion(e Example, raw []rawAnswer) {
	for _, a := range raw {
		start := byteOffset(e.Context, a.Start)
		if start < 0 || a.Text == "" || !strings.HasPrefix(e.Context[start:], a.Text) {
			h.note(e.Line, "answers", "an answer "+quote(a.Text)+" of question "+e.ID+" that is not where it should be", "it in the context")
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

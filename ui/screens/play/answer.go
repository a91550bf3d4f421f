package play

import (
	"fmt"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// textMark stands between two texts of one question: the box has no key for a tab.
const textMark = "|"

// readRun says how a run is read. What its task says decides how that is drawn, so that a new task
// needs nothing here unless it wants a drawing of its own: then a file with a reading, named in
// drawing.
func readRun(ex *engine.Explainer) reader {
	if writes(ex) {
		return readNext(ex)
	}
	return func(q question) (reading, error) {
		text := q.text
		if len(ex.Labels()) == 0 {
			text = strings.Replace(text, textMark, "\t", 1)
		}
		p, err := ex.Predict(text)
		if err != nil && strings.Contains(err.Error(), "tab") {
			err = fmt.Errorf("%w: write %s for it", err, textMark)
		}
		return drawing(p), err
	}
}

// drawing picks the reading that suits an answer.
func drawing(p engine.Prediction) reading {
	switch {
	case p.Attention != nil:
		return translated{p}
	case len(p.Tags) > 0:
		return tagged{p}
	case len(p.Spans) > 0 || p.Context != "":
		return spanned{p}
	case len(p.Probabilities) > 0:
		return labelled{p}
	}
	return written{p}
}

// A written is an answer in words: a translation, a summary, a number.
type written struct{ engine.Prediction }

func (a written) word() string { return a.Label }

func (a written) view(s *shared.Styles, _ bool, w, h int) string {
	return paragraph(a.Label, w, h, func(c *canvas.Canvas) canvas.Ink { return c.Ink(s.Text) })
}

// paragraph is wrapped text in h lines of w cells.
func paragraph(text string, w, h int, ink func(*canvas.Canvas) canvas.Ink) string {
	c := canvas.New(w, h)
	k := ink(c)
	for i, l := range shared.Wrap(text, w) {
		c.Text(0, i, w, l, k)
	}
	return c.String()
}

package play

import (
	"slices"
	"strings"
	"unicode"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// A spanned is an answer found in a context.
type spanned struct{ engine.Prediction }

func (a spanned) word() string {
	if a.Label == "" {
		return "no answer"
	}
	return a.Label
}

// otherSpans is how many further candidates are listed.
const otherSpans = 3

// view is the answer, the context with the answer marked, and the other candidates with their scores.
func (a spanned) view(s *shared.Styles, second bool, w, h int) string {
	style := s.Series[0]
	if second {
		style = s.Series[1]
	}
	c := canvas.New(w, h)
	mark := c.Ink(style.Bold(true).Underline(true))
	c.Text(0, 0, w, a.word(), mark)
	others := a.Spans[min(1, len(a.Spans)):]
	others = others[:min(len(others), otherSpans, max(0, h-4))]
	from, to := 0, 0
	if len(a.Spans) > 0 && a.Label != "" {
		from, to = a.Spans[0].Start, a.Spans[0].Start+len(a.Spans[0].Text)
	}
	drawContext(c, 1, h-1-len(others), a.Context, from, to, c.Ink(s.Text), mark)
	for i, o := range others {
		y := h - len(others) + i
		c.Right(0, y, scoreWidth, number.Sig(o.Score, 3), c.Ink(s.Muted))
		c.Text(scoreWidth+1, y, w-scoreWidth-1, o.Text, c.Ink(s.Muted))
	}
	return c.String()
}

// scoreWidth is the cells of a candidate's score.
const scoreWidth = 6

// A placed is a word of a wrapped text.
type placed struct {
	line, x int
	text    string
	marked  bool
}

// drawContext wraps a text into h lines from line y on, around the answer, bytes from to to, whose
// words are marked.
func drawContext(c *canvas.Canvas, y, h int, text string, from, to int, plain, mark canvas.Ink) {
	w, _ := c.Size()
	words := wrapMarked(text, from, to, w)
	if len(words) == 0 {
		return
	}
	hit := max(0, slices.IndexFunc(words, func(p placed) bool { return p.marked }))
	first, last := canvas.Window(words[hit].line, words[len(words)-1].line+1, h)
	for _, p := range words {
		ink := plain
		if p.marked {
			ink = mark
		}
		if p.line >= first && p.line < last {
			c.Text(p.x, y+p.line-first, w-p.x, p.text, ink)
		}
	}
}

// wrapMarked places every word of a text in lines of w cells.
func wrapMarked(text string, from, to, w int) []placed {
	var words []placed
	line, x := 0, 0
	eachWord(text, func(begin, end int) {
		n := canvas.Width(text[begin:end])
		if x > 0 && x+n > w {
			line, x = line+1, 0
		}
		words = append(words, placed{line, x, text[begin:end], begin < to && end > from})
		x += n + 1
	})
	return words
}

// eachWord calls f for the bytes of every word of a text.
func eachWord(text string, f func(from, to int)) {
	for i := 0; i < len(text); {
		from := i + strings.IndexFunc(text[i:], func(r rune) bool { return !unicode.IsSpace(r) })
		if from < i {
			return
		}
		to := strings.IndexFunc(text[from:], unicode.IsSpace)
		if to < 0 {
			to = len(text) - from
		}
		f(from, from+to)
		i = from + to
	}
}

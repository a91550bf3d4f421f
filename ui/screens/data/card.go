package data

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"defrost/datasets"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// carded says that an example of this kind is easier to read as people write it than as one row.
func carded(ex datasets.Example, kind datasets.Kind) bool {
	return len(ex.Tags) > 0 || ex.Question != "" || ex.Target != "" || ex.Pair != "" || kind == datasets.MultiLabel || kind == datasets.Regress || kind == datasets.Text
}

// card draws an example as people write it, in at most h lines: tags under words, the answer marked
// in its context, a sentence beside its translation or beside its partner, a score or labels under
// what they are of, running text under its title.
func card(ex datasets.Example, kind datasets.Kind, s *shared.Styles, w, h int) string {
	switch {
	case kind == datasets.Regress && h > 1:
		return over(ex, "score "+score(ex), s, w, h)
	case kind == datasets.MultiLabel && h > 1:
		return over(ex, listed(ex), s, w, h)
	case len(ex.Tags) > 0:
		return tagged(ex, s, w, h)
	case ex.Question != "":
		return asked(ex, s, w, h)
	case ex.Target != "":
		return beside(ex.Text, ex.Target, s, w, h)
	case ex.Pair == "":
		return written(ex.Text, s, w, h)
	}
	return beside(ex.Text, ex.Pair, s, w, h)
}

// over writes a text, or two beside each other, over what is said of it.
func over(ex datasets.Example, said string, s *shared.Styles, w, h int) string {
	lines := shared.Wrap(said, w)
	lines = lines[:min(len(lines), max(1, h/2))]
	room := h - len(lines)
	c := canvas.New(w, room)
	passage(c, nil, datasets.Example{Context: ex.Text}, s, w, room)
	above := c.String()
	if ex.Pair != "" {
		above = beside(ex.Text, ex.Pair, s, w, room)
	}
	above, n := trimmed(above)
	c = canvas.New(w, h-n)
	for y, l := range lines {
		c.Text(0, y, w, l, c.Ink(s.Series[1].Bold(true)))
	}
	return above + "\n" + c.String()
}

// listed are the labels of an example.
func listed(ex datasets.Example) string {
	if len(ex.Labels) == 0 {
		return noLabel
	}
	return "labels " + ex.LabelText()
}

// score is an example's with no more digits than it has.
func score(ex datasets.Example) string { return strconv.FormatFloat(ex.Score, 'g', 6, 64) }

// trimmed is a drawing without the empty lines at its end, and how many lines that leaves.
func trimmed(drawing string) (string, int) {
	lines := strings.Split(drawing, "\n")
	for len(lines) > 0 && strings.TrimSpace(ansi.Strip(lines[len(lines)-1])) == "" {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n"), len(lines)
}

// tagged writes each entity's name under its first word and a line under the rest of it.
func tagged(ex datasets.Example, s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	word, tag := c.Ink(s.Text), c.Ink(s.Series[1].Bold(true))
	x, y := 0, 0
	for i := 0; i < min(len(ex.Words), len(ex.Tags)); i++ {
		begin, name, _ := strings.Cut(ex.Tags[i], "-")
		inside := begin == "I" && x > 0
		wide := canvas.Width(ex.Words[i])
		if begin == "B" || begin == "I" && !inside {
			wide = max(wide, canvas.Width(name))
		}
		if x > 0 && x+wide > w {
			x, y, inside = 0, y+2, false
		}
		if y+1 >= h {
			break
		}
		c.Text(x, y, w-x, ex.Words[i], word)
		switch {
		case inside:
			c.Rule(x-1, y+1, min(wide+1, w-x+1), '─', tag)
		case begin == "B" || begin == "I":
			n := c.Text(x, y+1, w-x, name, tag)
			c.Rule(x+n, y+1, min(wide-n, w-x-n), '─', tag)
		}
		x += wide + 1
	}
	return c.String()
}

// asked writes the question over its context, in which the answer stands in brackets. Of a long
// context the lines around the answer are shown.
func asked(ex datasets.Example, s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	question := shared.Wrap(ex.Question, w)
	if ex.Impossible || len(ex.Answers) == 0 {
		question = append(question, "(the text does not say)")
	}
	passage(c, question, ex, s, w, h)
	return c.String()
}

// passage draws a context under lines that say what it is about.
func passage(c *canvas.Canvas, above []string, ex datasets.Example, s *shared.Styles, w, h int) {
	above = above[:min(len(above), max(1, h/2))]
	for y, l := range above {
		c.Text(0, y, w, l, c.Ink(s.Title))
	}
	lines, at := marked(ex, w)
	from, to := canvas.Window(at, len(lines), max(0, h-len(above)))
	for i, l := range lines[from:to] {
		x := 0
		for _, piece := range l {
			style := s.Text
			if piece.answer {
				style = s.Selection
			}
			x += c.Text(x, len(above)+i, w-x, piece.text, c.Ink(style))
		}
	}
}

// A piece is a stretch of a line that is all answer or has none of it.
type piece struct {
	text   string
	answer bool
}

// marked wraps the context with the first answer in brackets; at is the line it begins on.
func marked(ex datasets.Example, w int) (lines [][]piece, at int) {
	text, from, to := ex.Context, -1, -1
	if len(ex.Answers) > 0 {
		from, to = ex.Answers[0].Start, ex.Answers[0].Start+len(ex.Answers[0].Text)+2
		text = text[:from] + "[" + text[from:to-2] + "]" + text[to-2:]
	}
	offset := 0
	var wrapped []string
	for paragraph := range strings.Lines(text) {
		wrapped = append(wrapped, shared.Wrap(paragraph, w)...)
	}
	for _, l := range wrapped {
		var line []piece
		for n, word := range strings.Fields(l) {
			start := offset + strings.Index(text[offset:], word)
			offset = start + len(word)
			if n > 0 {
				line = append(line, piece{" ", start > from && start < to})
			}
			line = append(line, divided(word, from-start, to-start)...)
			if start <= from && from < offset {
				at = len(lines)
			}
		}
		lines = append(lines, line)
	}
	return lines, at
}

// divided parts a word where the answer begins and ends, both in bytes from the word's start.
func divided(word string, from, to int) []piece {
	from, to = min(max(from, 0), len(word)), min(max(to, 0), len(word))
	var pieces []piece
	for _, p := range []piece{{word[:from], false}, {word[from:to], true}, {word[to:], false}} {
		if p.text != "" {
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// beside writes two texts in two columns.
func beside(left, right string, s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	half, used := (w-3)/2, 0
	for i, text := range []string{left, right} {
		style := s.Text
		if i == 1 {
			style = s.Series[1]
		}
		for y, l := range shared.Wrap(text, half) {
			c.Text(i*(half+3), y, half, l, c.Ink(style))
			used = max(used, y+1)
		}
	}
	for y := range min(used, h) {
		c.Set(half+1, y, '│', c.Ink(s.Border))
	}
	return c.String()
}

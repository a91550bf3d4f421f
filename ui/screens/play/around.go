package play

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/plane"
)

// mostSentences is how many texts a word is shown in: more do not fit a screen.
const mostSentences = 24

// An around is where a word lies: among words like it, or, in sentences, itself in each place it
// stands in. The first of the points is what was asked about.
type around struct {
	title  string
	names  []string // of the points
	plane  engine.Plane
	places []standing // nil among words
	mean   float64    // cosine of two places
	none   string     // why there is nothing to draw
}

// A standing is a word in a sentence.
type standing struct {
	before, word, after string
	cosine              float64 // with the first place
}

// amongWords lays a word, or the three of an analogy, and its neighbours on a plane.
func amongWords(space *engine.WordSpace, ex *engine.Explainer, title string, named []string, list []engine.Neighbour) around {
	a := around{title: title}
	var vectors [][]float32
	for _, n := range list {
		named = append(named, n.Word)
	}
	for _, word := range named {
		v, err := vectorOf(space, ex, word)
		if err != nil {
			return around{none: err.Error()}
		}
		a.names, vectors = append(a.names, word), append(vectors, v)
	}
	var err error
	if a.plane, err = engine.Project(vectors); err != nil {
		return around{none: err.Error()}
	}
	return a
}

// inSentences finds a word in a text and in those of the data, and compares what the network says of it
// in each.
func inSentences(ex *engine.Explainer, data *datasets.Dataset, text, word string) around {
	if word == "" {
		return around{none: "arrows choose a word"}
	}
	texts := append([]string{text}, textsWith(data, word, mostSentences)...)
	found, err := ex.Model().InContext(context.Background(), word, texts, engine.LastLayer)
	if err != nil {
		return around{none: err.Error()}
	}
	if len(found) < 2 {
		return around{none: fmt.Sprintf("%s stands in no sentence of the data beside this one; type one where it stands twice, or choose other data", word)}
	}
	c, err := engine.CompareContexts(found)
	if err != nil {
		return around{none: err.Error()}
	}
	a := around{title: fmt.Sprintf("%s in %d places", word, len(found)), plane: c.Plane, mean: c.Mean}
	for i, o := range found {
		t := texts[o.Text]
		a.names = append(a.names, fmt.Sprint(i+1))
		a.places = append(a.places, standing{t[:o.Start], t[o.Start:o.End], t[o.End:], c.First[i]})
	}
	return a
}

// textsWith lists the first texts of a data set that hold a word, one of a kind.
func textsWith(d *datasets.Dataset, word string, most int) []string {
	if d == nil {
		return nil
	}
	var list []string
	seen, word := map[string]bool{}, strings.ToLower(word)
	for _, p := range datasets.Parts() {
		for _, ex := range d.Part(p) {
			for _, text := range []string{ex.Text, ex.Pair, ex.Context, strings.Join(ex.Words, " ")} {
				if len(list) == most {
					return list
				}
				if holds(text, word) && !seen[text] {
					seen[text] = true
					list = append(list, text)
				}
			}
		}
	}
	return list
}

// holds says whether a text has a word, given in small letters, as a whole.
func holds(text, word string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !letter(r) }) {
		if w == word {
			return true
		}
	}
	return false
}

// otherAround goes from words to sentences and back.
func (m *Model) otherAround() tea.Cmd {
	if !m.byToken() {
		return shared.Say("words have neighbours and sentences of a backbone alone: o chooses it")
	}
	m.sentences, m.tiles.Focus = !m.sentences, nearPane
	return m.changed()
}

func (m *Model) aroundTitle() string {
	if n, ok := m.says[0].(nearby); ok && n.around.title != "" {
		return n.around.title
	}
	return "where its words lie"
}

func (m *Model) aroundNote() string {
	if m.sentences {
		return "w its neighbours"
	}
	return "w its sentences"
}

// viewAround is the plane, what it means, and the sentences beside it.
func (m *Model) viewAround(w, h int) string {
	s := &m.session.Styles
	n, _ := m.says[0].(nearby)
	if len(n.around.names) == 0 {
		return paragraph(n.around.none, w, h, func(c *canvas.Canvas) canvas.Ink { return c.Ink(s.Muted) })
	}
	meaning := shared.Wrap(n.around.meaning(), w)
	meaning = meaning[:min(len(meaning), h/2)]
	if len(meaning) == 0 {
		return n.around.view(s, w, h)
	}
	c := canvas.New(w, len(meaning))
	for i, l := range meaning {
		c.Text(0, i, w, l, c.Ink(s.Muted))
	}
	return n.around.view(s, w, h-len(meaning)) + "\n" + c.String()
}

// meaning puts the picture into words.
func (a around) meaning() string {
	shown := number.Percent(a.plane.Explained[0] + a.plane.Explained[1])
	switch {
	case a.places == nil:
		return "the plane shows " + shown + " of the differences"
	case a.mean > 0.9999:
		return "cosine of two places 1.00: its vector is the same wherever it stands"
	}
	return fmt.Sprintf("cosine of two places %.2f on average; 1 would mean that context does not count. The plane shows %s of the differences", a.mean, shown)
}

// view draws the points, and where they are places the sentences right of them or below.
func (a around) view(s *shared.Styles, w, h int) string {
	p := plane.Plane{Styles: plane.Styles{Point: s.Series[1], Name: s.Text, First: s.Series[0].Bold(true)}}
	for i, name := range a.names {
		p.Points = append(p.Points, plane.Point{X: a.plane.X[i], Y: a.plane.Y[i], Name: name})
	}
	switch {
	case a.places == nil:
		return p.View(w, h)
	case w >= sideBySide:
		left := w * 2 / 5
		return shared.Beside(p.View(left, h), canvas.New(2, h).String(), a.list(s, w-left-2, h))
	case h < 2:
		return a.list(s, w, h)
	}
	return p.View(w, h/2) + "\n" + a.list(s, w, h-h/2)
}

// list writes the places with the word of each in one column.
func (a around) list(s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	const number, cosine = 3, 6
	middle := number + cosine + max(0, w-number-cosine)/3
	for i, p := range a.places[:min(h, len(a.places))] {
		ink, first := c.Ink(s.Text), c.Ink(s.Series[1].Bold(true))
		if i == 0 {
			first = c.Ink(s.Series[0].Bold(true))
		}
		c.Right(0, i, number-1, fmt.Sprint(i+1), first)
		if i > 0 {
			c.Text(number, i, cosine-1, fmt.Sprintf("%.2f", p.cosine), c.Ink(s.Muted))
		}
		before, room := oneLine(p.before), middle-number-cosine
		if n := canvas.Width(before); n > room {
			before = ansi.TruncateLeft(before, n-room+1, string(canvas.Ellipsis))
		}
		c.Right(number+cosine, i, room, before, ink)
		x := middle + c.Text(middle, i, w-middle, p.word, first)
		c.Text(x, i, w-x, oneLine(p.after), ink)
	}
	return c.String()
}

// blanks are runs of what separates words.
var blanks = regexp.MustCompile(`\s+`)

// oneLine is a text in which every run of blanks is one.
func oneLine(text string) string { return blanks.ReplaceAllString(text, " ") }

package play

import (
	"fmt"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// A translated is a text in another language, with the words that each of its words looked at.
type translated struct{ engine.Prediction }

func (a translated) word() string { return a.Label }

func (a translated) view(s *shared.Styles, second bool, w, h int) string {
	style := s.Series[0]
	if second {
		style = s.Series[1]
	}
	return paragraph(a.Label, w, h, func(c *canvas.Canvas) canvas.Ink { return c.Ink(style.Bold(true)) })
}

// The columns of the attention table: words are cut to fit, percentages always do.
const (
	mostWordCells  = 10
	leastWordCells = 3
)

// table has a row for each written word and a column for each word of the text, with the percentage
// of the attention in between; what is missing to a hundred went to marks around the text.
func (a translated) table(s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	first := widest(a.Attention.Written, max(mostWordCells, w/4))
	columns := a.columns(w - first)
	x := first + 1
	for j, n := range columns {
		c.Text(x, 0, n, a.Attention.Read[j], c.Ink(s.Title))
		x += n + 1
	}
	heat := ramp(s)
	for i, written := range a.Attention.Written {
		c.Text(0, i+1, first, written, c.Ink(s.Text))
		x := first + 1
		for j, n := range columns {
			v := a.Attention.Weights[i][j]
			shade := min(int(v*float64(len(heat))), len(heat)-1)
			c.Right(x, i+1, min(n, leastWordCells), fmt.Sprintf("%.0f", 100*v), c.Ink(heat[shade]))
			x += n + 1
		}
	}
	return c.String()
}

// columns are the cells of the words of the text, as many words as w cells have room for.
func (a translated) columns(w int) []int {
	most := mostWordCells
	for ; most > leastWordCells; most-- {
		if total(cells(a.Attention.Read, most)) <= w {
			break
		}
	}
	columns := cells(a.Attention.Read, most)
	for total(columns) > w && len(columns) > 0 {
		columns = columns[:len(columns)-1]
	}
	return columns
}

// cells is the room of each word, between that of a percentage and most.
func cells(words []string, most int) []int {
	list := make([]int, len(words))
	for i, word := range words {
		list[i] = min(max(canvas.Width(word), leastWordCells), most)
	}
	return list
}

// total is the room of columns with a blank before each.
func total(columns []int) int {
	n := 0
	for _, c := range columns {
		n += c + 1
	}
	return n
}

// widest is the room of the longest word, at most most.
func widest(words []string, most int) int {
	n := 0
	for _, word := range words {
		n = max(n, canvas.Width(word))
	}
	return min(n, most)
}

package tokens

import (
	"math"
	"strconv"

	"defrost/ui/widgets/canvas"
)

type inks struct {
	even, odd, special, bar, id, cursor canvas.Ink
	heat                                []canvas.Ink
}

func newInks(c *canvas.Canvas, s Styles) inks {
	k := inks{even: c.Ink(s.Even), odd: c.Ink(s.Odd), special: c.Ink(s.Special), bar: c.Ink(s.Bar), id: c.Ink(s.ID), cursor: c.Ink(s.Cursor)}
	for _, style := range s.Heat[:min(len(s.Heat), 64)] {
		k.heat = append(k.heat, c.Ink(style))
	}
	return k
}

// painter draws one view of tokens.
type painter struct {
	t    Tokens
	c    *canvas.Canvas
	inks inks
}

// token draws token i with what stands under it, from line y on.
func (p *painter) token(i int, at place, y int) {
	tok, k := p.t.Tokens[i], p.ink(i)
	p.c.Rule(at.x, y, at.w, ' ', k)
	p.c.Text(at.x, y, at.w, tok.Text, k)
	if at.x > 0 {
		p.c.Set(at.x-1, y, '│', p.inks.bar)
	}
	if p.t.IDs {
		y++
		p.c.Text(at.x, y, at.w, strconv.Itoa(tok.ID), p.inks.id)
	}
	if p.t.Notes {
		y++
		p.c.Text(at.x, y, at.w, tok.Note, p.inks.id)
	}
	if p.t.Heat {
		p.c.Rule(at.x, y+1, at.w, canvas.Level(tok.Heat), p.heat(tok.Heat, p.inks.id))
	}
}

// more says behind the last token of line y that others follow.
func (p *painter) more(last place, y int) {
	w, _ := p.c.Size()
	p.c.Set(min(last.x+last.w, w-1), y, '…', p.inks.bar)
}

// ink is the style of a token's text.
func (p *painter) ink(i int) canvas.Ink {
	tok := p.t.Tokens[i]
	switch {
	case i == p.t.Cursor:
		return p.inks.cursor
	case p.t.Heat && !tok.Special:
		return p.heat(tok.Heat, p.plain(i))
	case tok.Special:
		return p.inks.special
	}
	return p.plain(i)
}

func (p *painter) plain(i int) canvas.Ink {
	if i%2 == 0 {
		return p.inks.even
	}
	return p.inks.odd
}

// heat is the style of a heat value, or otherwise when there are none.
func (p *painter) heat(v float64, otherwise canvas.Ink) canvas.Ink {
	n := len(p.inks.heat)
	if n == 0 || math.IsNaN(v) {
		return otherwise
	}
	return p.inks.heat[int(min(max(v, 0), 1)*float64(n-1)+0.5)]
}

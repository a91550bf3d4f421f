package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
)

// chrome is the lines above and below a screen: header and footer.
const chrome = 2

// View draws the header, the screen, the footer, and what lies over them.
func (a *App) View() string {
	if a.w == 0 || a.h == 0 {
		return ""
	}
	frame := a.frame()
	if a.plain {
		frame = canvas.ASCII(frame)
	}
	if a.paint {
		return canvas.Fill(frame, a.w, a.h, a.session.Styles.Base)
	}
	return frame
}

func (a *App) frame() string {
	if a.w < shared.LeastWidth || a.h < shared.LeastHeight {
		return a.tooSmall()
	}
	body := canvas.Fit(a.screen().View(), a.w, a.h-chrome)
	if a.over != nil {
		body = cover(body, a.over.view(a, a.w, a.h-chrome), a.w, a.h-chrome)
	}
	below := a.below()
	body = canvas.Fit(body, a.w, a.h-1-strings.Count(below, "\n")-1)
	return a.header() + "\n" + body + "\n" + below
}

// below is the footer under what was said last, which takes as many lines as it needs up to half
// the screen.
func (a *App) below() string {
	if a.said.Text == "" {
		return a.footer()
	}
	s := &a.session.Styles
	style := s.Good
	if a.said.Bad {
		style = s.Bad
	}
	lines := shared.Wrap(a.said.Text, a.w-2)
	c := canvas.New(a.w, max(1, min(len(lines), a.h/2)))
	for i, l := range lines {
		c.Text(1, i, a.w-2, l, c.Ink(style))
	}
	return c.String() + "\n" + a.footer()
}

// tooSmall says what the terminal has and what it needs.
func (a *App) tooSmall() string {
	c := canvas.New(a.w, a.h)
	y := max(0, a.h/2-1)
	c.Centre(0, y, a.w, "too small", c.Ink(a.session.Styles.Title))
	c.Centre(0, y+1, a.w, fmt.Sprintf("%dx%d, needs %dx%d", a.w, a.h, shared.LeastWidth, shared.LeastHeight), canvas.Plain)
	return c.String()
}

// footer is the keys of the place.
func (a *App) footer() string {
	s := &a.session.Styles
	c := canvas.New(a.w, 1)
	a.keys(c, c.Ink(s.Key), c.Ink(s.Muted))
	return c.String()
}

// keys writes the keys that fit; where not all do, help keeps its place.
func (a *App) keys(c *canvas.Canvas, key, muted canvas.Ink) {
	x, kept := 1, 0
	for _, b := range a.session.Keys.In(a.where()) {
		if b.Action == shared.Help {
			kept = hintWidth(b)
		}
	}
	for _, b := range a.session.Keys.In(a.where()) {
		if b.Short == "" || len(b.Keys) == 0 {
			continue
		}
		if b.Action == shared.Help {
			kept = 0
		} else if x+hintWidth(b)+kept > a.w+1 {
			continue
		}
		x += c.Text(x, 0, a.w-x, shared.KeyName(b.Keys[0]), key) + 1
		x += c.Text(x, 0, a.w-x, b.Short, muted) + 2
	}
}

// hintWidth is the cells of a key and its word, with the blanks around them.
func hintWidth(b shared.Binding) int {
	return canvas.Width(shared.KeyName(b.Keys[0])) + canvas.Width(b.Short) + 3
}

// cover lays a smaller drawing over the middle of a larger one.
func cover(below, above string, w, h int) string {
	lines := strings.Split(below, "\n")
	top := strings.Split(above, "\n")
	aw := ansi.StringWidth(top[0])
	x, y := max(0, (w-aw)/2), max(0, (h-len(top))/3)
	for i, line := range top {
		if y+i >= len(lines) {
			break
		}
		under := lines[y+i]
		lines[y+i] = ansi.Cut(under, 0, x) + "\x1b[0m" + line + "\x1b[0m" + ansi.Cut(under, x+aw, w)
	}
	return strings.Join(lines, "\n")
}

// seconds writes a length of time given in seconds.
func seconds(s float64) string { return number.Duration(time.Duration(s * float64(time.Second))) }

package ui

import (
	"fmt"
	"strings"

	"defrost/ui/widgets/canvas"
)

// A tab is where a screen's name stands in the header.
type tab struct {
	x    int
	text string
}

// newsRoom is what the header keeps for the news of the run when it decides how much of the tabs to
// write; the short form of the news fits into newsLeast.
const (
	newsRoom  = 29
	newsLeast = 15
)

// tabs places the screens behind the badge. The first of these that leaves room for the news is
// taken, by the width alone, so that tabs do not move while a run goes on: badge and names, names,
// names close together, numbers with the name of the screen one is on.
func (a *App) tabs() []tab {
	if a.badged() {
		return a.named(1+badgeWidth(), 2, all)
	}
	if tabs := a.named(1, 2, all); end(tabs)+newsRoom <= a.w {
		return tabs
	}
	if tabs := a.named(1, 1, all); end(tabs)+newsLeast <= a.w {
		return tabs
	}
	return a.named(1, 1, func(i int) bool { return i == a.top })
}

func all(int) bool { return true }

// named places the tabs from x with gaps between them; which says whose names are written.
func (a *App) named(x, gap int, which func(i int) bool) []tab {
	tabs := make([]tab, len(registry))
	for i, r := range registry {
		text := fmt.Sprint(i + 1)
		if which(i) {
			text += " " + r.name
		}
		tabs[i] = tab{x, text}
		x += len(text) + gap
	}
	return tabs
}

// end is the cell behind the last tab.
func end(tabs []tab) int {
	last := tabs[len(tabs)-1]
	return last.x + len(last.text)
}

// badged says that the header has room for the badge beside all names and the news.
func (a *App) badged() bool { return end(a.named(1+badgeWidth(), 2, all))+newsRoom <= a.w }

// badgeWidth is that of the longest name, so that tabs do not move from screen to screen.
func badgeWidth() int {
	w := 0
	for _, r := range registry {
		w = max(w, len(r.name)+2)
	}
	return w
}

// header is the badge of the screen, the screens and what the run does.
func (a *App) header() string {
	s := &a.session.Styles
	c := canvas.New(a.w, 1)
	if a.badged() {
		name := strings.ToUpper(registry[a.top].name)
		badge := c.Ink(s.Badge)
		c.Paint(0, 0, len(name)+2, badge)
		c.Text(1, 0, len(name), name, badge)
	}
	tabs := a.tabs()
	for i, t := range tabs {
		style := s.Text
		if i == a.top {
			style = s.Here
		}
		c.Text(t.x, 0, len(t.text), t.text, c.Ink(style))
	}
	room := a.w - end(tabs) - 3
	long, short, style := a.news()
	if canvas.Width(long) > room {
		long = short
	}
	c.Right(end(tabs)+2, 0, room, long, c.Ink(style))
	return c.String()
}

package learn

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// A page is styled text, wrapped to w cells.
type page struct {
	w     int
	lines []line
}

// A line is one drawn line: a head in one style and the rest in another.
type line struct {
	head, text   string
	headed, body lipgloss.Style
}

// add wraps a paragraph.
func (p *page) add(style lipgloss.Style, text string) {
	for _, l := range shared.Wrap(text, max(1, p.w)) {
		p.lines = append(p.lines, line{text: l, body: style})
	}
}

// entry wraps a text behind a short head, or under it where the page is narrow.
func (p *page) entry(headed lipgloss.Style, head string, body lipgloss.Style, text string) {
	indent := canvas.Width(head) + 2
	if indent > p.w/2 {
		p.add(headed, head)
		head, indent = "", 2
	}
	for i, l := range shared.Wrap(text, max(1, p.w-indent)) {
		at := line{text: strings.Repeat(" ", indent) + l, body: body}
		if i == 0 && head != "" {
			at = line{head: head + "  ", text: l, headed: headed, body: body}
		}
		p.lines = append(p.lines, at)
	}
}

// entries wraps texts behind heads of one width.
func (p *page) entries(headed lipgloss.Style, heads []string, body lipgloss.Style, texts []string) {
	widest := 0
	for _, head := range heads {
		widest = max(widest, canvas.Width(head))
	}
	for i, head := range heads {
		p.entry(headed, head+strings.Repeat(" ", widest-canvas.Width(head)), body, texts[i])
	}
}

// gap leaves a line free, but not two, nor at the top.
func (p *page) gap() {
	if n := len(p.lines); n > 0 && p.lines[n-1].text != "" {
		p.lines = append(p.lines, line{})
	}
}

// view draws h lines from where the list is scrolled to; an arrow at the edge says that there is more.
func (p *page) view(s *shared.Styles, h int, roll *shared.List) string {
	c := canvas.New(p.w, h)
	from := 0
	if roll != nil {
		roll.Page = max(1, h-1)
		roll.Clamp(len(p.lines) - h + 1)
		from = roll.Cursor
	}
	for y := 0; y < h && from+y < len(p.lines); y++ {
		l := p.lines[from+y]
		x := c.Text(0, y, p.w, l.head, c.Ink(l.headed))
		c.Text(x, y, p.w-x, l.text, c.Ink(l.body))
	}
	if from > 0 {
		c.Set(p.w-1, 0, '▴', c.Ink(s.Accent))
	}
	if from+h < len(p.lines) {
		c.Set(p.w-1, h-1, '▾', c.Ink(s.Accent))
	}
	return c.String()
}

package live

import (
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// viewWritten is what a run that writes said of the first dev examples: the text, what it should have
// written and what it wrote.
func (m *Model) viewWritten(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	y := 0
	for _, sample := range m.story.dev.Written {
		for i, text := range []string{sample.Text, sample.Gold, sample.Written} {
			style := s.Muted
			if i == 2 {
				style = s.Text
				if sample.Written == sample.Gold {
					style = s.Good
				}
			}
			for _, l := range shared.Wrap(text, max(1, w-writtenIndent*min(i, 1))) {
				c.Text(writtenIndent*min(i, 1), y, w, l, c.Ink(style))
				y++
			}
		}
	}
	return c.String()
}

// writtenIndent sets answers off from the text.
const writtenIndent = 2

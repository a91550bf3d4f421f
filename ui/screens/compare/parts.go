package compare

import (
	"fmt"

	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
)

// viewParts is the figure of the two runs whose examples are read, label by label and from short
// texts to long ones.
func (m *Model) viewParts(w, h int) string {
	s := &m.session.Styles
	if m.side >= len(m.sides) {
		return m.waiting(w, h)
	}
	sd := m.sides[m.side]
	sh := &sheet{paint: map[[2]int]*lipgloss.Style{}}
	sh.add("", "n", letterOf(sd.a), letterOf(sd.b), "p")
	sh.paint[[2]int{0, 2}], sh.paint[[2]int{0, 3}] = m.bold(sd.a), m.bold(sd.b)
	for _, p := range m.result.of.Pairs {
		if p.A != sd.a || p.B != sd.b {
			continue
		}
		for _, part := range append(append([]engine.Part{}, p.Classes...), p.Lengths...) {
			y := len(sh.rows)
			if part.A.Value > part.B.Value {
				sh.paint[[2]int{y, 2}] = &s.Good
			} else if part.B.Value > part.A.Value {
				sh.paint[[2]int{y, 3}] = &s.Good
			}
			sh.add(part.Name, fmt.Sprint(part.Examples), fmt.Sprintf("%.2f", float64(part.A.Value)), fmt.Sprintf("%.2f", float64(part.B.Value)), fmt.Sprintf("%.3f", float64(part.P)))
		}
	}
	return sh.view(s, w, h, m.roll(partPane, len(sh.rows), h))
}

package compare

import (
	"fmt"
	"math"

	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// viewTest counts who is right where, and says what chance makes of it.
func (m *Model) viewTest(w, h int) string {
	switch {
	case !m.result.ready:
		return m.waiting(w, h)
	case len(m.result.of.Pairs) > 1:
		return m.viewPairs(w, h)
	}
	p := m.result.of.Pairs[0]
	if p.Why != "" {
		return m.untested(p, w, h)
	}
	s := &m.session.Styles
	sh := &sheet{paint: map[[2]int]*lipgloss.Style{}}
	sh.add("", "B right", "B wrong")
	sh.add("A right", fmt.Sprint(p.Both), fmt.Sprint(p.OnlyA))
	sh.add("A wrong", fmt.Sprint(p.OnlyB), fmt.Sprint(p.Neither))
	sh.paint[[2]int{1, 2}], sh.paint[[2]int{2, 1}] = m.bold(0), m.bold(1)
	for column := range 3 {
		sh.paint[[2]int{0, column}] = &s.Muted
	}
	below := canvas.New(w, max(0, h-3))
	below.Text(0, 0, w, p.Test+" "+engine.PText(float64(p.P)), below.Ink(s.Text))
	if d := float64(p.Detectable); !math.IsNaN(d) && p.OnlyA+p.OnlyB > 0 {
		below.Text(0, 1, w, fmt.Sprintf("finds a true difference of %.2f with 80%% power", d), below.Ink(s.Muted))
	}
	return sh.view(s, min(w, 34), min(h, 3), 0) + "\n" + below.String()
}

func (m *Model) bold(i int) *lipgloss.Style {
	style := m.session.Styles.Series[i].Bold(true)
	return &style
}

// untested says why a pair has no test.
func (m *Model) untested(p engine.Pair, w, h int) string {
	c := canvas.New(w, h)
	for y, line := range shared.Wrap("not tested: "+p.Why, w) {
		c.Text(0, y, w, line, c.Ink(m.session.Styles.Warn))
	}
	return c.String()
}

// extraPairs is how many rows the pairs need beyond those of a single test.
func (m *Model) extraPairs() int {
	if n := len(m.tracks); n > leastRuns {
		return max(0, n*(n-1)/2-3)
	}
	return 0
}

// viewPairs is one row per two runs.
func (m *Model) viewPairs(w, h int) string {
	s := &m.session.Styles
	sh := &sheet{paint: map[[2]int]*lipgloss.Style{}}
	sh.add("", "only 1st", "only 2nd", "gap", "Holm p")
	for column := range 5 {
		sh.paint[[2]int{0, column}] = &s.Muted
	}
	for _, p := range m.result.of.Pairs {
		name := letterOf(p.A) + " - " + letterOf(p.B)
		if p.Why != "" {
			sh.add(name, "-", "-", "-", "not tested")
			continue
		}
		g := p.Gaps[0]
		if p.Reliable() {
			sh.paint[[2]int{len(sh.rows), 4}] = &s.Good
		}
		sh.add(name, fmt.Sprint(p.OnlyA), fmt.Sprint(p.OnlyB), fmt.Sprintf("%+.3f", float64(g.Value)), shortP(p.Holm))
	}
	return sh.view(s, w, h, m.roll(testPane, len(sh.rows), h))
}

// shortP writes a p-value in six cells; those below the level carry a star, so that they stand out
// without colour.
func shortP(p engine.Number) string {
	star := ""
	if p < 0.05 {
		star = "*"
	}
	if p < 0.001 {
		return "<.001" + star
	}
	return fmt.Sprintf("%.3f", float64(p)) + star
}

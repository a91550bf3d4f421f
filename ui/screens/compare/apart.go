package compare

import (
	"math"

	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
)

// viewLoss draws the loss curves over one another or, each in a chart of its own, side by side over
// the same stretch of both axes and under the same crosshair.
func (m *Model) viewLoss(w, h int) string {
	all := m.lossChart()
	if !m.apart || len(m.tracks) == 0 {
		return all.View(w, h)
	}
	all.Y = m.tall(all)
	var parts []string
	widths := shared.Share(w, ones(len(all.Lines)))
	for i, line := range all.Lines {
		one := all
		line.Dash = max(1, i)
		if i == 0 {
			line.Dash = 0
		}
		one.Lines = []chart.Line{line}
		parts = append(parts, one.View(widths[i], h))
	}
	return shared.Beside(parts...)
}

// tall is the stretch of the y axis that holds the points of all curves in sight.
func (m *Model) tall(c chart.Chart) chart.Range {
	all := chart.Range{From: math.Inf(1), To: math.Inf(-1)}
	for _, l := range c.Lines {
		for _, b := range l.Data.Buckets() {
			if b.N > 0 && (c.X.Whole() || b.To >= c.X.From && b.From <= c.X.To) {
				all = chart.Range{From: min(all.From, b.Min), To: max(all.To, b.Max)}
			}
		}
	}
	if all.Whole() {
		return chart.Range{}
	}
	return all
}

func ones(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = 1
	}
	return list
}

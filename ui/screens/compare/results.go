package compare

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
)

// A sheet is a table of one row per figure and one column per run; the first row names the runs in
// the colours of their curves.
type sheet struct {
	rows  [][]string
	paint map[[2]int]*lipgloss.Style // by row and column
}

// newSheet begins with the runs' names; where there are more than two only their letters fit.
func (m *Model) newSheet() *sheet {
	head := []string{""}
	for i := range m.tracks {
		name := m.name(i)
		if len(m.tracks) > leastRuns {
			name = letterOf(i)
		}
		head = append(head, name)
	}
	sh := &sheet{paint: map[[2]int]*lipgloss.Style{}}
	sh.add(head...)
	for i := range m.tracks {
		style := m.session.Styles.Series[i].Bold(true)
		sh.paint[[2]int{0, i + 1}] = &style
	}
	return sh
}

func (sh *sheet) add(cells ...string) { sh.rows = append(sh.rows, cells) }

// view draws the sheet from row from on, under its first row; the first column is muted.
func (sh *sheet) view(s *shared.Styles, w, h, from int) string {
	t := table.Table{Rows: sh.rows, Cursor: -1, NoHeader: true, NoSign: true, Styles: s.Table()}
	widest := 0
	for _, row := range sh.rows {
		widest = max(widest, len(row))
	}
	for i := range widest {
		col := table.Column{Align: table.Right, Flex: 1, Min: 4}
		if i == 0 {
			col = table.Column{Min: 8}
		}
		t.Columns = append(t.Columns, col)
	}
	if from > 0 {
		t.Rows = append([][]string{sh.rows[0]}, sh.rows[1+from:]...)
	}
	t.Paint = func(row, column int) *lipgloss.Style {
		if row > 0 {
			row += from
		}
		if style := sh.paint[[2]int{row, column}]; style != nil || column > 0 {
			return style
		}
		return &s.Muted
	}
	return t.View(min(w, firstColumn+(widest-1)*widestColumn), h)
}

// firstColumn and widestColumn bound a sheet's width: figures far apart are hard to compare.
const (
	firstColumn  = 12
	widestColumn = 24
)

// roll is the row from which a pane of h lines shows a sheet of n rows.
func (m *Model) roll(pane, n, h int) int {
	l := &m.rolls[pane]
	l.Page = max(1, h-1)
	l.Clamp(n - h + 1)
	return l.Cursor
}

// waiting says why there are no results to show.
func (m *Model) waiting(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	text, style := "comparing...", s.Muted
	if m.training() {
		text = "figures and tests come with the first evaluation of every run"
	}
	if m.result.err != nil {
		text, style = m.result.err.Error(), s.Bad
	}
	for y, line := range shared.Wrap(text, w) {
		c.Text(0, y, w, line, c.Ink(style))
	}
	return c.String()
}

// viewResults is the verdict over the figures with their intervals, then what each run cost.
func (m *Model) viewResults(w, h int) string {
	if !m.result.ready {
		return m.waiting(w, h)
	}
	above := m.viewVerdict(w, max(1, h/2))
	sh := m.figures()
	if n := len(above) + len(sh.rows); n < h {
		above = append(above, "")
	}
	left := max(0, h-len(above))
	return strings.Join(above, "\n") + "\n" + sh.view(&m.session.Styles, w, left, m.roll(resultPane, len(sh.rows), left))
}

// viewVerdict is the verdict in at most h lines of w cells, under the names behind the letters where
// the tables have no room for them.
func (m *Model) viewVerdict(w, h int) []string {
	lines := shared.Wrap(m.result.of.Verdict, w)
	c := canvas.New(w, len(lines)+len(m.tracks))
	y := 0
	if len(m.tracks) > leastRuns {
		y = m.legend(c, w)
	}
	for _, line := range lines {
		c.Text(0, y, w, line, c.Ink(m.verdictStyle()))
		y++
	}
	return canvas.FitLines(c.String(), w, min(y, h))
}

// legend writes the runs' names in the colours of their curves and returns the lines it takes.
func (m *Model) legend(c *canvas.Canvas, w int) (lines int) {
	x := 0
	for i := range m.tracks {
		name := m.name(i)
		if n := canvas.Width(name); x > 0 && x+n > w {
			x, lines = 0, lines+1
		}
		x += c.Text(x, lines, w-x, name, c.Ink(m.session.Styles.Series[i].Bold(true))) + 2
	}
	return lines + 1
}

// verdictStyle is that of good news when a difference is reliable.
func (m *Model) verdictStyle() lipgloss.Style {
	s := &m.session.Styles
	for _, p := range m.result.of.Pairs {
		if p.Reliable() {
			return s.Good
		}
	}
	return s.Warn.Bold(true)
}

func (m *Model) figures() *sheet {
	sh := m.newSheet()
	if len(m.tracks) == leastRuns {
		sh.rows[0] = append(sh.rows[0], "A-B")
	}
	for _, name := range m.result.of.Figures() {
		m.measure(sh, name, shared.MetricName(name))
	}
	each := func(name string, cell func(r engine.Compared) string) {
		row := []string{name}
		for _, r := range m.result.of.Runs {
			row = append(row, cell(r))
		}
		sh.add(row...)
	}
	each("time", func(r engine.Compared) string { return span(r.Seconds) })
	each("tokens/s", func(r engine.Compared) string { return number.Compact(r.Rate()) })
	each("learns", func(r engine.Compared) string { return number.Compact(float64(r.Trainable)) })
	each("memory", func(r engine.Compared) string { return number.Bytes(int64(r.Memory)) })
	return sh
}

// measure adds a figure and the row of its intervals. The best value, and a difference whose interval
// leaves out 0, stand out.
func (m *Model) measure(sh *sheet, name, title string) {
	values, intervals := []string{title}, []string{"  95%"}
	best := -1
	for i, r := range m.result.of.Runs {
		f, ok := r.Measure(name)
		if !ok {
			values, intervals = append(values, "-"), append(intervals, "")
			continue
		}
		values, intervals = append(values, fmt.Sprintf("%.3f", float64(f.Value))), append(intervals, m.interval(f))
		if best < 0 || better(name, f, m.result.of.Runs[best]) {
			best = i
		}
	}
	y := len(sh.rows)
	if g, ok := m.result.of.Pairs[0].Gap(name); ok && len(m.tracks) == leastRuns {
		values = append(values, fmt.Sprintf("%+.3f", float64(g.Value)))
		if g.Low > 0 || g.High < 0 {
			sh.paint[[2]int{y, 3}] = &m.session.Styles.Title
		}
		intervals = append(intervals, shortSigned(g.Low)+" "+shortSigned(g.High))
	}
	if best >= 0 {
		sh.paint[[2]int{y, best + 1}] = &m.session.Styles.Good
	}
	sh.add(values...)
	for column := range intervals {
		sh.paint[[2]int{y + 1, column}] = &m.session.Styles.Muted
	}
	sh.add(intervals...)
}

// better compares a figure with another run's.
func better(name string, f engine.Measure, other engine.Compared) bool {
	o, _ := other.Measure(name)
	return engine.Better(name, f.Value, o.Value)
}

// interval is 0.74-0.79, or .74-.79 where columns are narrow.
func (m *Model) interval(f engine.Measure) string {
	low, high := fmt.Sprintf("%.2f", float64(f.Low)), fmt.Sprintf("%.2f", float64(f.High))
	if len(m.tracks) > leastRuns {
		low, high = strings.TrimPrefix(low, "0"), strings.TrimPrefix(high, "0")
	}
	return low + "-" + high
}

// shortSigned is +.16 or -1.20.
func shortSigned(n engine.Number) string {
	return strings.Replace(fmt.Sprintf("%+.2f", float64(n)), "0.", ".", 1)
}

// viewRecipe lists the settings that are not the same in all runs.
func (m *Model) viewRecipe(w, h int) string {
	if !m.result.ready {
		return m.waiting(w, h)
	}
	s := &m.session.Styles
	if len(m.result.of.Settings) == 0 {
		c := canvas.New(w, h)
		c.Text(0, 0, w, "none: the same recipe and seed", c.Ink(s.Muted))
		return c.String()
	}
	sh := m.newSheet()
	for _, d := range m.result.of.Settings {
		row := []string{strings.ReplaceAll(d.Name, "_", " ")}
		for i := range m.tracks {
			row = append(row, d.Text(i))
		}
		sh.add(row...)
	}
	return sh.view(s, w, h, m.roll(recipePane, len(sh.rows), h))
}

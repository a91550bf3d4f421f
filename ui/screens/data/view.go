package data

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"defrost/datasets"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/histogram"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/table"
	"defrost/ui/widgets/tokens"
)

// View draws the panes.
func (m *Model) View() string {
	d := m.current()
	problems := shared.Tile{Title: "rows that could not be used", Column: 1, Least: 5, Weight: 1, View: m.viewProblems}
	if len(d.Problems) == 0 {
		problems.Title, problems.Weight = "checks", 0
	}
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		sourcePane:  {Title: "sources", Note: m.session.Recipe.Data + " is chosen", Least: 6, Weight: 2, View: m.viewSources},
		samplePane:  {Title: "examples: " + string(m.part), Note: m.sampleNote(), Least: 7, Weight: 3, View: m.viewSamples},
		labelPane:   {Title: m.title(), Column: 1, Least: 6, Weight: 1, View: m.viewLabels},
		lengthPane:  {Title: "text length", Note: m.lengthNote(), Column: 1, Least: 6, Weight: 1, View: m.viewLengths},
		problemPane: problems,
	}, 6, 5)
}

func (m *Model) title() string {
	src, _ := m.source()
	return filepath.Base(src.name)
}

// viewSources lists what can be trained on.
func (m *Model) viewSources(w, h int) string {
	s := &m.session.Styles
	head := ""
	if m.typing == "path" {
		c := canvas.New(w, 1)
		x := c.Text(0, 0, w, "file or folder ", c.Ink(s.Accent))
		m.path.Draw(c, x, 0, w-x, "reviews.csv", s.Text, s.Muted)
		head, h = c.String()+"\n", h-1
	}
	if m.pull != nil && m.typing != "path" {
		head, h = m.pull.View(s, w)+"\n", h-1
	}
	m.list.Page = max(1, h-2)
	t := table.Table{
		Columns: []table.Column{
			{Title: "name", Flex: 2, Min: 10}, {Title: "kind", Min: 8}, {Title: "train", Align: table.Right}, {Title: "labels", Align: table.Right}, {Title: "where", Min: 10},
		},
		Cursor: m.list.Cursor, Styles: s.Table(),
		Selected: func(i int) bool { return m.sources[i].name == m.session.Recipe.Data },
	}
	t.Paint = func(row, column int) *lipgloss.Style {
		if column == 4 && m.sources[row].here {
			return &s.Good
		}
		return nil
	}
	for _, src := range m.sources {
		t.Rows = append(t.Rows, []string{
			filepath.Base(src.name), string(src.card.Kind), amount(src.card.Sizes[datasets.Train]), amount(src.card.Labels), place(src),
		})
	}
	return head + t.View(w, h)
}

func place(s source) string {
	switch {
	case s.here && s.card.HubID == "" && filepath.Base(s.name) == s.name && s.card.Licence != "":
		return "■ inside"
	case s.here:
		return "■ file"
	}
	return "- on the hub"
}

func amount(n int) string {
	if n == 0 {
		return "-"
	}
	return number.Compact(float64(n))
}

func (m *Model) sampleNote() string {
	if n := len(m.found); n > 0 {
		return fmt.Sprintf("%d of %d", m.samples.Cursor+1, n)
	}
	return ""
}

// viewSamples lists examples over the tokens of the one at the cursor.
func (m *Model) viewSamples(w, h int) string {
	s := &m.session.Styles
	if r, busy := m.read(); busy {
		return viewReading(r, s, w, h)
	}
	head := ""
	if m.typing == "filter" || m.filter.String() != "" {
		c := canvas.New(w, 1)
		x := c.Text(0, 0, w, "search ", c.Ink(s.Accent))
		if m.typing == "filter" {
			m.filter.Draw(c, x, 0, w-x, "text or label", s.Text, s.Muted)
		} else {
			c.Text(x, 0, w-x, m.filter.String(), c.Ink(s.Text))
		}
		head, h = c.String()+"\n", h-1
	}
	below := m.below(w, m.roomBelow(h))
	rows := h
	if below != "" {
		rows -= strings.Count(below, "\n") + 1
	}
	m.samples.Page = max(1, rows-2)
	body := m.sampleTable(rows).View(w, rows)
	if below != "" {
		body += "\n" + below
	}
	return head + body
}

// leastCard is the lines of a title and of a card that says something: a question and two lines of its
// text, words over their tags.
const leastCard = 4

// roomBelow is how many of h lines the example at the cursor gets: half, and where little is left of
// that for a card, all but two examples.
func (m *Model) roomBelow(h int) int {
	if ex, ok := m.example(); ok && carded(ex, m.current().Kind) {
		return max(h/2, min(h-2, leastCard))
	}
	return h / 2
}

// viewReading draws how far a file is read.
func viewReading(r shared.ReadingMsg, s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	c.Text(0, 0, w, "reading "+filepath.Base(r.File)+", esc stops", c.Ink(s.Text))
	share := float64(r.Done) / float64(max(1, r.Total))
	said := " " + number.Percent(share)
	wide := max(0, w-canvas.Width(said))
	c.Rule(0, 1, wide, '─', c.Ink(s.Border))
	c.Bar(0, 1, wide, share, c.Ink(s.Accent))
	c.Text(wide, 1, w-wide, said, c.Ink(s.Muted))
	return c.String()
}

// below draws the example at the cursor in at most h lines: as people write it where one row cannot
// show that, then as the backbone sees it.
func (m *Model) below(w, h int) string {
	ex, ok := m.example()
	if !ok || h < 2 {
		return ""
	}
	s := &m.session.Styles
	var parts []string
	if kind := m.current().Kind; carded(ex, kind) {
		drawing, n := trimmed(card(ex, kind, s, w, max(h*2/3-1, min(leastCard, h)-1)))
		if n > 0 && n+1 <= h {
			parts, h = append(parts, rule(s, w, " as people read it "), drawing), h-n-1
		}
	}
	if whole(ex) == m.cuts.text && h >= 2 {
		t := tokens.Tokens{Tokens: m.cuts.tokens, IDs: h >= 6, Cursor: -1, Styles: s.Tokens()}
		if n := min(t.Lines(w), h-1); n > 0 {
			parts = append(parts, rule(s, w, " as "+m.session.Recipe.Backbone+" sees it "), t.View(w, n))
		}
	}
	return strings.Join(parts, "\n")
}

func rule(s *shared.Styles, w int, title string) string {
	c := canvas.New(w, 1)
	c.Rule(0, 0, w, '─', c.Ink(s.Border))
	c.Text(2, 0, w-4, title, c.Ink(s.Muted))
	return c.String()
}

// sampleTable holds only the h examples around the cursor: there may be a hundred thousand.
func (m *Model) sampleTable(h int) table.Table {
	s := &m.session.Styles
	wide := 0
	examples := m.current().Part(m.part)
	from, to := canvas.Window(m.samples.Cursor, len(m.found), max(0, h))
	t := table.Table{NoHeader: true, Cursor: m.samples.Cursor - from, Empty: m.emptyNote(), Styles: s.Table()}
	if m.tiles.Focus != samplePane {
		t.Styles.Cursor = s.Key
	}
	for _, i := range m.found[from:to] {
		text := answer(examples[i], m.current().Kind)
		wide = max(wide, canvas.Width(text))
		t.Rows = append(t.Rows, []string{text, start(whole(examples[i]))})
	}
	t.Columns = []table.Column{{Title: "label", Width: min(wide, 24)}, {Title: "text", Flex: 1}}
	t.Paint = func(_, column int) *lipgloss.Style {
		if column == 0 {
			return &s.Series[1]
		}
		return nil
	}
	return t
}

// start is what a row can show of a text, its lines and blanks run together: an article is long.
func start(text string) string {
	const most = 1000
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return strings.Join(strings.Fields(text), " ")
}

func (m *Model) emptyNote() string {
	src, _ := m.source()
	switch {
	case m.opened[src.name].err != nil:
		return m.opened[src.name].err.Error()
	case !src.here:
		return "on the hub as " + src.card.HubID + "; d downloads it"
	case m.filter.String() != "":
		return "no example holds that; esc shows all"
	case m.opened[src.name].data == nil:
		return "reading..."
	}
	return "no examples in this split"
}

// viewLabels says what the set is and how its labels or scores are spread.
func (m *Model) viewLabels(w, h int) string {
	s := &m.session.Styles
	src, _ := m.source()
	d := m.current()
	lines := shared.Wrap(src.card.Description, w)
	sizes := src.card.Sizes
	if d.Len() > 0 {
		sizes = map[datasets.Part]int{}
		for _, p := range datasets.Parts() {
			sizes[p] = len(d.Part(p))
		}
	}
	var parts []string
	for _, p := range datasets.Parts() {
		if sizes[p] > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", p, number.Whole(int64(sizes[p]))))
		}
	}
	lines = append(lines, strings.Join(parts, ", "))
	if src.card.Licence != "" {
		lines = append(lines, src.card.Licence+", "+src.card.Source)
	}
	least := min(len(m.balance.Counts), 3)
	if len(m.scores) > 0 {
		least = 4 // bars over an axis
	}
	top := min(len(lines), max(0, h-least))
	c := canvas.New(w, top)
	for i, l := range lines[:top] {
		c.Text(0, i, w, l, c.Ink(s.Muted))
	}
	balance := m.balance
	balance.Styles = s.Histogram()
	spread := balance.View
	if len(m.scores) > 0 {
		spread = histogram.Histogram{Bins: histogram.Cut(m.scores, max(4, min(w/3, 20))), XName: "score", Styles: s.Histogram()}.View
	}
	switch {
	case top == 0:
		return spread(w, h)
	case top == h:
		return c.String()
	}
	return c.String() + "\n" + spread(w, h-top)
}

// lengthNote says how many texts are too long, and what becomes of them: questions are asked of
// every window of a text, and language models read all of it; other tasks see its beginning.
func (m *Model) lengthNote() string {
	st, limit := m.studied(), m.session.Recipe.MaxLength
	if len(st.lengths) == 0 {
		return ""
	}
	fate := "cut at"
	if kind := m.current().Kind; kind == datasets.QA || kind == datasets.Text {
		fate = "in windows of"
	}
	return fmt.Sprintf("%s %s %d tokens", number.Percent(st.longer(limit)), fate, limit)
}

// viewLengths draws how many tokens the training texts have, and where they are cut.
func (m *Model) viewLengths(w, h int) string {
	st := m.studied()
	limit := float64(m.session.Recipe.MaxLength)
	g := histogram.Histogram{
		Bins: histogram.Cut(st.lengths, st.bins(max(4, min(w/2, 30)))), Mark: &limit, XName: "tokens", Empty: "counting tokens...",
		Styles: m.session.Styles.Histogram(),
	}
	if m.session.Why.Model != nil {
		g.Empty = "no backbone to count tokens with"
	}
	return g.View(w, h)
}

package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/tokens"
)

// A look is which head's attention is shown.
type look struct {
	found *engine.AttentionMap
	text  string // that was asked about
	layer int    // from the top: 0 is the last layer, nearest to the answer
	head  int    // 0 is the mean of all, else one more than the head
}

func (l *look) forget() { l.found = nil }

// turn goes to the next layer or head, round and round.
func (l *look) turn(layer bool) {
	switch {
	case l.found == nil || l.found.Layers == 0:
	case layer:
		l.layer = (l.layer + 1) % l.found.Layers
	default:
		l.head = (l.head + 1) % (l.found.Heads + 1)
	}
}

// at is the layer and head within the network, counted from 0; head -1 is the mean.
func (l look) at() (layer, head int) {
	layer = max(0, l.found.Layers-1-l.layer%max(1, l.found.Layers))
	if l.head > l.found.Heads {
		return layer, -1
	}
	return layer, l.head - 1
}

// row is how the token spreads its attention.
func (l look) row(token int) []float32 {
	layer, head := l.at()
	if head < 0 {
		return l.found.Mean(layer, token)
	}
	return l.found.Row(layer, head, token)
}

// attends says that there is attention to show.
func (l look) attends() bool { return l.found != nil && l.found.Layers > 0 && len(l.found.Tokens) > 0 }

func (m *Model) lookTitle() string {
	if !m.look.attends() {
		return "where it looks"
	}
	layer, head := m.look.at()
	which := "mean of heads"
	if head >= 0 {
		which = fmt.Sprintf("head %d of %d", head+1, m.look.found.Heads)
	}
	return fmt.Sprintf("where it looks: layer %d of %d, %s", layer+1, m.look.found.Layers, which)
}

// viewLook is the attention of the token at the cursor: as a sentence, then as numbers and bars.
func (m *Model) viewLook(w, h int) string {
	s := &m.session.Styles
	if !m.look.attends() {
		return m.noLook(w, h)
	}
	a, text := m.look.found, m.look.text
	token := min(m.token, len(a.Tokens)-1)
	row := m.look.row(token)
	lines := shared.Wrap(lookSentence(a.Tokens, row, token, text), w)
	if len(lines) > 2 {
		lines = append(lines[:1], lines[1]+" ...")
	}
	if h-len(lines) < leastTokens {
		lines = lines[:min(len(lines), 1, h)]
	}
	c := canvas.New(w, len(lines))
	for i, l := range lines {
		c.Text(0, i, w, l, c.Ink(s.Text))
	}
	t := tokens.Tokens{Tokens: seenTokens(a.Tokens, row, text), Notes: true, Heat: h-len(lines) > 2, Cursor: token, Styles: s.Tokens()}
	t.Styles.Heat = ramp(s)
	if h <= len(lines) {
		return canvas.Fit(c.String(), w, h)
	}
	return c.String() + "\n" + t.View(w, h-len(lines))
}

func (m *Model) noLook(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	text := "..."
	if m.look.found != nil && m.subjects[0] != nil {
		text = "this backbone (" + m.subjects[0].ex.Model().Shape().Family + ") has no attention: its words do not look at one another by weights that can be read"
	}
	for i, l := range shared.Wrap(text, w) {
		c.Text(0, i, w, l, c.Ink(s.Muted))
	}
	return c.String()
}

// mostNamed is how many tokens the sentence names.
const mostNamed = 4

// lookSentence names what a token looks at, most first.
func lookSentence(list []engine.Token, row []float32, token int, text string) string {
	order := make([]int, len(row))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	var parts []string
	for _, i := range order[:min(len(order), mostNamed)] {
		parts = append(parts, fmt.Sprintf("%s %s", pieceOf(list[i], text), number.Percent(float64(row[i]))))
	}
	return fmt.Sprintf("%s looks at %s", pieceOf(list[token], text), strings.Join(parts, ", "))
}

// seenTokens gives tokens the attention they get.
func seenTokens(list []engine.Token, row []float32, text string) []tokens.Token {
	out := plainTokens(list, text)
	top := float32(0)
	for _, v := range row {
		top = max(top, v)
	}
	for i, v := range row {
		out[i].Heat = float64(v / max(top, leastHeat))
		out[i].Note = fmt.Sprintf("%.0f%%", 100*v)
		out[i].Special = false // what they get is shown as for all others
	}
	return out
}

package play

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
)

// A writing is a causal network that writes the text on.
type writing struct {
	temperature float64
	seed        uint64
	now         *draft // on its way or the last one, nil for none
}

// A draft is what is being written. The command adds to it, Update and View read it.
type draft struct {
	after  string // the text that is written on
	cancel context.CancelFunc

	mu    sync.Mutex
	text  string
	count int
	done  bool
	err   error
}

type (
	writtenMsg struct{ draft *draft }
	glanceMsg  struct{ draft *draft }
)

const (
	glance      = 60 * time.Millisecond // how often the draft is looked at
	mostWritten = 60                    // tokens
	dearly      = 1.2                   // what repetition costs (Keskar et al. 2019)
	shownNext   = 10                    // likely tokens that are asked for
	warmth      = 0.2                   // what a key adds to the temperature
	hottest     = 2.0
)

// going says that something is being written.
func (w *writing) going() bool {
	if w.now == nil {
		return false
	}
	w.now.mu.Lock()
	defer w.now.mu.Unlock()
	return !w.now.done
}

func (w *writing) stop() {
	if w.now != nil {
		w.now.cancel()
	}
}

// writes says that a network writes texts on: a causal backbone, or a run that trained one to.
func writes(ex *engine.Explainer) bool {
	return ex.Causal() && (ex.Task() == "" || ex.Task() == "lm")
}

// warm changes the temperature.
func (w *writing) warm(up bool) tea.Cmd {
	if up {
		w.temperature += warmth
	} else {
		w.temperature -= warmth
	}
	w.temperature = max(0, min(float64(int(w.temperature*10+0.5))/10, hottest))
	if w.temperature == 0 {
		return shared.Say("temperature 0: the likeliest token every time")
	}
	return shared.Say(fmt.Sprintf("temperature %.1f", w.temperature))
}

// writeOn begins to write, or stops.
func (m *Model) writeOn() tea.Cmd {
	a := m.subjects[0]
	switch {
	case m.write.going():
		m.write.stop()
		return nil
	case a == nil || !writes(a.ex):
		return shared.Say("writing on needs a causal backbone such as gpt2, chosen with o: this one reads")
	case m.asked.busy:
		return shared.Say("one moment")
	}
	ctx, cancel := context.WithCancel(m.session.Context())
	m.write.seed++
	d := &draft{after: m.text.String(), cancel: cancel}
	m.write.now, m.asked.busy, m.tiles.Focus = d, true, nearPane
	o := engine.GenerateOptions{Tokens: mostWritten, Temperature: m.write.temperature, Seed: m.write.seed}
	if o.Temperature > 0 { // without a draw the likeliest token is what was asked for
		o.Repetition = dearly
	}
	return tea.Batch(d.look(), func() tea.Msg {
		defer cancel()
		d.write(ctx, a.ex.Model(), o)
		return writtenMsg{d}
	})
}

// write lets the network write token by token.
func (d *draft) write(ctx context.Context, model *engine.Model, o engine.GenerateOptions) {
	tok := model.Tokenizer()
	var ids []int32
	text, err := model.Generate(ctx, d.after, o, func(t engine.Token) {
		ids = append(ids, int32(t.ID))
		so := tok.Decode(ids)
		d.mu.Lock()
		defer d.mu.Unlock()
		d.text, d.count = so, len(ids)
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text, d.err, d.done = text, err, true
}

// look comes back in a moment to draw how far the draft is.
func (d *draft) look() tea.Cmd {
	return tea.Tick(glance, func(time.Time) tea.Msg { return glanceMsg{d} })
}

// glance draws again while the draft grows.
func (w *writing) glance(msg glanceMsg) tea.Cmd {
	if msg.draft == w.now && w.going() {
		return w.now.look()
	}
	return nil
}

// written lets the network answer again.
func (m *Model) written(msg writtenMsg) tea.Cmd {
	m.asked.busy = false
	return m.ask()
}

// viewWritten is the text and what was written after it.
func (m *Model) viewWritten(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	d := m.write.now
	if d == nil {
		for i, l := range shared.Wrap("enter lets the network write the text on, token by token; + and - change the temperature, and enter again writes another one", w) {
			c.Text(0, i, w, l, c.Ink(s.Muted))
		}
		return c.String()
	}
	d.mu.Lock()
	text, done, err := d.text, d.done, d.err
	d.mu.Unlock()
	if err != nil {
		for i, l := range shared.Wrap(err.Error(), w) {
			c.Text(0, i, w, l, c.Ink(s.Bad))
		}
		return c.String()
	}
	if !done {
		text += " ..."
	}
	lines := shared.Wrap(d.after+" | "+text, w)
	from := max(0, len(lines)-h)
	for i, l := range lines[from:] {
		c.Text(0, i, w, l, c.Ink(s.Text))
	}
	return c.String()
}

func (m *Model) writtenNote() string {
	note := fmt.Sprintf("temperature %.1f", m.write.temperature)
	if d := m.write.now; d != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		note = fmt.Sprintf("%d tokens, ", d.count) + note
	}
	return note
}

// A nexts is the tokens that are likely to come next.
type nexts []engine.Candidate

// readNext asks a causal network.
func readNext(ex *engine.Explainer) reader {
	return func(q question) (reading, error) {
		list, err := ex.Next(q.text, shownNext)
		return nexts(list), err
	}
}

func (n nexts) word() string {
	if len(n) == 0 {
		return ""
	}
	return fmt.Sprintf("%q", visible.Replace(n[0].Token.Text))
}

// visible writes what vocabularies mark blanks, line ends and ends of words with.
var visible = strings.NewReplacer("Ġ", "·", "▁", "·", "</w>", "·", "Ċ", "\\n")

func (n nexts) view(s *shared.Styles, second bool, w, h int) string {
	fill := s.Series[0]
	if second {
		fill = s.Series[1]
	}
	list := gauge.List{Cursor: -1, Styles: s.Gauge(fill)}
	for _, c := range n {
		list.Items = append(list.Items, gauge.Item{Label: visible.Replace(c.Token.Text), Share: c.P})
	}
	return list.View(w, h)
}

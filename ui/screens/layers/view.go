package layers

import (
	"fmt"
	"math"
	"strings"
	"time"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/number"
	"defrost/ui/widgets/stack"
)

// View draws the panes.
func (m *Model) View() string {
	title, note := m.title()
	presets := shared.Tile{Title: "presets", Note: "p, then a digit", Column: 1, Least: 9, Weight: 1, View: m.viewPresets}
	if m.asking {
		presets.Title = "presets: press a digit"
	}
	shares, costTitle := []int{7, 5}, "what this choice costs"
	if m.ofRun && m.live != nil {
		shares, costTitle = []int{8, 4}, "what the recipe costs" // gradient and movement need room
	}
	cost := shared.Tile{Title: costTitle, Column: 1, Least: 9, Weight: 1, View: m.viewCost}
	return m.tiles.View(&m.session.Styles, []shared.Tile{
		mapPane:  {Title: title, Note: note, Least: 6, Weight: 4, View: m.viewMap},
		costPane: cost, presetPane: presets,
	}, shares...)
}

func (m *Model) title() (title, note string) {
	if m.ofRun && m.live != nil {
		note = "space steers the run"
		if !m.session.Training() {
			note = "f shows the recipe"
		}
		return "freeze map of run " + m.run.ID, note
	}
	title = m.session.Recipe.Backbone
	if b := m.session.Budget; b != nil {
		title += " · " + number.Compact(float64(b.Total)) + " params"
	}
	return title + " · freeze map", ""
}

// viewMap draws the freeze map, or why there is none.
func (m *Model) viewMap(w, h int) string {
	s := m.stack()
	if len(s.Rows) == 0 {
		return m.missing(w, h)
	}
	m.list.Page = max(1, h-3)
	return s.View(w, h)
}

func (m *Model) missing(w, h int) string {
	c := canvas.New(w, h)
	style, text := m.session.Styles.Muted, "opening "+m.session.Recipe.Backbone+" and "+m.session.Recipe.Data+"..."
	if err := m.session.Trouble(); err != nil {
		style, text = m.session.Styles.Bad, err.Error()
	}
	for i, line := range shared.Wrap(text, w) {
		c.Text(0, i, w, line, c.Ink(style))
	}
	return c.String()
}

// stack is the map as the widget takes it.
func (m *Model) stack() stack.Stack {
	s := stack.Stack{Cursor: m.list.Cursor, Anchor: m.anchor, FreezeLine: -1, Styles: m.session.Styles.Stack()}
	layers := m.layers()
	running := m.ofRun && m.live != nil
	if running {
		s.Heats = []string{"grad", "moved"}
	} else if len(layers) > 0 {
		s.FreezeLine, s.LineHint = frozenBelow(layers), "freeze line: J down, K up"
	}
	tensors := m.tensors()
	for _, l := range layers {
		s.Rows = append(s.Rows, m.stackRow(l, tensors[l.Name], running))
	}
	return s
}

func (m *Model) stackRow(l engine.LayerState, tensors []engine.TensorInfo, running bool) stack.Row {
	row := stack.Row{Name: l.Name, Params: int64(l.Params), Trainable: int64(l.Trainable), Rate: float64(l.LR), Open: m.open[l.Name]}
	switch {
	case l.Frozen():
		row.State = stack.Frozen
	case l.Trainable < l.Params:
		row.State = stack.Partly
	default:
		row.State = stack.Trains
	}
	if running {
		row.Heat = []float64{float64(l.GradNorm), float64(l.Drift)}
	}
	prefix := common(tensors)
	for _, t := range tensors {
		name := t.Name[prefix:]
		row.Parts = append(row.Parts, stack.Row{Name: name, State: row.State, Params: int64(size(t.Shape)), Note: shape(t.Shape)})
	}
	return row
}

// tensors are those of each layer of the backbone.
func (m *Model) tensors() map[string][]engine.TensorInfo {
	all := map[string][]engine.TensorInfo{}
	if m.session.Model != nil {
		for _, l := range m.session.Model.Layers() {
			all[l.Name] = l.Tensors
		}
	}
	return all
}

// common is the length of what all tensor names of a layer begin with, up to a dot.
func common(tensors []engine.TensorInfo) int {
	if len(tensors) < 2 {
		return 0
	}
	first := tensors[0].Name
	n := len(first)
	for _, t := range tensors[1:] {
		for n > 0 && !strings.HasPrefix(t.Name, first[:n]) {
			n--
		}
	}
	return strings.LastIndexByte(first[:n], '.') + 1
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func shape(s []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(s), "[]"), " ", " x ")
}

// viewCost writes what the recipe needs: parameters, memory, time.
func (m *Model) viewCost(w, h int) string {
	b := m.session.Budget
	if b == nil {
		return m.missing(w, h)
	}
	s := &m.session.Styles
	share := float64(b.Trainable) / math.Max(1, float64(b.Total))
	g := gauge.Gauge{Label: "trainable ", Share: share, Styles: s.Gauge(s.Trains),
		Text: fmt.Sprintf("%s of %s (%s)", number.Compact(float64(b.Trainable)), number.Compact(float64(b.Total)), number.Percent(share))}
	if h < 2 {
		return g.View(w, h)
	}
	c := canvas.New(w, h-1)
	muted, text := c.Ink(s.Muted), c.Ink(s.Text)
	y := 0
	row := func(name, value string) {
		for _, line := range shared.Wrap(value, w-11) {
			c.Text(0, y, 10, name, muted)
			c.Text(11, y, w-11, line, text)
			name, y = "", y+1
		}
	}
	row("memory", memory(b.Memory, m.session.Recipe.Optimizer))
	row("backward", m.backward(b.Layers))
	row("steps", fmt.Sprintf("%d, %d per epoch", b.Steps, b.PerEpoch))
	row("epoch", m.epoch())
	row("run", m.whole())
	return g.View(w, 1) + "\n" + c.String()
}

// memory is the sum and the parts that are not nothing.
func memory(m engine.Memory, optimizer string) string {
	var parts []string
	for _, p := range []struct {
		bytes int
		name  string
	}{
		{m.Weights, "weights"}, {m.Gradients, "gradients"}, {m.Optimizer, optimizer}, {m.Activations, "activations"},
		{m.Total() - m.Weights - m.Gradients - m.Optimizer - m.Activations, "program and caches"},
	} {
		if p.bytes > 0 {
			parts = append(parts, number.Bytes(int64(p.bytes))+" "+p.name)
		}
	}
	return number.Bytes(int64(m.Total())) + ": " + strings.Join(parts, " + ")
}

// backward says how far down gradients have to go.
func (m *Model) backward(layers []engine.LayerState) string {
	n := frozenBelow(layers)
	switch {
	case n == 0:
		return "through every layer"
	case n >= len(layers)-1:
		return "stops at the head"
	}
	return "stops at " + layers[n].Name
}

// epoch is the measured time of one epoch on this machine.
func (m *Model) epoch() string {
	key := probeKey(m.session.Recipe)
	took, known := m.probes.seconds[key]
	switch {
	case known:
		return span(took) + " on this machine" + m.faster(took)
	case m.probes.failed[key] != nil:
		return "not measured: " + m.probes.failed[key].Error()
	case m.session.Training():
		return "measured when no run trains"
	case m.session.NoProbe:
		return "not measured"
	}
	return "measuring for 2 s..."
}

// faster compares with training everything, once that was measured too.
func (m *Model) faster(took float64) string {
	all := probeKey(m.session.Recipe)
	all.Train, all.Freeze = "all", ""
	whole, known := m.probes.seconds[all]
	if !known || took <= 0 || all == probeKey(m.session.Recipe) {
		return ""
	}
	return fmt.Sprintf(", %.1fx a full fine-tune's speed", whole/took)
}

func (m *Model) whole() string {
	took, known := m.probes.seconds[probeKey(m.session.Recipe)]
	if !known {
		return fmt.Sprintf("%d epochs", m.session.Recipe.Epochs)
	}
	return fmt.Sprintf("%d epochs, about %s", m.session.Recipe.Epochs, span(took*float64(m.session.Recipe.Epochs)))
}

func span(seconds float64) string {
	return number.Duration(time.Duration(seconds * float64(time.Second)))
}

// viewPresets lists the presets with their digits, then why the current choice makes sense.
func (m *Model) viewPresets(w, h int) string {
	s := &m.session.Styles
	c := canvas.New(w, h)
	why := "A choice of your own. What is frozen keeps exactly what pre-training left, costs no gradient and no optimizer memory; what learns can adapt, and can forget."
	y := 0
	for i, p := range engine.Presets() {
		style, sign := s.Text, " "
		if p.Apply(m.session.Recipe) == m.session.Recipe {
			style, sign, why = s.Marked, "►", p.Why
		}
		digit := s.Muted
		if m.asking {
			digit = s.Accent
		}
		c.Text(0, y, 2, sign, c.Ink(style))
		c.Text(2, y, 2, fmt.Sprint(i+1), c.Ink(digit))
		c.Text(4, y, w-4, p.Title, c.Ink(style))
		y++
	}
	for i, line := range append([]string{""}, shared.Wrap(why, w)...) {
		c.Text(0, y+i, w, line, c.Ink(s.Muted))
	}
	return c.String()
}

// Package layers is the freeze map: which layers learn, and what that costs. While a run trains the
// same map shows each layer's gradient norm and how far it has moved from its pre-trained weights,
// and freezing or thawing a row steers the run at once.
package layers

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/stack"
)

// A Model is the screen.
type Model struct {
	session *shared.Session
	tiles   shared.Tiles
	list    shared.List
	anchor  int // other end of the selected range, -1 for none
	open    map[string]bool
	asking  bool // the presets are being chosen from

	live   []engine.LayerState // the map of the run, as last heard
	ofRun  bool                // show the run's map instead of the recipe's
	run    *engine.Run
	probes probes
}

// The panes.
const (
	mapPane = iota
	costPane
	presetPane
	panes
)

// New makes the screen.
func New(s *shared.Session) shared.Screen {
	return &Model{session: s, anchor: -1, open: map[string]bool{}, probes: probes{seconds: map[engine.Recipe]float64{}, cancel: func() {}}}
}

// Keys are the bindings of the screen.
func Keys() []shared.Binding {
	keys := []shared.Binding{
		{Action: "layers.toggle", Where: "layers", Keys: []string{" "}, Short: "toggle", Help: "freeze or thaw the layer, or the selected range; in a run at once"},
		{Action: "layers.down", Where: "layers", Keys: []string{"J"}, Short: "freeze line down", Help: "move the freeze line down: one layer more is frozen"},
		{Action: "layers.up", Where: "layers", Keys: []string{"K"}, Short: "up", Help: "move the freeze line up: one layer more learns"},
		{Action: "layers.presets", Where: "layers", Keys: []string{"p"}, Short: "presets", Help: "choose a well-known way to freeze"},
		{Action: "layers.open", Where: "layers", Keys: []string{"enter"}, Short: "tensors", Help: "open the layer to its tensors, or close it"},
		{Action: "layers.range", Where: "layers", Keys: []string{"v"}, Short: "range", Help: "begin to select a range of layers, or let it go"},
		{Action: "layers.source", Where: "layers", Keys: []string{"f"}, Help: "change between the map of the run and that of the recipe"},
	}
	for i, p := range engine.Presets() {
		keys = append(keys, shared.Binding{
			Action: presetAction(p), Where: "ask.presets", Keys: []string{strconv.Itoa(i + 1)}, Short: p.Title, Help: "preset: " + p.Title,
		})
	}
	return keys
}

func presetAction(p engine.Preset) shared.Action { return shared.Action("layers.preset." + p.Name) }

// SetSize tells the screen its cells.
func (m *Model) SetSize(w, h int) { m.tiles.SetSize(w, h) }

// Where is the place of the key table.
func (m *Model) Where() string {
	if m.asking {
		return "ask.presets"
	}
	return "layers"
}

// Close closes the presets, lets the range go, or makes the pane small.
func (m *Model) Close() bool {
	if m.asking || m.anchor >= 0 {
		m.asking, m.anchor, m.tiles.Focus = false, -1, mapPane
		return true
	}
	return m.tiles.Act(shared.Back, panes)
}

// Update hears keys and news.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case shared.Action:
		return m.act(msg)
	case shared.ClickMsg:
		m.tiles.Click(msg)
	case shared.ShownMsg, shared.BudgetMsg:
		m.list.Clamp(len(m.stack().Lines()))
		return m.probeSoon()
	case shared.RecipeMsg:
		m.probes.cancel()
	case shared.RunMsg:
		m.follow(msg)
	case shared.ChosenMsg:
		m.follow(shared.RunMsg{Run: msg.Run})
		m.heard(shared.EventsMsg{Run: msg.Run, Events: m.session.Heard(msg.Run)})
	case shared.EventsMsg:
		m.heard(msg)
	case probeDueMsg:
		return m.probe(msg)
	case probedMsg:
		return m.probed(msg)
	}
	return nil
}

// follow shows the map of a run that has begun.
func (m *Model) follow(msg shared.RunMsg) {
	m.probes.cancel()
	if msg.Err == nil {
		m.run, m.live, m.ofRun = msg.Run, nil, true
	}
}

// heard keeps the newest map of the run.
func (m *Model) heard(msg shared.EventsMsg) {
	if msg.Run != m.run {
		return
	}
	for _, e := range msg.Events {
		switch e := e.(type) {
		case engine.Loaded:
			m.live = e.Layers
		case engine.Thawed:
			m.changed(e.Layers)
		case engine.Measured:
			m.live = e.Layers
		case engine.Evaluated:
			if len(e.Layers) > 0 {
				m.live = e.Layers
			}
		}
	}
}

// changed takes a map that says anew what learns; how far layers have moved it does not say.
func (m *Model) changed(layers []engine.LayerState) {
	moved := map[string]engine.Number{}
	for _, l := range m.live {
		moved[l.Name] = l.Drift
	}
	m.live = slices.Clone(layers)
	for i, l := range layers {
		m.live[i].Drift = moved[l.Name]
	}
}

func (m *Model) act(a shared.Action) tea.Cmd {
	s := m.stack()
	if m.list.Act(a, len(s.Lines())) || m.tiles.Act(a, panes) {
		return nil
	}
	for _, p := range engine.Presets() {
		if presetAction(p) == a {
			m.asking, m.anchor, m.ofRun, m.tiles.Focus = false, -1, false, mapPane
			return tea.Batch(m.session.Change(func(r *engine.Recipe) { *r = p.Apply(*r) }), shared.Say(p.Title+": "+p.Why))
		}
	}
	switch a {
	case "layers.toggle":
		return m.toggle(s)
	case "layers.down":
		return m.moveLine(1)
	case "layers.up":
		return m.moveLine(-1)
	case "layers.open":
		if row, ok := m.row(s); ok {
			m.open[row.Name] = !row.Open
		}
	case "layers.range":
		m.selectFrom()
	case "layers.presets":
		m.asking, m.tiles.Focus = true, presetPane
	case "layers.source":
		m.ofRun = !m.ofRun && m.live != nil
	}
	return nil
}

func (m *Model) selectFrom() {
	if m.anchor >= 0 {
		m.anchor = -1
		return
	}
	m.anchor = m.list.Cursor
}

// layers is the map that is shown: the run's or the recipe's.
func (m *Model) layers() []engine.LayerState {
	switch {
	case m.ofRun && m.live != nil:
		return m.live
	case m.session.Budget != nil:
		return m.session.Budget.Layers
	}
	return nil
}

// steering says that the map shown is that of a run in progress.
func (m *Model) steering() bool { return m.ofRun && m.live != nil && m.session.Training() }

// row is the layer at the cursor.
func (m *Model) row(s stack.Stack) (stack.Row, bool) {
	lines := s.Lines()
	if m.list.Cursor >= len(lines) {
		return stack.Row{}, false
	}
	return s.Rows[lines[m.list.Cursor].Row], true
}

// selected is the layers at the cursor or in the range.
func (m *Model) selected(s stack.Stack) map[string]bool {
	lines, names := s.Lines(), map[string]bool{}
	from, to := m.list.Cursor, m.list.Cursor
	if m.anchor >= 0 {
		from, to = min(from, m.anchor), max(to, m.anchor)
	}
	for i := max(0, from); i <= to && i < len(lines); i++ {
		names[s.Rows[lines[i].Row].Name] = true
	}
	return names
}

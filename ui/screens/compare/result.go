package compare

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/chart"
)

// A result is what the engine says about the runs compared.
type result struct {
	of    engine.Comparison
	sweep *engine.Sweep // nil for runs that stand side by side
	ready bool
	err   error
	split string // asked for; "" lets the engine choose
	busy  bool   // a comparison is being computed
	again bool   // and the runs have changed since it began
}

type (
	openedMsg struct {
		tracks     []*track
		experiment *engine.Experiment // that the runs belong to, nil for runs that were marked
		err        error
	}
	resultMsg struct {
		dirs  []string
		of    engine.Comparison
		sweep *engine.Sweep
		err   error
	}
)

// opened shows the runs that were opened. Those that train go on growing.
func (m *Model) opened(msg openedMsg) tea.Cmd {
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	m.tracks, m.experiment = msg.tracks, msg.experiment
	for i, t := range m.tracks {
		for _, run := range m.session.Live() {
			if run.Dir == t.dir {
				m.tracks[i] = t.begin(run)
				m.tracks[i].take(m.session.Heard(run))
			}
		}
	}
	m.picking, m.reading, m.tiles.Focus = false, false, lossPane
	m.zoom, m.cursor = chart.Range{}, nil
	m.result, m.sides, m.side = result{split: m.result.split, busy: m.result.busy}, nil, 0
	return m.compare()
}

// begin shows a comparison whose runs are about to train.
func (m *Model) begin(e engine.Experiment) tea.Cmd {
	msg := openedMsg{experiment: &e}
	for _, entry := range e.Entries {
		msg.tracks = append(msg.tracks, blankTrack(entry.Name, entry.Dir))
	}
	return m.opened(msg)
}

// follow draws a run anew that has begun, or that goes on.
func (m *Model) follow(run *engine.Run) {
	for i, t := range m.tracks {
		if t.dir == run.Dir {
			m.tracks[i] = t.begin(run)
		}
	}
}

// heard adds the events of a run; the results follow its evaluations.
func (m *Model) heard(msg shared.EventsMsg) tea.Cmd {
	i := slices.IndexFunc(m.tracks, func(t *track) bool { return t.run == msg.Run })
	if i < 0 {
		return nil
	}
	t := m.tracks[i]
	news := t.take(msg.Events)
	if t.judged = t.judged || msg.Done; news || msg.Done {
		return m.compare()
	}
	return nil
}

// dirs are the folders of the runs compared.
func (m *Model) dirs() []string {
	var dirs []string
	for _, t := range m.tracks {
		dirs = append(dirs, t.dir)
	}
	return dirs
}

// training says that the comparison on the screen is the one whose runs train.
func (m *Model) training() bool {
	trials := m.session.Comparing()
	return trials != nil && m.experiment != nil && trials.Experiment.Path == m.experiment.Path
}

// compare asks the engine, one comparison at a time; while runs train, once each was judged.
func (m *Model) compare() tea.Cmd {
	if m.training() && slices.ContainsFunc(m.tracks, func(t *track) bool { return !t.judged }) {
		return nil
	}
	if m.result.busy {
		m.result.again = true
		return nil
	}
	m.result.busy, m.result.again = true, false
	dirs, split, e := m.dirs(), m.result.split, m.experiment
	return func() tea.Msg {
		if e == nil {
			of, err := engine.Compare(dirs, split)
			return resultMsg{dirs: dirs, of: of, err: err}
		}
		of, err := e.Compare(split)
		msg := resultMsg{dirs: dirs, of: of, err: err}
		if err == nil && (e.Axis() != "" || len(dirs) > mostRuns) {
			sweep := e.Arrange(of)
			msg.sweep = &sweep
		}
		return msg
	}
}

// took keeps the answer, unless other runs were chosen since.
func (m *Model) took(msg resultMsg) tea.Cmd {
	m.result.busy = false
	if slices.Equal(msg.dirs, m.dirs()) {
		m.result.of, m.result.sweep, m.result.err, m.result.ready = msg.of, msg.sweep, msg.err, msg.err == nil
		m.sides = sidesOf(msg.of)
		m.side = min(m.side, max(0, len(m.sides)-1))
		m.list.Clamp(len(m.examples()))
	} else {
		m.result.again = true
	}
	if m.result.again {
		return m.compare()
	}
	return nil
}

// nextSplit compares on the next part of the data.
func (m *Model) nextSplit() tea.Cmd {
	splits := engine.Splits()
	m.result.split = splits[(slices.Index(splits, m.result.of.Split)+1)%len(splits)]
	m.side = 0
	return m.compare()
}

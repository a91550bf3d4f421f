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
	ready bool
	err   error
	split string // asked for; "" lets the engine choose
	busy  bool   // a comparison is being computed
	again bool   // and the runs have changed since it began
}

type (
	openedMsg struct {
		tracks []*track
		err    error
	}
	resultMsg struct {
		dirs []string
		of   engine.Comparison
		err  error
	}
)

// opened shows the runs that were opened. The one that the workbench follows goes on growing.
func (m *Model) opened(msg openedMsg) tea.Cmd {
	if msg.err != nil {
		return shared.Complain(msg.err)
	}
	m.tracks = msg.tracks
	for i, t := range m.tracks {
		if m.live != nil && m.live.run.Dir == t.run.Dir {
			m.tracks[i] = m.live
		}
	}
	m.picking, m.reading, m.tiles.Focus = false, false, lossPane
	m.zoom, m.cursor = chart.Range{}, nil
	m.result, m.sides, m.side = result{split: m.result.split, busy: m.result.busy}, nil, 0
	return m.compare()
}

// follow keeps the curves of the run that the workbench follows, whether it is compared or not.
func (m *Model) follow(msg shared.RunMsg) tea.Cmd {
	if msg.Err != nil {
		return nil
	}
	m.live = newTrack(msg.Run)
	for i, t := range m.tracks {
		if t.run.Dir == msg.Run.Dir {
			m.tracks[i] = m.live
		}
	}
	return nil
}

// heard adds the events of the followed run; the results follow its evaluations.
func (m *Model) heard(msg shared.EventsMsg) tea.Cmd {
	if m.live == nil || msg.Run != m.live.run {
		return nil
	}
	news := m.live.take(msg.Events)
	if (news || msg.Done) && slices.Contains(m.tracks, m.live) {
		return m.compare()
	}
	return nil
}

// dirs are the folders of the runs compared.
func (m *Model) dirs() []string {
	var dirs []string
	for _, t := range m.tracks {
		dirs = append(dirs, t.run.Dir)
	}
	return dirs
}

// compare asks the engine, one comparison at a time.
func (m *Model) compare() tea.Cmd {
	if m.result.busy {
		m.result.again = true
		return nil
	}
	m.result.busy, m.result.again = true, false
	dirs, split := m.dirs(), m.result.split
	return func() tea.Msg {
		of, err := engine.Compare(dirs, split)
		return resultMsg{dirs, of, err}
	}
}

// took keeps the answer, unless other runs were chosen since.
func (m *Model) took(msg resultMsg) tea.Cmd {
	m.result.busy = false
	if slices.Equal(msg.dirs, m.dirs()) {
		m.result.of, m.result.err, m.result.ready = msg.of, msg.err, msg.err == nil
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

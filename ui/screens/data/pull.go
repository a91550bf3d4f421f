package data

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// download begins to fetch the data set at the cursor, or gives up the download that is on; one that
// was given up goes on where it stopped.
func (m *Model) download() (cmd tea.Cmd) {
	src, ok := m.source()
	switch {
	case m.pull != nil:
		return m.pull.Stop()
	case !ok:
		return nil
	case src.here:
		return shared.Say(src.name + " needs no download")
	}
	m.pull, cmd = m.session.Fetch(src.name, engine.PullData)
	return cmd
}

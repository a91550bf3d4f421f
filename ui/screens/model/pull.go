package model

import (
	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
)

// download begins to fetch the backbone at the cursor, or gives up the download that is on; one
// that was given up goes on where it stopped.
func (m *Model) download() (cmd tea.Cmd) {
	card, ok := m.card()
	switch {
	case m.pull != nil:
		return m.pull.Stop()
	case !ok:
		return nil
	case card.Prompted:
		return shared.Complain(card.OnlyPrompted())
	case card.Cached || card.Embedded:
		return shared.Say(card.Name + " needs no download")
	}
	m.pull, cmd = m.session.Fetch(card.Name, engine.Pull)
	return cmd
}

// Package terminal keeps the workbench from waiting for a silent terminal.
//
// Bubble Tea asks the terminal for its background colour while it is being imported and waits five
// seconds for the answer. Packages start in the order of their import paths as soon as what they
// import has started, so this one, which sorts before github.com/charmbracelet/bubbletea and needs
// nothing but lipgloss, answers the question before it is asked. Package background then asks
// again, with a limit, and only where that is safe.
package terminal

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }

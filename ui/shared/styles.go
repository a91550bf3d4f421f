package shared

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/themes"
)

// Styles are the workbench's styles by role, all from one renderer, so that several terminals with
// different abilities can be served by one process.
type Styles struct {
	Theme themes.Theme

	Base      lipgloss.Style // text on the theme's background
	Text      lipgloss.Style
	Muted     lipgloss.Style
	Accent    lipgloss.Style
	Title     lipgloss.Style
	Border    lipgloss.Style
	Focus     lipgloss.Style
	Selection lipgloss.Style // the cursor's row
	Marked    lipgloss.Style // rows of a range, the chosen entry
	Badge     lipgloss.Style // name of the screen
	Here      lipgloss.Style // the current screen among the others
	Key       lipgloss.Style
	Frozen    lipgloss.Style
	Trains    lipgloss.Style
	Good      lipgloss.Style
	Bad       lipgloss.Style
	Warn      lipgloss.Style
	Band      lipgloss.Style
	Series    [themes.SeriesCount]lipgloss.Style
}

// NewStyles makes the styles of a theme. A mono theme says with bold, faint, underline and reverse
// what others say in colour.
func NewStyles(r *lipgloss.Renderer, t themes.Theme) Styles {
	ink := func(c themes.Colour) lipgloss.Style {
		if c == "" {
			return r.NewStyle()
		}
		return r.NewStyle().Foreground(lipgloss.Color(c))
	}
	s := Styles{
		Theme: t, Base: r.NewStyle(), Text: ink(t.Text), Muted: ink(t.Muted), Accent: ink(t.Accent).Bold(true), Title: ink(t.Title).Bold(true),
		Border: ink(t.Border), Focus: ink(t.Focus), Marked: ink(t.Accent).Bold(true), Here: ink(t.Title).Bold(true).Underline(true),
		Key: ink(t.Text).Bold(true), Frozen: ink(t.Frozen), Trains: ink(t.Trains), Good: ink(t.Good).Bold(true),
		Bad: ink(t.Bad).Bold(true), Warn: ink(t.Warn), Band: ink(t.Band),
	}
	for i, c := range t.Series {
		s.Series[i] = ink(c)
	}
	s.Selection, s.Badge = ink(t.SelectionText), ink(t.SelectionText)
	if t.Mono {
		s.Muted, s.Band, s.Border = r.NewStyle().Faint(true), r.NewStyle().Faint(true), r.NewStyle().Faint(true)
		s.Selection, s.Badge = r.NewStyle().Reverse(true), r.NewStyle().Reverse(true)
		s.Trains, s.Focus = r.NewStyle().Bold(true), r.NewStyle().Bold(true)
		return s
	}
	s.Selection = s.Selection.Background(lipgloss.Color(t.Selection))
	s.Badge = s.Selection.Bold(true)
	s.Base = ink(t.Text).Background(lipgloss.Color(t.Background))
	return s
}

package shared

import (
	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/chart"
	"defrost/ui/widgets/confusion"
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/histogram"
	"defrost/ui/widgets/pane"
	"defrost/ui/widgets/stack"
	"defrost/ui/widgets/table"
	"defrost/ui/widgets/tokens"
)

// Pane is the styles of a pane.
func (s *Styles) Pane() pane.Styles {
	return pane.Styles{Border: s.Border, Focus: s.Focus, Title: s.Text, Note: s.Muted}
}

// Table is the styles of a table.
func (s *Styles) Table() table.Styles {
	return table.Styles{Header: s.Title, Text: s.Text, Cursor: s.Selection, Selected: s.Marked, Muted: s.Muted}
}

// Stack is the styles of a freeze map.
func (s *Styles) Stack() stack.Styles {
	return stack.Styles{
		Header: s.Muted, Text: s.Text, Muted: s.Muted, Frozen: s.Frozen, Trains: s.Trains.Bold(true),
		Cursor: s.Selection, Selected: s.Marked, FreezeLine: s.Muted, Heat: s.Series[2],
	}
}

// Chart is the styles of a chart's axes.
func (s *Styles) Chart() chart.Styles {
	return chart.Styles{Axis: s.Border, Label: s.Muted, Mark: s.Warn, Cursor: s.Title, Bad: s.Bad}
}

// Line is the curve number i of a chart, with its band.
func (s *Styles) Line(i int, name string, data *chart.Series) chart.Line {
	style := s.Series[i%len(s.Series)]
	return chart.Line{Name: name, Data: data, Style: style.Bold(true), BandStyle: style.Bold(false).Faint(true), Dash: i}
}

// Gauge is the styles of bars filled in the given style.
func (s *Styles) Gauge(fill lipgloss.Style) gauge.Styles {
	return gauge.Styles{Label: s.Muted, Fill: fill, Track: s.Band, Text: s.Text, Cursor: s.Selection, Mark: s.Marked}
}

// Histogram is the styles of counts.
func (s *Styles) Histogram() histogram.Styles {
	return histogram.Styles{Bar: s.Series[1], Over: s.Bad, Mark: s.Warn, Axis: s.Border, Label: s.Muted, Track: s.Band}
}

// Tokens is the styles of a text cut into tokens.
func (s *Styles) Tokens() tokens.Styles {
	return tokens.Styles{Even: s.Text, Odd: s.Series[1], Special: s.Muted, Bar: s.Border, ID: s.Muted, Cursor: s.Selection}
}

// Confusion is the styles of a confusion matrix.
func (s *Styles) Confusion() confusion.Styles {
	return confusion.Styles{Header: s.Muted, Right: s.Good, Wrong: s.Bad, Zero: s.Muted, Rate: s.Text, Cursor: s.Selection}
}

package compare

import (
	"fmt"

	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
)

// progressing says that one of the runs on the screen has not ended.
func (m *Model) progressing() bool {
	if m.training() {
		return true
	}
	for _, t := range m.tracks {
		if t.run != nil && t.run.Running() {
			return true
		}
	}
	return false
}

// viewProgress is a bar for each run: how far it is, and how long it will take.
func (m *Model) viewProgress(w, h int) string {
	s := &m.session.Styles
	l := gauge.List{Cursor: -1, Styles: s.Gauge(s.Trains)}
	for i, t := range m.tracks {
		item := gauge.Item{Label: m.name(i), Text: "waits"}
		if t.run != nil {
			item.Share, item.Text = phase(m.session.StatusOf(t.run), t)
		}
		l.Items = append(l.Items, item)
	}
	return l.View(w, h)
}

// phase is how far a run is, and that in words.
func phase(st shared.Status, t *track) (share float64, text string) {
	switch {
	case !t.run.Running() && t.judged && st.Phase != shared.Failed:
		return 1, "finished"
	case st.Phase == shared.Training:
		return st.Share(), fmt.Sprintf("%.0f%%, %s left", 100*st.Share(), span(st.Left()))
	}
	return st.Share(), st.Phase.String()
}

// above puts the progress of runs that train over a view.
func (m *Model) above(view func(w, h int) string) func(w, h int) string {
	if !m.progressing() {
		return view
	}
	return func(w, h int) string {
		n := min(len(m.tracks), h/2)
		return m.viewProgress(w, n) + "\n" + canvas.Fit(view(w, h-n), w, h-n)
	}
}

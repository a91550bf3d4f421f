package layers

import (
	"errors"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/stack"
)

// toggle freezes the selected layers when one of them learns, and thaws them otherwise.
func (m *Model) toggle(s stack.Stack) tea.Cmd {
	names, layers := m.selected(s), m.layers()
	m.anchor = -1
	freeze := slices.ContainsFunc(layers, func(l engine.LayerState) bool { return names[l.Name] && !l.Frozen() })
	if m.steering() {
		return m.steer(names, freeze)
	}
	m.ofRun = false
	var learns []string
	for _, l := range layers {
		if names[l.Name] && !freeze || !names[l.Name] && !l.Frozen() {
			learns = append(learns, l.Name)
		}
	}
	return m.thawOnly(learns)
}

// steer asks the run to freeze or thaw layers from its next step on.
func (m *Model) steer(names map[string]bool, freeze bool) tea.Cmd {
	word := "thawing"
	for _, l := range m.live {
		switch {
		case !names[l.Name]:
		case freeze:
			m.run.Wheel.Freeze(l.Name)
			word = "freezing"
		default:
			m.run.Wheel.Thaw(l.Name)
		}
	}
	return shared.Say(fmt.Sprintf("%s %d of the run's layers from the next step on", word, len(names)))
}

// moveLine moves the freeze line by n layers: everything below it is frozen, everything above
// learns, and the head always does.
func (m *Model) moveLine(n int) tea.Cmd {
	if m.steering() {
		return shared.Complain(errors.New("the freeze line belongs to the recipe: f shows it; space freezes or thaws in the run"))
	}
	m.ofRun = false
	layers := m.layers()
	if len(layers) == 0 {
		return nil
	}
	line := min(max(0, frozenBelow(layers)+n), len(layers)-1)
	var learns []string
	for _, l := range layers[line:] {
		learns = append(learns, l.Name)
	}
	return m.thawOnly(learns)
}

func (m *Model) thawOnly(learns []string) tea.Cmd {
	layers := m.layers()
	changed := m.session.Change(func(r *engine.Recipe) {
		gradual := r.Gradual
		*r = engine.WithThawed(*r, layers, learns)
		r.Gradual = gradual
	})
	m.foresee(learns)
	return changed
}

// foresee shows at once what a plan will say in a moment, so that the next key goes on from there.
func (m *Model) foresee(learns []string) {
	b := m.session.Budget
	if b == nil {
		return
	}
	next := *b
	next.Layers, next.Trainable = slices.Clone(b.Layers), 0
	for i := range next.Layers {
		l := &next.Layers[i]
		switch {
		case !slices.Contains(learns, l.Name):
			l.Trainable, l.LR = 0, 0
		case l.Frozen():
			l.Trainable, l.LR = l.Params, engine.Number(m.session.Recipe.LR)
		}
		next.Trainable += l.Trainable
	}
	m.session.Budget = &next
}

// frozenBelow counts the frozen layers under the lowest one that learns.
func frozenBelow(layers []engine.LayerState) int {
	for i, l := range layers {
		if !l.Frozen() {
			return i
		}
	}
	return len(layers)
}

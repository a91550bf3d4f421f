package engine

import (
	"fmt"
	"strings"
)

// suits reports the first setting of the recipe that cannot work with the model, and why.
func (r Recipe) suits(m *Model) error {
	s := m.Shape()
	if s.Positions > 0 && r.MaxLength > s.Positions {
		return fmt.Errorf("recipe: max_length is %d, expected at most %d, the positions %s has", r.MaxLength, s.Positions, m.name)
	}
	if s.Layers > 0 {
		return nil
	}
	if r.LayerDecay != 0 && r.LayerDecay != 1 {
		return fmt.Errorf("recipe: layer_decay is %g, expected 0: %s has no layers for the learning rate to fall over", r.LayerDecay, m.name)
	}
	for name, spec := range map[string]string{"train": r.Train, "freeze": r.Freeze} {
		if strings.Contains(spec, "last:") || strings.Contains(spec, "first:") {
			return fmt.Errorf("recipe: %s is %s, expected embeddings or head: %s has no layers to count", name, spec, m.name)
		}
	}
	return nil
}

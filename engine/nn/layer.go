package nn

// A Layer is what a person freezes or thaws: embeddings, one encoder layer, the head.
type Layer struct {
	Name   string // as inspect prints it: embeddings, encoder.3, pooler, head
	Kind   string // embeddings, encoder, pooler, head
	Params []*Param
}

// Count is the number of values of the layer.
func (l Layer) Count() int {
	n := 0
	for _, p := range l.Params {
		n += p.Len()
	}
	return n
}

// Frozen says that no parameter of the layer learns.
func (l Layer) Frozen() bool {
	for _, p := range l.Params {
		if !p.Frozen() {
			return false
		}
	}
	return true
}

// Trainable is the number of values of the layer that learn.
func (l Layer) Trainable() int {
	n := 0
	for _, p := range l.Params {
		if !p.Frozen() {
			n += p.Len()
		}
	}
	return n
}

package engine

import "defrost/engine/backbone"

// A Card describes a backbone of the catalogue.
type Card struct {
	backbone.Card
	Cached bool `json:"cached"` // on this machine, or embedded
}

// Backbones lists the catalogue: embedded ones first.
func Backbones() []Card {
	var list []Card
	for _, c := range backbone.Cards() {
		_, err := locate(c.Name)
		list = append(list, Card{Card: c, Cached: err == nil})
	}
	return list
}

// Card describes the model; a folder's is made from its configuration.
func (m *Model) Card() Card {
	s := m.Shape()
	card, known := cardOf(m.name)
	if !known {
		card = backbone.Card{Name: m.name, Title: "from a folder", Family: s.Family}
		if m.vectors != nil {
			card.Title = "from a file"
		}
	}
	card.Layers, card.Width, card.Heads, card.Vocabulary = s.Layers, s.Width, s.Heads, s.Vocabulary
	card.Params = 0
	for _, p := range backbone.Params(m.bb) {
		card.Params += p.Len()
	}
	return Card{Card: card, Cached: true}
}

package engine

import "defrost/engine/tokenizer"

// An Inspection is what there is to know about a model folder.
type Inspection struct {
	Card   Card        `json:"card"`
	Tokens int         `json:"tokens"` // of the tokenizer; 0 when the folder has none
	Params int         `json:"params"`
	Memory []Need      `json:"memory"`
	Layers []LayerInfo `json:"layers"`
	Report Accounting  `json:"report"`
}

// An Accounting names every tensor of the weights and every parameter of the model.
type Accounting struct {
	Loaded  []string  `json:"loaded"`  // as the file spells them
	Dropped []Dropped `json:"dropped"` // in the file, not used, and why
	Fresh   []string  `json:"fresh"`   // not in the file, newly initialised
}

// Inspect reads a whole model, weights included. A folder without a tokenizer can be inspected
// though not trained.
func Inspect(nameOrPath string) (Inspection, error) {
	m, err := describe(nameOrPath)
	if err != nil {
		return Inspection{}, err
	}
	needs := m.Footprint().Needs() // before the weights take what is free
	if err := m.Load(0, false); err != nil {
		return Inspection{}, err
	}
	card := m.Card()
	out := Inspection{Card: card, Params: card.Params, Memory: needs, Layers: m.Layers()}
	if m.tok != nil {
		out.Tokens = m.tok.Size()
		if _, spelled := m.tok.(*tokenizer.Characters); spelled {
			out.Tokens = m.Shape().Vocabulary // any word, by its characters
		}
	}
	out.Report = Accounting{
		Loaded: m.loaded, Dropped: append([]Dropped{}, m.report.Dropped...), Fresh: append([]string{}, m.report.Fresh...),
	}
	return out, nil
}

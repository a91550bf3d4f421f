package datasets

import (
	"embed"
	"encoding/json"
	"path"
	"slices"
	"strings"
)

//go:embed embedded/*/*.json embedded/*/*.jsonl
var embedded embed.FS

// A Card describes a dataset before it is read.
type Card struct {
	Name        string       `json:"name"`
	Kind        Kind         `json:"kind"`
	Description string       `json:"description"`
	Licence     string       `json:"licence"`
	Source      string       `json:"source"`           // who made it or where it is described
	HubID       string       `json:"hub,omitempty"`    // ORG/NAME on the hub, empty for the sets that ship
	Config      string       `json:"config,omitempty"` // which of the hub repository's sets
	Labels      int          `json:"labels"`           // number of classes or tags
	Sizes       map[Part]int `json:"sizes"`            // examples in each part
}

// Embedded returns the cards of the sets that ship with Defrost, by kind and name.
func Embedded() []Card {
	folders, err := embedded.ReadDir("embedded")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	var cards []Card
	for _, f := range folders {
		if c, ok := embeddedCard(f.Name()); ok {
			cards = append(cards, c)
		}
	}
	slices.SortStableFunc(cards, byKind)
	return cards
}

// byKind orders cards by kind, then by name.
func byKind(a, b Card) int {
	if a.Kind != b.Kind {
		return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
	}
	return strings.Compare(a.Name, b.Name)
}

// embeddedCard returns the card of one set that ships.
func embeddedCard(name string) (c Card, ok bool) {
	data, err := embedded.ReadFile(path.Join("embedded", name, "card.json"))
	if err != nil {
		return c, false
	}
	if err := json.Unmarshal(data, &c); err != nil {
		panic("datasets: " + name + "/card.json: " + err.Error()) // part of the program
	}
	return c, true
}

// openEmbedded reads a set that ships. Its parts are fixed, whatever the seed.
func openEmbedded(c Card) (*Dataset, error) {
	d, err := Options{}.folder(location{embedded, path.Join("embedded", c.Name), c.Name})
	if err != nil {
		return nil, err
	}
	d.Name, d.Description, d.Licence, d.Source = c.Name, c.Description, c.Licence, c.Source
	return d, nil
}

package model

import (
	"fmt"
	"slices"

	"defrost/engine"
	"defrost/ui/report"
	"defrost/ui/shared"
)

// Export is the catalogue, the card at the cursor with what was published, and the sentence in tokens.
func (m *Model) Export() (e shared.Exported, ok bool) {
	card, ok := m.card()
	if !ok {
		return e, false
	}
	card = m.exact(card)
	cards, about := slices.Clone(m.cards), report.Table{Title: card.Name, Rows: append([][]string{{"what", "value"}}, pairs(m.fields(card))...)}
	for i, c := range cards {
		cards[i] = m.exact(c)
	}
	cut := m.cuts
	return shared.Exported{Name: "backbones", Make: func() (report.Document, error) {
		return report.Document{
			Title: "backbones", Lead: []string{card.Name + ": " + card.Title}, Data: cards,
			Tables: report.Filled(catalogue(cards), about, figures(card), pieces(cut)),
		}, nil
	}}, true
}

func pairs(fields [][2]string) [][]string {
	var rows [][]string
	for _, f := range fields {
		rows = append(rows, f[:])
	}
	return rows
}

func catalogue(cards []engine.Card) report.Table {
	t := report.Table{Title: "backbones", Rows: [][]string{{"name", "family", "parameters", "vocabulary", "licence", "where"}}}
	for _, c := range cards {
		t.Rows = append(t.Rows, []string{c.Name, c.Family, fmt.Sprint(c.Params), fmt.Sprint(c.Vocabulary), c.Licence, badge(c)})
	}
	return t
}

func figures(card engine.Card) report.Table {
	t := report.Table{Title: "published results", Rows: [][]string{{"what", "value", "source"}}}
	for _, r := range resultsFor(card) {
		t.Rows = append(t.Rows, []string{r.label(), r.value, r.source})
	}
	return t
}

// pieces are the tokens of the sentence.
func pieces(c cuts) report.Table {
	t := report.Table{Title: "tokens of " + c.text + ", cut by " + c.backbone, Rows: [][]string{{"token", "id"}}}
	for _, tok := range c.tokens {
		t.Rows = append(t.Rows, []string{tok.Text, fmt.Sprint(tok.ID)})
	}
	return t
}

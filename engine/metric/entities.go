package metric

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Tally counts entities: how many were right, how many there are (Gold) and
// how many were predicted.
type Tally struct{ Right, Gold, Predicted int }

// Precision is the share of the predicted entities that are right.
func (t Tally) Precision() float64 { return ratio(float64(t.Right), float64(t.Predicted)) }

// Recall is the share of the gold entities that were found.
func (t Tally) Recall() float64 { return ratio(float64(t.Right), float64(t.Gold)) }

// F1 is the harmonic mean of precision and recall.
func (t Tally) F1() float64 { return ratio(2*float64(t.Right), float64(t.Gold+t.Predicted)) }

// Entities scores tagged sentences by whole entities, as the script conlleval
// of the CoNLL shared tasks does: an entity is right when its first word, its
// last word and its type are. An I tag begins an entity where none of its type
// is open.
type Entities struct {
	byType       map[string]Tally
	right, words int // tags
}

// NewEntities returns an empty measure whose Value is the F1 over all types.
func NewEntities() *Entities { return &Entities{byType: map[string]Tally{}} }

// Name is entity F1.
func (e *Entities) Name() string { return "entity F1" }

// Add scores one sentence of IOB2 tags.
func (e *Entities) Add(gold, predicted []string) {
	if len(gold) != len(predicted) {
		panic(fmt.Sprintf("metric: found %d predicted tags, expected %d", len(predicted), len(gold)))
	}
	for i := range gold {
		e.words++
		if gold[i] == predicted[i] {
			e.right++
		}
	}
	want, got := Spans(gold), Spans(predicted)
	for _, s := range want {
		e.count(s.Type, func(t *Tally) { t.Gold++ })
	}
	for _, s := range got {
		e.count(s.Type, func(t *Tally) {
			t.Predicted++
			if slices.Contains(want, s) {
				t.Right++
			}
		})
	}
}

func (e *Entities) count(kind string, change func(*Tally)) {
	t := e.byType[kind]
	change(&t)
	e.byType[kind] = t
}

// Total is the tally over all types.
func (e *Entities) Total() Tally {
	var sum Tally
	for _, t := range e.byType {
		sum.Right += t.Right
		sum.Gold += t.Gold
		sum.Predicted += t.Predicted
	}
	return sum
}

// Type is the tally of one type of entity.
func (e *Entities) Type(kind string) Tally { return e.byType[kind] }

// Types lists the types that occurred, sorted.
func (e *Entities) Types() []string { return slices.Sorted(maps.Keys(e.byType)) }

// TagAccuracy is the share of words with the right tag.
func (e *Entities) TagAccuracy() float64 { return ratio(float64(e.right), float64(e.words)) }

// Value is the F1 over all types.
func (e *Entities) Value() float64 { return e.Total().F1() }

// Reset forgets all sentences.
func (e *Entities) Reset() {
	clear(e.byType)
	e.right, e.words = 0, 0
}

// A Span is an entity: the words from Start up to, but without, End.
type Span struct {
	Type       string
	Start, End int
}

// Spans returns the entities of a tagged sentence from left to right.
func Spans(tags []string) []Span {
	var spans []Span
	open := false
	for i, tag := range tags {
		prefix, kind, _ := strings.Cut(tag, "-")
		switch {
		case prefix == "I" && open && spans[len(spans)-1].Type == kind:
			spans[len(spans)-1].End = i + 1
		case prefix == "B" || prefix == "I":
			spans = append(spans, Span{kind, i, i + 1})
			open = true
		default:
			open = false
		}
	}
	return spans
}

package play

import (
	"cmp"
	"slices"

	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/gauge"
)

// A labelled is the probabilities of a classifier's labels.
type labelled struct {
	engine.Prediction
}

func (l labelled) word() string { return l.Label }

// view is a bar for each label, in the order of the labels so that bars do not jump; where they do
// not all fit, the likeliest ones.
func (l labelled) view(s *shared.Styles, second bool, w, h int) string {
	shown := slices.Clone(l.Probabilities)
	if len(shown) > h {
		slices.SortStableFunc(shown, func(a, b engine.LabelProb) int { return cmp.Compare(b.P, a.P) })
	}
	fill := s.Series[0]
	if second {
		fill = s.Series[1]
	}
	list := gauge.List{Cursor: -1, Styles: s.Gauge(fill)}
	for _, p := range shown {
		item := gauge.Item{Label: p.Label, Share: p.P}
		if p.Label == l.Label || slices.Contains(l.Labels, p.Label) {
			item.Sign = '▸'
		}
		list.Items = append(list.Items, item)
	}
	return list.View(w, h)
}

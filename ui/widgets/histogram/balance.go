package histogram

import (
	"defrost/ui/widgets/gauge"
	"defrost/ui/widgets/number"
)

// A Balance is one horizontal bar per label, with its count and share of the whole.
type Balance struct {
	Labels []string
	Counts []int // one per label; negative counts as 0
	Of     int   // what shares are of where labels do not exclude each other; 0 for the sum of counts
	Cursor int   // label that is highlighted and kept in view; negative for none
	Styles Styles
}

// View draws the bars, relative to the most frequent label, as exactly h lines of w cells.
func (b Balance) View(w, h int) string {
	n := min(len(b.Labels), len(b.Counts))
	total, most := 0, 1
	for _, count := range b.Counts[:n] {
		total, most = total+max(count, 0), max(most, count)
	}
	if b.Of > 0 {
		total = b.Of
	}
	items := make([]gauge.Item, n)
	for i := range items {
		count := max(b.Counts[i], 0)
		text := number.Whole(int64(count)) + "  " + number.Percent(float64(count)/float64(max(total, 1)))
		items[i] = gauge.Item{Label: b.Labels[i], Share: float64(count) / float64(most), Text: text}
	}
	styles := gauge.Styles{Label: b.Styles.Label, Fill: b.Styles.Bar, Track: b.Styles.Track, Text: b.Styles.Label, Cursor: b.Styles.Mark}
	return gauge.List{Items: items, Cursor: b.Cursor, Styles: styles}.View(w, h)
}

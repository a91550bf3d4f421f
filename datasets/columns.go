package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// none marks a role that no column plays.
const none = -1

// Names that say what a column is, the better ones first. All lower case.
var (
	textNames  = []string{"text", "sentence", "review", "content", "review_text", "comment", "message", "body", "tweet", "utterance", "question", "query", "document", "input", "sms", "title", "description"}
	labelNames = []string{"label", "labels", "class", "sentiment", "category", "intent", "topic", "coarse_label", "polarity", "emotion", "rating", "stars", "score", "similarity", "gold", "y", "target", "tag", "type", "airline_sentiment", "v1"}
	idNames    = []string{"id", "idx", "index", "guid", "uid", "pairid", "textid", "sentence_id", "row", ""}
	pairNames  = [][2]string{
		{"sentence1", "sentence2"}, {"premise", "hypothesis"}, {"question1", "question2"}, {"text1", "text2"},
		{"text_a", "text_b"}, {"question", "sentence"}, {"text", "pair"}, {"query", "passage"},
	}
	translationNames = [][2]string{{"text", "target"}, {"source", "target"}, {"src", "tgt"}, {"en", "fr"}, {"en", "de"}, {"english", "french"}}
)

// A layout says which column of a table plays which role.
type layout struct {
	kind                          Kind
	names                         []string // one per column, made up when there is no header
	text, pair, label, target, id int      // column indices or none
	separator                     string   // between the labels of a cell, "" where it is one label
	flags                         []int    // the columns of MultiLabel data that each say, by 0 or 1, whether an example has the label they are called by
}

// name returns what to call column i in an error.
func (l *layout) name(i int) string {
	if i == none || i >= len(l.names) {
		return ""
	}
	return l.names[i]
}

func normal(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func same(a, b string) bool { return b != "" && normal(a) == normal(b) }

// find returns the index of the column called name.
func find(names []string, name string) int {
	if i := slices.Index(names, name); i >= 0 {
		return i
	}
	return slices.IndexFunc(names, func(n string) bool { return same(n, name) })
}

// asked resolves a column the user named, none when the user named none.
func asked(names []string, name string) (int, error) {
	if name == "" {
		return none, nil
	}
	if i := find(names, name); i >= 0 {
		return i, nil
	}
	return none, fmt.Errorf("no column %q, the columns are %s", name, list(names))
}

// detect decides the roles of the columns from their names, from what the
// user asked for and, where neither says, from a sample of rows: the longest
// column is the text, the one with the fewest distinct values the label. Where
// no column has a label's name and several hold 0 and 1 alone, each of those is
// a label; a cell of the label column may hold several, see separatorOf.
func detect(names []string, sample [][]string, o Options) (*layout, error) {
	l := &layout{kind: Classify, names: names, pair: none, target: none}
	var err error
	if l.text, err = asked(names, o.TextColumn); err != nil {
		return nil, err
	}
	if l.pair, err = asked(names, o.PairColumn); err != nil {
		return nil, err
	}
	if l.label, err = asked(names, o.LabelColumn); err != nil {
		return nil, err
	}
	l.id = firstOf(names, []string{"id", "idx", "guid", "uid"}, l.text, l.label, l.pair)
	stats := measure(len(names), sample)
	l.byName(stats, o)
	l.byContent(stats)
	l.settle()
	if l.kind == Classify || l.kind == Pair {
		if l.separator = separatorOf(cellsOf(sample, l.label)); l.separator != "" {
			l.kind = MultiLabel
		}
	}
	return l, nil
}

// firstOf returns the first column, in the order of wanted, that is not taken.
func firstOf(names, wanted []string, taken ...int) int {
	for _, w := range wanted {
		if i := find(names, w); i >= 0 && !slices.Contains(taken, i) {
			return i
		}
	}
	return none
}

// byName fills the open roles from column names.
func (l *layout) byName(stats []columnStats, o Options) {
	if l.text == none && l.pair == none {
		l.text, l.pair = bothOf(l.names, pairNames)
	}
	if l.label == none && l.pair == none {
		text, target := bothOf(l.names, translationNames)
		if target != none && target != l.text && stats[target].prose() {
			l.text, l.target = text, target
			return
		}
	}
	if l.text == none {
		l.text = firstOf(l.names, textNames, l.label, l.pair)
	}
	if l.label == none {
		l.label = firstOf(l.names, labelNames, l.text, l.pair)
	}
}

// bothOf returns the columns of the first pair of names that are both there.
func bothOf(names []string, pairs [][2]string) (int, int) {
	for _, p := range pairs {
		a, b := find(names, p[0]), find(names, p[1])
		if a >= 0 && b >= 0 {
			return a, b
		}
	}
	return none, none
}

// byContent fills the open roles from what the columns hold.
func (l *layout) byContent(stats []columnStats) {
	free := func(i int) bool {
		return i != l.text && i != l.pair && i != l.label && i != l.id && i != l.target
	}
	if l.text == none {
		for i := range stats {
			if free(i) && (l.text == none || stats[i].length > stats[l.text].length) {
				l.text = i
			}
		}
	}
	if l.label != none || l.target != none || l.oneHot(stats, free) {
		return
	}
	for i := range stats {
		if free(i) && stats[i].distinct > 1 && !slices.Contains(idNames, normal(l.names[i])) &&
			(l.label == none || stats[i].distinct < stats[l.label].distinct) {
			l.label = i
		}
	}
	if l.label != none && l.pair == none && stats[l.label].prose() {
		l.label = none
		l.text, l.target = firstProse(stats)
	}
	if l.label == none && l.target == none {
		for i := range stats { // a column of one value only: kept, so that the error can say so
			if free(i) && stats[i].distinct == 1 {
				l.label = i
			}
		}
	}
}

// oneHot looks for labels that have a column each, two or more (toxic, obscene,
// insult: 0 or 1). A column that is 0 or 1 throughout is one of them. Columns
// without a header have no names that could be labels.
func (l *layout) oneHot(stats []columnStats, free func(int) bool) bool {
	var columns []int
	both := 0
	for i, s := range stats {
		if !free(i) || s.rows == 0 || s.flags < s.rows || !isName(l.names[i]) || slices.Contains(idNames, normal(l.names[i])) {
			continue
		}
		columns = append(columns, i)
		if s.on > 0 && s.on < s.rows {
			both++
		}
	}
	if both < 2 {
		return false
	}
	l.flags = columns
	return true
}

// firstProse returns the first two columns of sentences: a text and its
// translation. (A third is the attribution in Tatoeba's files.)
func firstProse(stats []columnStats) (a, b int) {
	a, b = none, none
	for i, s := range stats {
		switch {
		case s.prose() && a == none:
			a = i
		case s.prose() && b == none:
			b = i
		}
	}
	return a, b
}

// settle names the kind that the roles add up to.
func (l *layout) settle() {
	switch {
	case l.target != none:
		l.kind = Translate
	case l.flags != nil:
		l.kind = MultiLabel
	case l.label == none:
		l.kind = Text
	case l.pair != none:
		l.kind = Pair
	}
}

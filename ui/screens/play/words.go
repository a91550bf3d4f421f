package play

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"defrost/datasets"
	"defrost/engine"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
	"defrost/ui/widgets/gauge"
)

const (
	mostWords   = 1500 // that a network reads alone to be compared with
	neighbours  = 12   // that are asked for
	trainedHint = "r trains it with the recipe of 4 Train; then the labels it learned stand here and move as you type"
)

// readBackbone says how a backbone that was not trained for a task is read, and whether that is
// about the token at the cursor: what comes next for a causal one, else words like the one there.
func readBackbone(ctx context.Context, name string, ex *engine.Explainer, data *datasets.Dataset) (read reader, byToken bool, err error) {
	if ex.Causal() {
		return readNext(ex), false, nil
	}
	space, err := spaceOf(ctx, ex, data)
	if err != nil || space == nil {
		return func(question) (reading, error) { return nearby{about: name + " was not taught any labels"}, nil }, false, err
	}
	return func(q question) (reading, error) {
		n := askWords(space, ex, q)
		if q.sentences {
			n.around = inSentences(ex, data, q.text, wordAt(q.text, ex.Tokens(q.text), q.token))
		}
		return n, nil
	}, true, nil
}

// spaceOf is the words of static vectors, or the commonest words of the data as the network reads each
// alone; nil where there are none to read.
func spaceOf(ctx context.Context, ex *engine.Explainer, data *datasets.Dataset) (*engine.WordSpace, error) {
	if ex.Model().Static() {
		return engine.OpenWords(ctx, ex.Name())
	}
	list := wordsOf(data)
	if len(list) == 0 {
		return nil, nil
	}
	return ex.Model().WordsAlone(ctx, list, engine.LastLayer)
}

// wordsOf lists the commonest words of a data set.
func wordsOf(d *datasets.Dataset) []string {
	if d == nil {
		return nil
	}
	count := map[string]int{}
	for _, ex := range d.Train {
		for _, w := range strings.FieldsFunc(strings.ToLower(ex.Text), func(r rune) bool { return !letter(r) }) {
			count[w]++
		}
	}
	var list []string
	for w := range count {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return list[:min(len(list), mostWords)]
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' }

// A nearby is words like another, or the answer of an analogy, and where they lie.
type nearby struct {
	about  string
	list   []engine.Neighbour
	around around
}

// askWords answers an analogy such as "king - man + woman", else the word at the cursor.
func askWords(space *engine.WordSpace, ex *engine.Explainer, q question) nearby {
	if from, minus, plus, ok := analogy(q.text); ok {
		list, err := space.Analogy(minus, from, plus, neighbours)
		if err != nil {
			return nearby{about: err.Error()}
		}
		return nearby{q.text + " is near", list, amongWords(space, ex, q.text+" on a plane", []string{from, minus, plus}, list)}
	}
	word := wordAt(q.text, ex.Tokens(q.text), q.token)
	if word == "" {
		about := "arrows choose a word"
		if ex.Model().Static() {
			about += "; a text such as king - man + woman asks for an analogy"
		}
		return nearby{about: about}
	}
	list, err := like(space, ex, word)
	if err != nil {
		return nearby{about: err.Error()}
	}
	return nearby{"words like " + word, list, amongWords(space, ex, "words like "+word+" on a plane", []string{word}, list)}
}

// like is the words near one, which a network that reads any word need not have in its list.
func like(space *engine.WordSpace, ex *engine.Explainer, word string) ([]engine.Neighbour, error) {
	if _, known := space.Find(word); known || ex.Model().Static() {
		return space.Near(word, neighbours)
	}
	v, err := vectorOf(space, ex, word)
	if err != nil {
		return nil, err
	}
	return space.NearVector(v, neighbours)
}

// vectorOf is a word's place in the space, or what the network says of it standing alone.
func vectorOf(space *engine.WordSpace, ex *engine.Explainer, word string) ([]float32, error) {
	if _, known := space.Find(word); known || ex.Model().Static() {
		return space.Vector(word)
	}
	own, err := ex.Model().WordsAlone(context.Background(), []string{word}, engine.LastLayer)
	if err != nil {
		return nil, err
	}
	return own.Vector(word)
}

// analogy reads "a - b + c".
func analogy(text string) (from, minus, plus string, ok bool) {
	f := strings.Fields(text)
	if len(f) != 5 || f[1] != "-" || f[3] != "+" {
		return "", "", "", false
	}
	return f[0], f[2], f[4], true
}

// wordAt is the whole word around a token, "" around a comma, and the first word of the text where the
// tokenizer added the token.
func wordAt(text string, tokens []engine.Token, token int) string {
	if token < len(tokens) && !tokens[token].Special {
		from, to := tokens[token].Start, tokens[token].End
		if !strings.ContainsFunc(text[from:to], letter) {
			return ""
		}
		for from > 0 {
			r, size := utf8.DecodeLastRuneInString(text[:from])
			if !letter(r) {
				break
			}
			from -= size
		}
		for to < len(text) {
			r, size := utf8.DecodeRuneInString(text[to:])
			if !letter(r) {
				break
			}
			to += size
		}
		return strings.TrimFunc(text[from:to], func(r rune) bool { return !letter(r) })
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !letter(r) }) {
		return w
	}
	return ""
}

func (n nearby) word() string {
	if len(n.list) == 0 {
		return ""
	}
	return n.list[0].Word
}

// view is the list, and below it which key trains the backbone.
func (n nearby) view(s *shared.Styles, second bool, w, h int) string {
	fill := s.Series[0]
	if second {
		fill = s.Series[1]
	}
	hint := shared.Wrap(trainedHint, w)
	if h < len(hint)+3 {
		hint = hint[:0]
	}
	c := canvas.New(w, h)
	y := 0
	for _, l := range shared.Wrap(n.about, w) {
		c.Text(0, y, w, l, c.Ink(s.Title))
		y++
	}
	for i, l := range hint {
		c.Text(0, h-len(hint)+i, w, l, c.Ink(s.Muted))
	}
	room := h - y - len(hint)
	if len(n.list) == 0 || room <= 0 {
		return c.String()
	}
	list := gauge.List{Cursor: -1, Styles: s.Gauge(fill)}
	for _, near := range n.list[:min(len(n.list), room)] {
		list.Items = append(list.Items, gauge.Item{Label: near.Word, Share: near.Cosine, Text: fmt.Sprintf("%.2f", near.Cosine)})
	}
	lines := canvas.FitLines(c.String(), w, h)
	copy(lines[y:], strings.Split(list.View(w, room), "\n"))
	return strings.Join(lines, "\n")
}

package play

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"defrost/engine"
	"defrost/engine/enginetest"
	"defrost/themes"
	"defrost/ui/shared"
)

// asking is a screen with a network that repeats what it is asked.
func asking(t *testing.T) *Model {
	t.Helper()
	t.Setenv("DEFROST_HOME", t.TempDir())
	s := shared.NewSession(context.Background(), shared.NewKeys(Keys()...), styles(), engine.Defaults())
	m := New(s).(*Model)
	m.SetSize(120, 32)
	ex, err := engine.ExplainBackbone(context.Background(), enginetest.Bert(t))
	if err != nil {
		t.Fatal(err)
	}
	m.subjects[0] = &subject{key: "a", name: "a", ex: ex, read: func(q question) (reading, error) {
		if q.text == "wrong" {
			return nil, errors.New("cannot be read")
		}
		return written{engine.Prediction{Label: "said of " + q.text}}, nil
	}}
	return m
}

func styles() shared.Styles {
	return shared.NewStyles(lipgloss.DefaultRenderer(), themes.Default(true))
}

// rests types a text and lets it rest; the command that asks comes back.
func rests(m *Model, text string) tea.Cmd {
	m.text.Set(text)
	m.changed()
	return m.heard(restedMsg{m.asked.version})
}

func shows(t *testing.T, m *Model, text string) {
	t.Helper()
	if got := ansi.Strip(m.View()); !strings.Contains(got, text) {
		t.Errorf("%q is not on the screen:\n%s", text, got)
	}
}

func TestStaleAnswersAreDropped(t *testing.T) {
	m := asking(t)
	first := rests(m, "one")
	if first == nil {
		t.Fatal("a text that rests is not asked about")
	}
	late := first()
	if again := rests(m, "two"); again != nil {
		t.Fatal("two commands ask at the same time")
	}
	second := m.heard(late)
	if m.says[0] != nil || second == nil {
		t.Fatalf("got answer %v to a text that has changed, want none and the new one asked about", m.says[0])
	}
	find := m.heard(second())
	if m.says[0] == nil || m.says[0].word() != "said of two" || find == nil {
		t.Fatalf("got answer %v, want that to the second text", m.says[0])
	}
	shows(t, m, "said of two")
}

func TestAKeyThatIsFollowedByAnotherAsksNothing(t *testing.T) {
	m := asking(t)
	m.text.Set("t")
	m.changed()
	old := m.asked.version
	m.text.Set("tw")
	m.changed()
	if cmd := m.heard(restedMsg{old}); cmd != nil {
		t.Error("a text that was changed before it rested is asked about")
	}
	if cmd := m.heard(restedMsg{m.asked.version}); cmd == nil {
		t.Error("the text that rests is not asked about")
	}
}

// TestWhatAnAnswerRestsOnIsGivenUp changes the text while the second part of an answer is on its way.
func TestWhatAnAnswerRestsOnIsGivenUp(t *testing.T) {
	m := asking(t)
	find := m.heard(rests(m, "one")())
	found := find().(foundMsg)
	found.near[0] = []engine.Near{{Text: "stale"}}
	if cmd := rests(m, "two"); cmd != nil {
		t.Fatal("two commands ask at the same time")
	}
	if next := m.heard(found); next == nil || m.look.found != nil || m.near.found[0] != nil {
		t.Errorf("a stale part was taken, or the new text is not asked about")
	}
}

func TestQuestionsThatCannotBeAnsweredSayWhy(t *testing.T) {
	m := asking(t)
	m.heard(rests(m, "wrong")())
	shows(t, m, "cannot be read")
	m.asked.busy = false
	m.heard(rests(m, "right")())
	shows(t, m, "said of right")
}

func TestOpeningThatWasOvertakenIsDropped(t *testing.T) {
	m := asking(t)
	m.wanted[0] = "new"
	m.opened(openedMsg{which: 0, key: "old", err: errors.New("too late")})
	if m.failed[0] != nil || m.subjects[0] == nil {
		t.Error("a network that is no longer wanted took the place")
	}
}

// everywhere draws a reading at all sizes that a pane may have.
func everywhere(t *testing.T, r reading) {
	t.Helper()
	s := styles()
	for w := 0; w < 90; w += 7 {
		for h := 0; h < 12; h++ {
			view := r.view(&s, w%2 == 0, w, h)
			if w == 0 || h == 0 {
				continue
			}
			lines := strings.Split(view, "\n")
			if len(lines) != h {
				t.Fatalf("%T at %dx%d: %d lines", r, w, h, len(lines))
			}
			for _, l := range lines {
				if n := lipgloss.Width(l); n != w {
					t.Fatalf("%T at %dx%d: a line of %d cells", r, w, h, n)
				}
			}
		}
	}
}

func prediction(p engine.Prediction, fill func(*engine.Prediction)) engine.Prediction {
	fill(&p)
	return p
}

func TestEveryAnswerHasItsDrawing(t *testing.T) {
	nan := math.NaN()
	context := "The old mill burned down in 1872, and the town built it up again within a year."
	spans := engine.Prediction{Label: "1872"}
	if err := json.Unmarshal([]byte(`{"label": "1872", "spans": [{"text": "1872", "start": 28, "score": 4}, {"text": "a year", "start": 73, "score": -1}]}`), &spans); err != nil {
		t.Fatal(err)
	}
	spans.Context = context
	for _, c := range []struct {
		p    engine.Prediction
		want []string
	}{
		{engine.Prediction{Label: "yes", Probabilities: []engine.LabelProb{{Label: "yes", P: 0.75}, {Label: "no", P: 0.25}}}, []string{"▸ yes", "75.0%", "no"}},
		{engine.Prediction{Label: "yes", Probabilities: []engine.LabelProb{{Label: "yes", P: nan}, {Label: "no", P: math.Inf(1)}}}, []string{"NaN"}},
		{prediction(engine.Prediction{}, func(p *engine.Prediction) {
			p.Tokens, p.Tags = []string{"Ada", "met", "Bo"}, []string{"B-PER", "O", "B-PER"}
		}), []string{"Ada", "B-PER", "met"}},
		{spans, []string{"1872", "The old mill", "-1 a year"}},
		{prediction(engine.Prediction{}, func(p *engine.Prediction) { p.Context = context }), []string{"no answer", "The old mill"}},
		{engine.Prediction{Label: "das Haus ist alt"}, []string{"das Haus"}},
		{engine.Prediction{}, nil},
	} {
		r := drawing(c.p)
		everywhere(t, r)
		s := styles()
		view := ansi.Strip(r.view(&s, false, 60, 8))
		for _, want := range c.want {
			if !strings.Contains(view, want) {
				t.Errorf("%T: %q is not in\n%s", r, want, view)
			}
		}
	}
}

func TestAnswersAreMarkedInTheirContext(t *testing.T) {
	text := "one two  three four"
	var marked []string
	for _, p := range wrapMarked(text, strings.Index(text, "two"), strings.Index(text, "four")-1, 9) {
		if p.marked {
			marked = append(marked, p.text)
		}
	}
	if got := strings.Join(marked, " "); got != "two three" {
		t.Errorf("got %q marked, want two three", got)
	}
}

func TestScoresAreWrittenInFourCells(t *testing.T) {
	for v, want := range map[float64]string{0.314: "+.31", -0.05: "-.05", 0.001: "0", -0.004: "0", 1: "+1.0", -0.999: "-1.0", math.Inf(1): "+Inf"} {
		if got := signed(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
	if got := signed(math.NaN()); got != "NaN" {
		t.Errorf("got %q, want NaN", got)
	}
}

func TestHeatOfNaNIsDrawn(t *testing.T) {
	m := asking(t)
	nan := math.NaN()
	m.heat.found = engine.Heat{Label: "yes", P: nan, Tokens: []engine.Token{{Text: "a", End: 1}, {Text: "b", Start: 2, End: 3}}, Scores: []float64{nan, math.Inf(-1)}}
	m.heat.text, m.tokens = "a b", m.heat.found.Tokens
	for _, gradient := range []bool{false, true} {
		m.heat.gradient = gradient
		shows(t, m, "NaN")
	}
}

func TestTemperatureStaysWithinItsBounds(t *testing.T) {
	var w writing
	for range 20 {
		w.warm(true)
	}
	if w.temperature != hottest {
		t.Errorf("got temperature %v, want at most %v", w.temperature, hottest)
	}
	for range 20 {
		w.warm(false)
	}
	if w.temperature != 0 {
		t.Errorf("got temperature %v, want 0", w.temperature)
	}
}

func TestAnalogiesAreRead(t *testing.T) {
	for text, want := range map[string]string{"king - man + woman": "king man woman", "king - man": "", "a + b - c": "", "": ""} {
		from, minus, plus, _ := analogy(text)
		if got := strings.TrimSpace(strings.Join([]string{from, minus, plus}, " ")); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWordAroundAToken(t *testing.T) {
	const text = "It's re-made, naïve!"
	for _, c := range []struct {
		token engine.Token
		want  string
	}{{engine.Token{Start: 0, End: 2}, "It's"}, {engine.Token{Start: 8, End: 10}, "made"}, {engine.Token{Start: 16, End: 18}, "naïve"}, {engine.Token{Special: true}, "It's"}, {engine.Token{Start: 12, End: 13}, ""}} {
		if got := wordAt(text, []engine.Token{c.token}, 0); got != c.want {
			t.Errorf("%v: got %q, want %q", c.token, got, c.want)
		}
	}
	if got := wordAt("", nil, 0); got != "" {
		t.Errorf("got %q of an empty text", got)
	}
}

func TestWordsOfVectorsAnswer(t *testing.T) {
	path := enginetest.Backbone(t, "vectors")
	ex, err := engine.ExplainBackbone(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	read, byToken, err := readBackbone(context.Background(), "vectors", ex, nil)
	if err != nil || !byToken {
		t.Fatalf("got error %v and by token %v, want words that are asked about one by one", err, byToken)
	}
	for _, c := range []struct {
		q     question
		about string
		found bool
	}{
		{question{text: "the good film", token: 1}, "words like good", true}, {question{text: "good - bad + film", token: 0}, "good - bad + film is near", true},
		{question{text: "unheard", token: 0}, "is not among", false}, {question{text: "", token: 0}, "arrows choose", false}, {question{text: "good - bad + unheard", token: 0}, "is not among", false},
	} {
		r, err := read(c.q)
		if err != nil {
			t.Fatal(err)
		}
		n := r.(nearby)
		if !strings.Contains(n.about, c.about) || len(n.list) > 0 != c.found {
			t.Errorf("%v: got %q with %d words, want %q", c.q, n.about, len(n.list), c.about)
		}
		everywhere(t, n)
	}
}

package tokens_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"defrost/ui/widgets/tokens"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) tokens.Styles {
	return tokens.Styles{
		Even: p.Style("#d4d4d4"), Odd: p.Style("#d4d4d4").Background(lipgloss.Color("#3a3f49")), Special: p.Style("#8b9099"), Bar: p.Style("#6b7079"), ID: p.Style("#8b9099"),
		Heat: []lipgloss.Style{p.Style("#8b9099"), p.Style("#d4d4d4"), p.Style("#f0d050"), p.Style("#ff7a70").Bold(true)}, Cursor: p.Reverse(),
	}
}

func film(p widgettest.Palette) tokens.Tokens {
	return tokens.Tokens{Cursor: -1, Styles: styles(p), Tokens: []tokens.Token{
		{Text: "[CLS]", ID: 101, Special: true}, {Text: "the", ID: 1996, Heat: 0.1}, {Text: "film", ID: 2143, Heat: 0.4, Note: "B-WORK"}, {Text: "is", ID: 2003, Heat: 0.05},
		{Text: "un", ID: 4895, Heat: 0.8}, {Text: "##watch", ID: 18866, Heat: 1}, {Text: "##able", ID: 3085, Heat: 0.6}, {Text: "日本", ID: 1864}, {Text: "", ID: 7}, {Text: "[SEP]", ID: 102, Special: true},
	}}
}

func TestTokensFillEverySize(t *testing.T) {
	for mask := range 8 {
		v := film(widgettest.TrueColour())
		v.IDs, v.Notes, v.Heat, v.Cursor = mask&1 > 0, mask&2 > 0, mask&4 > 0, mask
		widgettest.EverySize(t, v.View)
	}
	widgettest.EverySize(t, tokens.Tokens{}.View)
	odd := tokens.Tokens{Cursor: 99, Heat: true, Tokens: []tokens.Token{{Text: strings.Repeat("x", 500), Heat: math.NaN()}, {Text: "\x1b[2J\n", Heat: math.Inf(1)}, {Text: "\u0301", Heat: -4}}}
	widgettest.EverySize(t, odd.View)
}

func TestCutsAreSeenWithoutColour(t *testing.T) {
	got := strings.TrimRight(film(widgettest.Plain()).View(60, 1), " ")
	if want := "[CLS]│the│film│is│un│##watch│##able│日本│ │[SEP]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHeatIsSeenWithoutColour(t *testing.T) {
	v := film(widgettest.Plain())
	v.Heat = true
	got := strings.Split(v.View(60, 2), "\n")[1]
	if want := "      ▁▁▁ ▃▃▃▃ ▁▁ ▆▆ ███████ ▅▅▅▅▅▅"; strings.TrimRight(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryTokenIsWrappedIntoTheLines(t *testing.T) {
	v := film(widgettest.Plain())
	v.IDs = true
	for _, w := range []int{8, 13, 21, 40} {
		got := v.View(w, v.Lines(w))
		for _, tok := range v.Tokens {
			if !strings.Contains(got, tok.Text) {
				t.Errorf("width %d: %q is missing:\n%s", w, tok.Text, got)
			}
		}
	}
}

func TestCursorTokenIsInViewAndUnderTheMouse(t *testing.T) {
	v := film(widgettest.Plain())
	v.IDs = true
	for cursor, tok := range v.Tokens {
		v.Cursor = cursor
		got := v.View(12, 2)
		if !strings.Contains(got, tok.Text) {
			t.Fatalf("token %d is not shown:\n%s", cursor, got)
		}
		found := false
		for cell := range 2 * 12 {
			at, ok := v.At(cell%12, cell/12, 12, 2)
			found = found || ok && at == cursor
		}
		if !found {
			t.Errorf("token %d is nowhere under the mouse", cursor)
		}
	}
}

func TestIDsGiveWayToTokens(t *testing.T) {
	v := film(widgettest.Plain())
	v.IDs = true
	all := v.Lines(20)
	id := strconv.Itoa(v.Tokens[1].ID)
	if got := v.View(20, all); !strings.Contains(got, id) || strings.Contains(got, "…") {
		t.Errorf("%d lines lack ids or say that there is more:\n%s", all, got)
	}
	if got := v.View(20, all-1); strings.Contains(got, id) || !strings.Contains(got, v.Tokens[len(v.Tokens)-1].Text) {
		t.Errorf("%d lines show ids where they have no room for the last token:\n%s", all-1, got)
	}
}

func TestTokensThatDoNotFitAreAnnounced(t *testing.T) {
	v := film(widgettest.Plain())
	for w := 8; w < 40; w++ {
		for h := 1; h < 6; h++ {
			got := v.View(w, h)
			if more := v.Lines(w) > h; strings.Contains(got, "…") != more {
				t.Errorf("%dx%d: says that there is more: %v, want %v:\n%s", w, h, !more, more, got)
			}
		}
	}
}

func TestTokensLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "ids", 40, 8, func(p widgettest.Palette) string {
		v := film(p)
		v.IDs, v.Cursor = true, 5
		return v.View(40, 8)
	})
	widgettest.Goldens(t, "heat", 50, 5, func(p widgettest.Palette) string {
		v := film(p)
		v.Heat, v.Notes = true, true
		return v.View(50, 5)
	})
}

func BenchmarkView(b *testing.B) {
	v := film(widgettest.TrueColour())
	for range 6 {
		v.Tokens = append(v.Tokens, v.Tokens...)
	}
	v.IDs, v.Heat = true, true
	b.ReportAllocs()
	for b.Loop() {
		v.View(120, 34)
	}
}

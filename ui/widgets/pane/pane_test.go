package pane_test

import (
	"strings"
	"testing"

	"defrost/ui/widgets/pane"
	"defrost/ui/widgets/widgettest"
)

func styles(p widgettest.Palette) pane.Styles {
	return pane.Styles{Border: p.Style("#6b7079"), Focus: p.Style("#e69f00"), Title: p.Style("#e6e6e6"), Note: p.Style("#8b9099")}
}

func sample(p widgettest.Palette) pane.Pane {
	return pane.Pane{
		Title: "BERT-mini · freeze map", Note: "3/14", Footer: "space toggles", Pad: 1, Styles: styles(p),
		Body: "first line\n" + p.Style("#56b4e9").Render("a coloured line that is much too long for the pane it is in") + "\n日本語",
	}
}

func TestPaneFillsEverySize(t *testing.T) {
	for _, p := range []widgettest.Palette{widgettest.Plain(), widgettest.TrueColour()} {
		widgettest.EverySize(t, sample(p).View)
		widgettest.EverySize(t, pane.Pane{Focused: true, Body: strings.Repeat("x\n", 60), Styles: styles(p)}.View)
	}
}

func TestFocusIsSeenWithoutColour(t *testing.T) {
	p := sample(widgettest.Plain())
	p.Focused = true
	if got := p.View(40, 5); !strings.HasPrefix(got, "┏━ BERT-mini") {
		t.Errorf("focused pane starts %q", got[:20])
	}
	p.Focused = false
	if got := p.View(40, 5); !strings.HasPrefix(got, "┌─ BERT-mini") {
		t.Errorf("other pane starts %q", got[:20])
	}
}

func TestInnerIsWhatTheBodyGets(t *testing.T) {
	p := pane.Pane{Pad: 1}
	w, h := p.Inner(20, 6)
	p.Body = strings.TrimSuffix(strings.Repeat(strings.Repeat("x", w)+"\n", h), "\n")
	got := strings.Split(p.View(20, 6), "\n")
	if len(got) != 6 || strings.Count(strings.Join(got, ""), "x") != w*h {
		t.Errorf("the body does not fit whole:\n%s", strings.Join(got, "\n"))
	}
	if want := "│ " + strings.Repeat("x", 16) + " │"; got[1] != want {
		t.Errorf("got %q, want %q", got[1], want)
	}
}

func TestNoteGivesWayToTheTitle(t *testing.T) {
	p := sample(widgettest.Plain())
	if got := strings.Split(p.View(28, 4), "\n")[0]; got != "┌─ BERT-mini · freeze map ─┐" {
		t.Errorf("got %q", got)
	}
}

func TestPanesLookAsRecorded(t *testing.T) {
	widgettest.Goldens(t, "pane", 44, 6, func(p widgettest.Palette) string { return sample(p).View(44, 6) })
	widgettest.Goldens(t, "focused", 44, 6, func(p widgettest.Palette) string {
		s := sample(p)
		s.Focused = true
		return s.View(44, 6)
	})
}

func BenchmarkView(b *testing.B) {
	p := sample(widgettest.TrueColour())
	p.Body = strings.Repeat(strings.Repeat("\x1b[1mab\x1b[0m", 90)+"\n", 46)
	b.ReportAllocs()
	for b.Loop() {
		p.View(200, 48)
	}
}

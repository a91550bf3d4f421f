package model

import (
	"strings"
	"testing"

	"defrost/engine"
	"defrost/engine/backbone"
	"defrost/ui/shared"
)

func TestListSaysWhatFitsIntoMemory(t *testing.T) {
	m := New(&shared.Session{NoProbe: true}).(*Model)
	card := engine.Card{Card: backbone.Card{Name: "large", Params: 100e6}} // 0.4 GB of weights, 1.6 GB to train
	tests := []struct {
		free int
		sign string
		want string
	}{
		{0, "-", ""}, {2e9, "all", "1.6 GB, 2 GB are free"}, {1e9, "head", "train a head; all of it takes 1.6 GB"}, {1e8, "no", "400 MB, 100 MB are free"},
	}
	for _, tt := range tests {
		m.Update(memoryMsg(tt.free))
		if got := m.fit(card); got.sign != tt.sign || !strings.Contains(got.text, tt.want) {
			t.Errorf("with %d bytes free: got %+v, want %s and %q", tt.free, got, tt.sign, tt.want)
		}
	}
}

func TestUsualSettingsFollowTheBackboneAndChosenOnesStay(t *testing.T) {
	s := shared.NewSession(t.Context(), shared.NewKeys(), shared.Styles{}, engine.Defaults())
	m := New(s).(*Model)
	s.Recipe.HeadLR = 0.5
	old, usual := engine.Defaults(), engine.Defaults()
	usual.Backbone, usual.LR, usual.HeadLR, usual.MaxLength = "wide", 3e-5, 2e-3, 64
	m.Update(chosenMsg{old: old, usual: usual})
	if r := s.Recipe; r.Backbone != "wide" || r.LR != 3e-5 || r.HeadLR != 0.5 || r.MaxLength != 64 {
		t.Errorf("got %+v, want the new rate of the backbone, one's own of the head, and texts that fit", r)
	}
}

func TestTokensOfAnotherBackboneComeTooLate(t *testing.T) {
	m := New(&shared.Session{NoProbe: true}).(*Model)
	m.cards = []engine.Card{{Card: backbone.Card{Name: "first"}}, {Card: backbone.Card{Name: "second"}}}
	m.list.Cursor = 1
	m.Update(cutMsg{cuts{backbone: "second", text: firstSentence}})
	for _, late := range []cuts{{backbone: "first", text: firstSentence}, {backbone: "second", text: "an older sentence"}} {
		m.Update(cutMsg{late})
		if m.cuts.backbone != "second" || m.cuts.text != firstSentence {
			t.Errorf("got %+v, want the sentence of the box cut by the backbone at the cursor", m.cuts)
		}
	}
}

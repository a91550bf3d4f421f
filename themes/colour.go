package themes

import (
	"fmt"
	"math"
	"strconv"
)

// A Role is one named colour of a theme.
type Role struct {
	Name   string
	Colour Colour
	Text   bool // used for text, so it must be readable on the background
}

// Roles lists every role of the theme except the selection pair, which is text on its own background.
func (t Theme) Roles() []Role {
	roles := []Role{
		{"text", t.Text, true}, {"muted", t.Muted, true}, {"accent", t.Accent, true}, {"focus", t.Focus, true},
		{"title", t.Title, true}, {"frozen", t.Frozen, true}, {"trains", t.Trains, true},
		{"good", t.Good, true}, {"bad", t.Bad, true}, {"warn", t.Warn, true},
		{"border", t.Border, false}, {"band", t.Band, false},
	}
	for i, c := range t.Series {
		roles = append(roles, Role{fmt.Sprintf("series%d", i+1), c, true})
	}
	return roles
}

// Readable is the least contrast of text, as WCAG 2.1 asks for.
const Readable = 4.5

// Faint lists the roles of text that cannot be read well, with what they reach.
func (t Theme) Faint() []string {
	var faint []string
	say := func(name string, got float64) {
		if !t.Mono && got < Readable {
			faint = append(faint, fmt.Sprintf("%s has contrast %.1f, expected %.1f or more", name, got, Readable))
		}
	}
	for _, r := range t.Roles() {
		if r.Text {
			say(r.Name, Contrast(r.Colour, t.Background))
		}
	}
	say("selectionText on selection", Contrast(t.SelectionText, t.Selection))
	return faint
}

// check reports the first role that is not a colour. Mono themes must have none.
func (t Theme) check(path string) error {
	all := append(t.Roles(), Role{"background", t.Background, false}, Role{"selection", t.Selection, false}, Role{"selectionText", t.SelectionText, true})
	for _, r := range all {
		if _, _, _, ok := r.Colour.RGB(); !ok && !(t.Mono && r.Colour == "") {
			return fmt.Errorf("themes: %s: %s: found %q, expected a colour such as \"#56b4e9\"", path, r.Name, string(r.Colour))
		}
		if t.Mono && r.Colour != "" {
			return fmt.Errorf("themes: %s: %s: found %q, expected no colour in a mono theme", path, r.Name, string(r.Colour))
		}
	}
	return nil
}

// RGB returns the red, green and blue of the colour, 0 to 255; ok is false for anything but "#rrggbb".
func (c Colour) RGB() (r, g, b uint8, ok bool) {
	if len(c) != 7 || c[0] != '#' {
		return 0, 0, 0, false
	}
	n, err := strconv.ParseUint(string(c[1:]), 16, 32)
	if err != nil {
		return 0, 0, 0, false
	}
	return uint8(n >> 16), uint8(n >> 8), uint8(n), true
}

// Contrast is the contrast ratio of two colours as WCAG 2.1 defines it, from 1
// to 21; 0 when one of them is not a colour. Text is readable from 4.5 on.
func Contrast(a, b Colour) float64 {
	la, oka := luminance(a)
	lb, okb := luminance(b)
	if !oka || !okb {
		return 0
	}
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is WCAG's relative luminance: sRGB channels made linear, then weighted by what the eye sees.
func luminance(c Colour) (float64, bool) {
	r, g, b, ok := c.RGB()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b), ok
}

func linear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

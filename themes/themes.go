// Package themes holds the workbench's colours as data: one JSON file per
// theme. A theme names a colour for each role; the front end turns roles into
// styles. Five themes are built in (dark, light, contrast, colourblind, mono);
// a user's own lie in a folder read by Load.
//
//	t, err := themes.Get("dark")
//	fg := lipgloss.Color(t.Series[0])
//
// A user's file may set only some roles; the others come from the theme named
// by "base" (dark when absent):
//
//	{"name": "mine", "base": "light", "accent": "#005f87"}
package themes

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed *.json
var files embed.FS

// order is how Names lists the built-in themes.
var order = []string{"dark", "light", "contrast", "colourblind", "mono"}

// A Colour is "#rrggbb", or "" for the terminal's own.
type Colour string

// SeriesCount is the number of curve colours a theme has.
const SeriesCount = 6

// A Theme names a colour for each role. In the mono theme every role is empty.
type Theme struct {
	Name  string `json:"name"`
	About string `json:"about"`
	Base  string `json:"base,omitempty"` // theme that missing roles come from
	Dark  bool   `json:"dark"`           // made for a dark background
	Mono  bool   `json:"mono,omitempty"` // draws without colour

	Background    Colour              `json:"background"`
	Text          Colour              `json:"text"`
	Muted         Colour              `json:"muted"`  // hints, axes, units
	Accent        Colour              `json:"accent"` // keys, the current screen
	Focus         Colour              `json:"focus"`  // border of the focused pane
	Border        Colour              `json:"border"`
	Title         Colour              `json:"title"`
	SelectionText Colour              `json:"selectionText"`
	Selection     Colour              `json:"selection"` // background of the cursor row
	Frozen        Colour              `json:"frozen"`
	Trains        Colour              `json:"trains"`
	Good          Colour              `json:"good"`
	Bad           Colour              `json:"bad"`
	Warn          Colour              `json:"warn"`
	Series        [SeriesCount]Colour `json:"series"` // curves, in order
	Band          Colour              `json:"band"`   // grids, tracks and min/max bands
}

// Names lists the built-in themes, the default for dark terminals first.
func Names() []string { return append([]string(nil), order...) }

// Get returns a built-in theme; the error of an unknown name lists the known ones.
func Get(name string) (Theme, error) {
	for _, known := range order {
		if name == known {
			b, err := files.ReadFile(name + ".json")
			if err != nil {
				return Theme{}, fmt.Errorf("themes: %w", err)
			}
			return decode(name+".json", b, Theme{})
		}
	}
	return Theme{}, fmt.Errorf("themes: found %q, expected one of %s", name, strings.Join(order, ", "))
}

// Default returns the theme for a terminal with a dark or a light background.
func Default(dark bool) Theme {
	name := "light"
	if dark {
		name = "dark"
	}
	t, err := Get(name)
	if err != nil {
		panic(err) // a built-in file is broken; the tests parse them all
	}
	return t
}

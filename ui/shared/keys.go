package shared

import (
	"fmt"
	"slices"
	"strings"
)

// An Action is what a key does, by a stable id such as "layers.toggle".
type Action string

// Always is the place of keys that work everywhere, questions and text boxes included; Everywhere
// that of keys that work on every screen.
const (
	Always     = "always"
	Everywhere = "everywhere"
)

// A Binding is one row of the key table, from which dispatch, footer, help and palette are made.
type Binding struct {
	Action Action
	Where  string   // Always, Everywhere, a screen ("layers"), a question ("ask.quit") or a text box ("type.filter")
	Keys   []string // as Bubble Tea names them
	Short  string   // one or two words for the footer; "" leaves the key out of it
	Help   string   // a phrase for help and palette
}

// Keys is the table of all bindings.
type Keys struct{ bindings []Binding }

// NewKeys makes a table; later bindings stand later in help and palette.
func NewKeys(bindings ...Binding) *Keys { return &Keys{bindings: bindings} }

// All lists every binding.
func (k *Keys) All() []Binding { return k.bindings }

// Question says that a place takes no keys of the screens below it.
func Question(where string) bool { return strings.HasPrefix(where, "ask.") }

// Typing says that keys without a binding at this place are text.
func Typing(where string) bool { return strings.HasPrefix(where, "type.") }

// heard says that a binding works at a place.
func (b Binding) heard(where string) bool {
	if b.Where == Everywhere {
		return !Question(where) && !Typing(where)
	}
	return b.Where == where || b.Where == Always
}

// In lists the bindings that work at a place, its own first.
func (k *Keys) In(where string) []Binding {
	var own, rest []Binding
	for _, b := range k.bindings {
		switch {
		case b.Where == where:
			own = append(own, b)
		case b.heard(where):
			rest = append(rest, b)
		}
	}
	return append(own, rest...)
}

// Find returns what a key does at a place; its own bindings come before those of everywhere.
func (k *Keys) Find(where, key string) (Action, bool) {
	for _, b := range k.In(where) {
		if slices.Contains(b.Keys, key) {
			return b.Action, true
		}
	}
	return "", false
}

// Clashes lists every key that two bindings of one place share.
func (k *Keys) Clashes() []string {
	var clashes []string
	for _, where := range k.places() {
		first := map[string]Action{}
		for _, b := range k.In(where) {
			for _, key := range b.Keys {
				if other, taken := first[key]; taken {
					clashes = append(clashes, fmt.Sprintf("%s: %q does %s and %s", where, key, other, b.Action))
				}
				first[key] = b.Action
			}
		}
	}
	return clashes
}

// places lists where keys can be pressed, in the order of the table.
func (k *Keys) places() []string {
	var places []string
	for _, b := range k.bindings {
		if b.Where != Always && b.Where != Everywhere && !slices.Contains(places, b.Where) {
			places = append(places, b.Where)
		}
	}
	return places
}

// Rebind gives actions other keys. It changes nothing and says why when an action is unknown or
// two actions would share a key.
func (k *Keys) Rebind(keys map[Action][]string) error {
	changed := &Keys{bindings: slices.Clone(k.bindings)}
	for action, to := range keys {
		at := slices.IndexFunc(changed.bindings, func(b Binding) bool { return b.Action == action })
		if at < 0 {
			return fmt.Errorf("keys: found action %q, expected one that help lists", action)
		}
		changed.bindings[at].Keys = to
	}
	if clashes := changed.Clashes(); len(clashes) > 0 {
		return fmt.Errorf("keys: %s", clashes[0])
	}
	k.bindings = changed.bindings
	return nil
}

// KeyName writes a key for people: "space" for " ", an arrow for "up".
func KeyName(key string) string {
	switch key {
	case " ":
		return "space"
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	}
	return key
}

// Label writes the keys of a binding for people.
func (b Binding) Label() string {
	names := make([]string, len(b.Keys))
	for i, key := range b.Keys {
		names[i] = KeyName(key)
	}
	return strings.Join(names, " ")
}

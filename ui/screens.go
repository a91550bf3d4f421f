package ui

import (
	"strconv"

	"defrost/ui/screens/compare"
	"defrost/ui/screens/data"
	"defrost/ui/screens/layers"
	"defrost/ui/screens/learn"
	"defrost/ui/screens/live"
	"defrost/ui/screens/model"
	"defrost/ui/screens/play"
	"defrost/ui/screens/train"
	"defrost/ui/shared"
)

// A registration is a screen the workbench has: one line here gives it a number key, a tab and its
// rows of help and palette.
type registration struct {
	name string
	open func(*shared.Session) shared.Screen
	keys func() []shared.Binding
}

// registry lists the screens in the order of their number keys.
var registry = []registration{
	{"Model", model.New, model.Keys},
	{"Layers", layers.New, layers.Keys},
	{"Data", data.New, data.Keys},
	{"Train", train.New, train.Keys},
	{"Live", live.New, live.Keys},
	{"Compare", compare.New, compare.Keys},
	{"Play", play.New, play.Keys},
	{"Learn", learn.New, learn.Keys},
}

// keyTable is every binding of the workbench.
func keyTable() *shared.Keys {
	var all []shared.Binding
	for i, r := range registry {
		all = append(all, shared.Binding{
			Action: screenAction(r.name), Where: shared.Everywhere, Keys: []string{strconv.Itoa(i + 1)}, Help: "go to the screen " + r.name,
		})
	}
	all = append(all, shared.GlobalKeys()...)
	all = append(all, overlayKeys()...)
	for _, r := range registry {
		all = append(all, r.keys()...)
	}
	return shared.NewKeys(all...)
}

func screenAction(name string) shared.Action { return shared.Action("screen." + name) }

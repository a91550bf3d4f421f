package ui

import (
	"fmt"
	"path/filepath"
	"strings"

	"defrost/themes"
)

// looks are the themes that can be chosen: the built-in ones, then a person's own.
type looks []themes.Theme

// findLooks reads the themes of the folder dir/themes behind the built-in ones. What cannot be used
// and what is hard to read is said in one line each. Without a folder there are the built-in ones.
func findLooks(dir string) (all looks, warnings []string) {
	for _, name := range themes.Names() {
		t, err := themes.Get(name)
		if err != nil {
			panic(err) // a built-in file is broken; the tests of themes parse them all
		}
		all = append(all, t)
	}
	if dir == "" {
		return all, nil
	}
	own, errs := themes.Load(filepath.Join(dir, "themes"))
	for _, err := range errs {
		warnings = append(warnings, err.Error())
	}
	for _, t := range own {
		if _, taken := all.find(t.Name); taken {
			warnings = append(warnings, fmt.Sprintf("themes: %s: there is a theme of this name already, expected another", t.Name))
			continue
		}
		all = append(all, t)
		if faint := t.Faint(); len(faint) > 0 {
			warnings = append(warnings, fmt.Sprintf("themes: %s: hard to read: %s", t.Name, strings.Join(faint, ", ")))
		}
	}
	return all, warnings
}

func (l looks) find(name string) (themes.Theme, bool) {
	for _, t := range l {
		if t.Name == name {
			return t, true
		}
	}
	return themes.Theme{}, false
}

// get is find for a name that a person typed.
func (l looks) get(name string) (themes.Theme, error) {
	if t, ok := l.find(name); ok {
		return t, nil
	}
	var names []string
	for _, t := range l {
		names = append(names, t.Name)
	}
	return themes.Theme{}, fmt.Errorf("themes: found %q, expected one of %s", name, strings.Join(names, ", "))
}

// after is the theme that follows one in the list, from the last to the first.
func (l looks) after(name string) themes.Theme {
	for i, t := range l {
		if t.Name == name {
			return l[(i+1)%len(l)]
		}
	}
	return l[0]
}

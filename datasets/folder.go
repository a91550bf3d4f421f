package datasets

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// maxDepth is how deep below a folder its files are looked for: the hub keeps
// parquet files as config/split/0000.parquet.
const maxDepth = 3

// partNames are the words by which files and folders name a part.
var partNames = map[string]Part{
	"train": Train, "training": Train,
	"dev": Dev, "validation": Dev, "valid": Dev, "val": Dev, "devel": Dev,
	"test": Test, "testing": Test,
	"hard": Hard, "challenge": Hard,
}

// folder reads a folder of files whose names say which part they are.
func (o Options) folder(l location) (*Dataset, error) {
	files, err := findParts(l)
	if err != nil {
		return nil, err
	}
	parts := map[Part][]*harvest{}
	for _, p := range Parts() {
		for _, name := range files[p] {
			h, err := o.read(l.within(name))
			if err != nil {
				return nil, err
			}
			parts[p] = append(parts[p], h)
		}
	}
	d, err := assemble(l.show, parts)
	if err != nil {
		return nil, err
	}
	if dev, _ := o.shares(); len(d.Dev) == 0 && dev > 0 {
		d.deal(dev, 0, o.Seed)
	}
	return d, nil
}

// findParts lists the files of each part, in the order of their names.
func findParts(l location) (map[Part][]string, error) {
	parts := map[Part][]string{}
	var configs []string
	err := fs.WalkDir(l.fsys, l.path, func(name string, e fs.DirEntry, err error) error {
		rel := strings.TrimPrefix(strings.TrimPrefix(name, l.path), "/")
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != l.path && (strings.HasPrefix(e.Name(), ".") || strings.Count(rel, "/") >= maxDepth-1):
			return fs.SkipDir
		case e.IsDir() || readers[location{path: name}.extension()] == nil:
			return nil
		}
		if p, config, ok := partOf(rel); ok {
			parts[p] = append(parts[p], rel)
			if !slices.Contains(configs, config) {
				configs = append(configs, config)
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("datasets: %s: %w", l.show, reason(err))
	case len(parts) == 0:
		return nil, &Problem{File: l.show, Found: "a folder without train, dev or test files", Expected: "those, or the path of one file (" + extensions() + ")"}
	case len(configs) > 1:
		return nil, &Problem{File: l.show, Found: "several sets (" + list(configs) + ")", Expected: "one of these folders"}
	}
	return parts, nil
}

// partOf reads the part from the words of a relative path, the last that
// names one; config is what remains of the folders.
func partOf(rel string) (p Part, config string, ok bool) {
	dir, base := path.Split(rel)
	var rest []string
	for _, folder := range strings.Split(strings.Trim(dir, "/"), "/") {
		if named, is := partNames[strings.ToLower(folder)]; is {
			p, ok = named, true
		} else if folder != "data" && folder != "" {
			rest = append(rest, folder)
		}
	}
	words := strings.FieldsFunc(strings.ToLower(base), func(r rune) bool { return strings.ContainsRune("-_. ", r) })
	for _, w := range words {
		if named, is := partNames[w]; is {
			p, ok = named, true
		}
	}
	return p, path.Join(rest...), ok
}

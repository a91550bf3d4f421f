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
			h, err := o.readPart(l, name)
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

// readPart reads one file, or two parallel ones ("train.en,train.fr").
func (o Options) readPart(l location, name string) (*harvest, error) {
	if from, to, ok := strings.Cut(name, parallelMark); ok {
		return o.parallelFiles(l.within(from), l.within(to))
	}
	return o.read(l.within(name))
}

// parallelMark joins the names of two parallel files.
const parallelMark = "\x00"

// A finding is what a walk through a folder found.
type finding struct {
	parts   map[Part][]string // files with a reader
	spoken  map[Part][]string // files with a language for an extension
	configs []string          // the folders that set the files apart
}

// findParts lists the files of each part, in the order of their names.
func findParts(l location) (map[Part][]string, error) {
	found := finding{parts: map[Part][]string{}, spoken: map[Part][]string{}}
	below, err := fs.Sub(l.fsys, l.path)
	if err == nil {
		err = fs.WalkDir(below, ".", found.visit)
	}
	if len(found.parts) == 0 {
		found.pair()
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("datasets: %s: %w", l.show, reason(err))
	case len(found.parts) == 0:
		return nil, &Problem{File: l.show, Found: "a folder without train, dev or test files", Expected: "those, or the path of one file (" + extensions() + ")"}
	case len(found.configs) > 1:
		return nil, &Problem{File: l.show, Found: "several sets (" + list(found.configs) + ")", Expected: "one of these folders"}
	}
	return found.parts, nil
}

// visit keeps a file that names a part; hidden and deep folders are passed by.
func (f *finding) visit(name string, e fs.DirEntry, err error) error {
	hidden := name != "." && strings.HasPrefix(e.Name(), ".")
	switch {
	case err != nil:
		return err
	case e.IsDir() && (hidden || strings.Count(name, "/") >= maxDepth-1):
		return fs.SkipDir
	case e.IsDir() || hidden:
		return nil
	}
	ext := location{path: name}.extension()
	p, config, ok := partOf(name)
	switch {
	case ok && isLanguage(ext):
		f.spoken[p] = append(f.spoken[p], name)
	case ok && readers[ext] != nil:
		f.parts[p] = append(f.parts[p], name)
		if !slices.Contains(f.configs, config) {
			f.configs = append(f.configs, config)
		}
	}
	return nil
}

// pair takes a part's two files in two languages for parallel text.
func (f *finding) pair() {
	for p, two := range f.spoken {
		if len(two) == 2 {
			f.parts[p] = []string{two[0] + parallelMark + two[1]}
		}
	}
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

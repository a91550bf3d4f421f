package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path that go.mod declares.
const module = "defrost"

// arrows says which packages of ours each package may import: those that lie below it. A name
// that ends in /* stands for every package in that folder, which never import each other unless
// a row of their own says so.
var arrows = map[string][]string{
	// leaves
	"datasets":           {},
	"themes":             {},
	"engine/gemm":        {},
	"engine/tokenizer":   {},
	"engine/checkpoint":  {},
	"engine/hub":         {},
	"engine/endpoint":    {},
	"engine/metric":      {},
	"engine/batch":       {},
	"engine/tensorboard": {},

	// the data's walk, from numbers to runs
	"engine/vec":      {"engine/gemm"},
	"engine/op":       {"engine/gemm", "engine/vec", "engine/batch"},
	"engine/nn":       {"engine/op", "engine/gemm", "engine/batch"},
	"engine/words":    {"engine/gemm", "engine/vec", "engine/metric"},
	"engine/optim":    {"engine/nn", "engine/gemm", "engine/vec"},
	"engine/backbone": {"engine/nn", "engine/op", "engine/batch", "engine/tokenizer", "engine/checkpoint", "engine/vec"},
	"engine/head":     {"engine/nn", "engine/op", "engine/batch"},
	"engine/task":     {"datasets", "engine/tokenizer", "engine/batch", "engine/nn", "engine/op", "engine/head", "engine/metric"},
	"engine/verify":   {"engine/backbone", "engine/batch", "engine/checkpoint", "engine/head", "engine/nn", "engine/op", "engine/optim", "engine/tokenizer", "engine/vec"},
	"engine/pretrain": {"engine/backbone", "engine/batch", "engine/checkpoint", "engine/gemm", "engine/head", "engine/nn", "engine/op", "engine/optim", "engine/tokenizer", "engine/vec"},
	"engine": {
		"datasets", "engine/gemm", "engine/vec", "engine/op", "engine/nn", "engine/tokenizer", "engine/batch", "engine/checkpoint", "engine/hub", "engine/endpoint",
		"engine/backbone", "engine/head", "engine/task", "engine/optim", "engine/metric", "engine/verify", "engine/pretrain", "engine/words", "engine/tensorboard",
	},
	"engine/enginetest": {"engine/backbone", "engine/checkpoint"},

	// front ends
	"ui/terminal":           {},
	"ui/figure":             {"themes", "ui/widgets/number"},
	"ui/report":             {"engine", "themes", "ui/figure", "ui/widgets/number"},
	"ui/background":         {"ui/terminal"},
	"ui/widgets/canvas":     {},
	"ui/widgets/number":     {},
	"ui/widgets/widgettest": {},
	"ui/widgets/histogram":  {"ui/widgets/canvas", "ui/widgets/number", "ui/widgets/gauge"},
	"ui/widgets/schedule":   {"ui/widgets/canvas", "ui/widgets/number", "ui/widgets/chart"},
	"ui/widgets/*":          {"ui/widgets/canvas", "ui/widgets/number"},
	"ui/labs":               {"engine", "datasets"},
	"ui/shared":             {"engine", "datasets", "themes", "ui/report", "ui/widgets/*"},
	"ui/screens/*":          {"engine", "datasets", "ui/labs", "ui/shared", "ui/report", "ui/figure", "ui/widgets/*"},
	"ui/command":            {"engine", "datasets", "themes", "ui/labs", "ui/report"},
	"ui":                    {"engine", "themes", "ui/terminal", "ui/background", "ui/shared", "ui/report", "ui/screens/*", "ui/widgets/*"},
	".":                     {"engine", "themes", "ui", "ui/command"},
}

// strangers says where modules of others may be imported; the rest is free.
var strangers = []struct {
	prefix string
	within []string
	why    string
}{
	{"github.com/charmbracelet/", []string{".", "ui", "ui/*"}, "only front ends draw"},
	{"gorgonia.org/", []string{"engine/op", "engine/nn"}, "one package defines operations, one runs graphs"},
	{"github.com/spf13/", []string{"ui/command"}, "only the command line reads flags"},
	{"net/http", []string{"engine/hub", "engine/endpoint"}, "only the hub and models that others run are reached by network"},
	{"net", []string{"engine/hub", "engine/endpoint"}, "only the hub and models that others run are reached by network"},
}

// topLevel is all that lies at the root.
var topLevel = []string{
	"main.go", "architecture_test.go", "go.mod", "go.sum", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile",
	".golangci.yml", ".gitignore", ".ci", "datasets", "themes", "engine", "ui",
}

// emptyNames say nothing about what is in a package.
var emptyNames = []string{"manager", "util", "utils", "common", "types", "helper", "helpers", "misc", "base"}

// A source is one Go file that is not a test.
type source struct {
	path   string // from the root, with slashes
	folder string
	file   *ast.File
}

// sources reads the imports of the whole tree; folders that start with _ or . hold other modules
// and scratch.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := fs.WalkDir(os.DirFS("."), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != "." && (name[0] == '_' || name[0] == '.' || name == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(p), nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		list = append(list, source{p, path.Dir(p), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 100 {
		t.Fatalf("got %d files, want the whole tree", len(list))
	}
	return list
}

// imports are the packages a file names.
func (s source) imports(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

// covers says whether one of patterns names folder.
func covers(patterns []string, folder string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return p == folder || strings.HasSuffix(p, "/*") && strings.HasPrefix(folder, strings.TrimSuffix(p, "*"))
	})
}

// allowed is the row of a folder: its own, else that of the folders around it.
func allowed(folder string) (row []string, ok bool) {
	if row, ok = arrows[folder]; ok {
		return row, true
	}
	row, ok = arrows[path.Dir(folder)+"/*"]
	return row, ok
}

func TestArrowsPointDown(t *testing.T) {
	for _, s := range sources(t) {
		row, ok := allowed(s.folder)
		if !ok {
			t.Errorf("%s: package %s has no row in the table of arrows", s.path, s.folder)
		}
		for _, imported := range s.imports(t) {
			ours, ok := strings.CutPrefix(imported, module+"/")
			if ok && !covers(row, ours) {
				t.Errorf("%s: imports %s, expected one of %v", s.path, ours, row)
			}
		}
	}
}

func TestTableOfArrowsHasNoCircle(t *testing.T) {
	const visiting, done = 1, 2
	state := map[string]int{}
	var visit func(string)
	visit = func(folder string) {
		if state[folder] == visiting {
			t.Errorf("%s can import itself by a circle of arrows", folder)
		}
		if state[folder] != 0 {
			return
		}
		state[folder] = visiting
		for _, below := range arrows[folder] {
			visit(below)
		}
		state[folder] = done
	}
	for folder := range arrows {
		visit(folder)
	}
}

func TestRowsNamePackagesThatExist(t *testing.T) {
	for folder := range arrows {
		if _, err := os.Stat(filepath.FromSlash(strings.TrimSuffix(folder, "/*"))); err != nil {
			t.Errorf("the table of arrows names %s: %v", folder, err)
		}
	}
}

func TestStrangersStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range s.imports(t) {
			for _, x := range strangers {
				matches := imported == x.prefix || strings.HasSuffix(x.prefix, "/") && strings.HasPrefix(imported, x.prefix)
				if matches && !covers(x.within, s.folder) {
					t.Errorf("%s: imports %s, expected only in %v: %s", s.path, imported, x.within, x.why)
				}
			}
		}
	}
}

func TestPackagesAreNamedAfterWhatTheyHold(t *testing.T) {
	for _, s := range sources(t) {
		if name := s.file.Name.Name; slices.Contains(emptyNames, name) {
			t.Errorf("%s: package %s, expected the name of what it holds", s.path, name)
		}
	}
}

func TestTopLevelHoldsNothingElse(t *testing.T) {
	tracked, err := exec.Command("git", "ls-files", "-z").Output()
	if err != nil {
		t.Skipf("the tree is not a checkout: %v", err)
	}
	for _, p := range strings.Split(strings.TrimRight(string(tracked), "\x00"), "\x00") {
		top, _, _ := strings.Cut(p, "/")
		if !slices.Contains(topLevel, top) {
			t.Errorf("%s lies at the top, expected only %v", top, topLevel)
		}
	}
}

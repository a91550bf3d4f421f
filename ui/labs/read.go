package labs

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"defrost/engine"
)

// Read reads a lab strictly: an error is one line that names the file, the line in it, what was found
// and what was expected.
func Read(file string, data []byte) (Lab, error) {
	r := reader{file: file}
	doc, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Lab{}, r.explain(err)
	}
	r.doc = doc
	if n := len(doc.Docs); n != 1 || doc.Docs[0].Body == nil {
		return Lab{}, fmt.Errorf("lab: %s:1: found %d documents, expected one with a lab", file, n)
	}
	lab, err := r.decode()
	if err != nil {
		return Lab{}, err
	}
	for _, rule := range lab.rules() {
		if !rule.ok {
			return Lab{}, r.refuse(rule.at, rule.found, rule.want)
		}
	}
	return lab, nil
}

// A reader knows where in the file everything stands.
type reader struct {
	file string
	doc  *ast.File
}

// raw is a lab with its recipes unread: those of the runs are laid over the one that all share, which
// is laid over the defaults.
type raw struct {
	Lab    `yaml:",inline"`
	Recipe ast.Node `yaml:"recipe"`
	Runs   []rawRun `yaml:"runs"`
}

type rawRun struct {
	Run    `yaml:",inline"`
	Recipe ast.Node `yaml:"recipe"`
}

func (r reader) decode() (Lab, error) {
	var found raw
	if err := yaml.NodeToValue(r.doc.Docs[0].Body, &found, yaml.Strict()); err != nil {
		return Lab{}, r.explain(err)
	}
	lab := found.Lab
	lab.setDefaults()
	shared := engine.Defaults()
	if err := r.overlay(&shared, found.Recipe); err != nil {
		return Lab{}, err
	}
	for i, run := range found.Runs {
		recipe := shared
		if err := r.overlay(&recipe, run.Recipe); err != nil {
			return Lab{}, err
		}
		if err := recipe.Check(); err != nil {
			return Lab{}, r.at(fmt.Sprintf("$.runs[%d].recipe", i), strings.TrimPrefix(err.Error(), "recipe: "))
		}
		run.Run.Recipe = asSaved(recipe)
		lab.Runs = append(lab.Runs, run.Run)
	}
	return lab, nil
}

// overlay sets what the node names.
func (r reader) overlay(recipe *engine.Recipe, node ast.Node) error {
	if node == nil {
		return nil
	}
	if err := yaml.NodeToValue(node, recipe, yaml.Strict()); err != nil {
		return r.explain(err)
	}
	return nil
}

// asSaved is the recipe as a run folder gives it back, so that the two can be compared.
func asSaved(r engine.Recipe) engine.Recipe {
	saved := engine.Defaults()
	if err := yaml.Unmarshal([]byte(r.YAML()), &saved); err != nil {
		panic(err) // what was marshalled can be read
	}
	return saved
}

func (l *Lab) setDefaults() {
	for _, d := range []struct {
		field *string
		value string
	}{{&l.Measure, "accuracy"}, {&l.Chart.Show, "measure"}, {&l.Chart.Over, "step"}} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
}

// explain is an error of the YAML reader in one line.
func (r reader) explain(err error) error {
	var y yaml.Error
	if errors.As(err, &y) && y.GetToken() != nil {
		return fmt.Errorf("lab: %s:%d: %s", r.file, y.GetToken().Position.Line, message(y))
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return fmt.Errorf("lab: %s: %s", r.file, line)
}

// message is an error without the names of Go's types.
func message(err yaml.Error) string {
	var t *yaml.TypeError
	if errors.As(err, &t) && t.DstType != nil {
		return fmt.Sprintf("found %q, expected %s", t.Token.Value, kindNames[t.DstType.Kind()])
	}
	return err.GetMessage()
}

var kindNames = map[reflect.Kind]string{
	reflect.String: "text", reflect.Int: "a whole number", reflect.Int64: "a whole number", reflect.Float64: "a number",
	reflect.Bool: "true or false", reflect.Slice: "a list", reflect.Struct: "fields with values",
}

// refuse says what stands at a path of the file and what should.
func (r reader) refuse(path, found, want string) error {
	return r.at(path, fmt.Sprintf("%s is %s, expected %s", strings.TrimPrefix(path, "$."), found, want))
}

// at puts the line of a path, or of what is around it, before a text.
func (r reader) at(path, text string) error {
	line := 1
	for p := path; p != "$" && p != ""; p = outer(p) {
		if n, ok := r.line(p); ok {
			line = n
			break
		}
	}
	return fmt.Errorf("lab: %s:%d: %s", r.file, line, text)
}

func (r reader) line(path string) (int, bool) {
	p, err := yaml.PathString(path)
	if err != nil {
		return 0, false
	}
	node, err := p.FilterFile(r.doc)
	if err != nil || node == nil || node.GetToken() == nil {
		return 0, false
	}
	return node.GetToken().Position.Line, true
}

// outer is a path without its last part.
func outer(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

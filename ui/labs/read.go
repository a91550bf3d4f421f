package labs

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"defrost/engine"
)

// Limits of a lab: more could not be told apart on a screen, fewer compare nothing.
const (
	leastRuns, mostRuns       = 2, 6
	leastChoices, mostChoices = 2, 6
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

// A rule is something that must hold for a lab.
type rule struct {
	at, found, want string
	ok              bool
}

// word is what labs and runs may be called: claims and file names are made of it.
var word = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const wordWanted = "a word of small letters, digits and hyphens"

// rules lists what must hold, in the order of the file.
func (l Lab) rules() []rule {
	list := []rule{
		{"$.name", quoted(l.Name), wordWanted, word.MatchString(l.Name)},
		text("$.title", l.Title), text("$.about", l.About),
		{"$.seconds", fmt.Sprint(l.Seconds), "0 (not measured) or more", l.Seconds >= 0},
		amount("$.text", len(l.Text), 1, 12, "paragraphs"),
		amount("$.runs", len(l.Runs), leastRuns, mostRuns, "runs"),
	}
	for i, p := range l.Text {
		list = append(list, text(fmt.Sprintf("$.text[%d]", i), p))
	}
	for i, run := range l.Runs {
		at := fmt.Sprintf("$.runs[%d]", i)
		list = append(list,
			rule{at + ".name", quoted(run.Name), wordWanted, word.MatchString(run.Name)},
			rule{at + ".name", quoted(run.Name), "a name no other run has", l.Index(run.Name) == i},
			text(at+".about", run.About))
	}
	list = append(list,
		rule{"$.measure", quoted(l.Measure), "a figure of which more is better", l.Measure != "loss"},
		oneOf("$.chart.show", l.Chart.Show, "measure", "loss", "dev_loss"),
		oneOf("$.chart.over", l.Chart.Over, "step", "time", "tokens"))
	list = append(list, l.predictRules()...)
	list = append(list, l.showRules()...)
	return append(list, l.checkRules()...)
}

func (l Lab) predictRules() []rule {
	q := l.Predict
	list := []rule{text("$.predict.ask", q.Ask)}
	if q.Number != "" {
		_, err := l.parseValue(q.Number)
		return append(list,
			rule{"$.predict.number", quoted(q.Number), `a run, or "a - b" of two runs of this lab`, err == nil},
			rule{"$.predict.choices", fmt.Sprintf("%d answers beside a number", len(q.Choices)), "one of the two", len(q.Choices) == 0})
	}
	list = append(list, amount("$.predict.choices", len(q.Choices), leastChoices, mostChoices, "answers, or a number"))
	for i, c := range q.Choices {
		at := fmt.Sprintf("$.predict.choices[%d]", i)
		list = append(list, text(at+".say", c.Say), amount(at+".claims", len(c.Claims), 1, mostRuns*mostRuns, "claims"))
		for j, claim := range c.Claims {
			list = append(list, l.claimRule(fmt.Sprintf("%s.claims[%d]", at, j), claim))
		}
	}
	return list
}

func (l Lab) claimRule(at, claim string) rule {
	_, err := l.parseClaim(claim)
	return rule{at, quoted(claim), `"a > b" or "a ~ b" of two runs of this lab`, err == nil}
}

func (l Lab) showRules() []rule {
	list := []rule{amount("$.shows", len(l.Shows), 1, 15, "comparisons")}
	for i, s := range l.Shows {
		at := fmt.Sprintf("$.shows[%d]", i)
		c, err := l.parseClaim(s.Claim)
		list = append(list,
			rule{at + ".claim", quoted(s.Claim), `"a > b" of two runs of this lab`, err == nil && c.better},
			text(at+".yes", s.Yes), text(at+".no", s.No), text(at+".chance", s.Chance))
	}
	return list
}

func (l Lab) checkRules() []rule {
	c, right := l.Check, 0
	list := []rule{text("$.check.ask", c.Ask), amount("$.check.choices", len(c.Choices), leastChoices, mostChoices, "answers")}
	for i, o := range c.Choices {
		list = append(list, text(fmt.Sprintf("$.check.choices[%d].say", i), o.Say))
		if o.Right {
			right++
		}
	}
	return append(list,
		rule{"$.check.choices", fmt.Sprintf("%d right answers", right), "exactly one", right == 1},
		text("$.check.why", c.Why),
		rule{"$.next.lab", quoted(l.Next.Lab), "the name of another lab", l.Next.Lab == "" || word.MatchString(l.Next.Lab) && l.Next.Lab != l.Name})
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func text(at, s string) rule {
	return rule{at, quoted(s), "some text", strings.TrimSpace(s) != ""}
}

func amount(at string, n, least, most int, of string) rule {
	return rule{at, fmt.Sprintf("%d", n), fmt.Sprintf("%d to %d %s", least, most, of), n >= least && n <= most}
}

func oneOf(at, s string, choices ...string) rule {
	for _, c := range choices {
		if s == c {
			return rule{ok: true}
		}
	}
	return rule{at, quoted(s), strings.Join(choices, ", "), false}
}

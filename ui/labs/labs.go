// Package labs is lessons as data: a text, a question to be answered before anything runs, two to six
// small runs, one chart, what came out judged by statistics, a question to check oneself, and where to
// go next. A lab is one YAML file; those in embedded ship with the program, those in the folder that
// Folder names belong to whoever put them there.
//
//	lab, err := labs.Open("thawing")
//	p, err := lab.Progress()                     // the answer and the runs so far, from disk
//	p, err = lab.Answer(p, "2")                  // before the runs
//	for {
//		p, step, err := lab.Begin(ctx, p)        // the next run, or what is left of one
//		if step.Run == nil { break }
//		step.Run.Wait()
//	}
//	out, err := lab.Outcome(p)                   // computed from the runs, never from the text
//
// Whatever is left in the middle, even by a kill, goes on where it was.
package labs

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"defrost/engine"
)

// A Lab is one lesson.
type Lab struct {
	Name    string   `yaml:"name" json:"name"`   // a word of small letters, digits and hyphens
	Title   string   `yaml:"title" json:"title"` // a question or a sentence
	About   string   `yaml:"about" json:"about"` // what it teaches, in a line
	Seconds float64  `yaml:"seconds" json:"seconds"`
	Text    []string `yaml:"text" json:"text"`       // paragraphs
	Measure string   `yaml:"measure" json:"measure"` // the figure that is compared; accuracy when not given
	Runs    []Run    `yaml:"-" json:"runs"`
	Chart   Chart    `yaml:"chart" json:"chart"`
	Predict Question `yaml:"predict" json:"predict"`
	Shows   []Show   `yaml:"shows" json:"shows"`
	Check   Check    `yaml:"check" json:"check"`
	Next    Next     `yaml:"next" json:"next"`

	Path string `yaml:"-" json:"path,omitempty"` // of the file; "" for a lab that ships
}

// A Run is one small fit of a lab.
type Run struct {
	Name   string        `yaml:"name" json:"name"`   // a word, as claims call it
	About  string        `yaml:"about" json:"about"` // what is particular about it
	Recipe engine.Recipe `yaml:"-" json:"recipe"`
}

// A Chart is the one drawing of a lab: a curve of every run.
type Chart struct {
	Show string `yaml:"show" json:"show"` // measure (on dev, after each epoch), loss (of every step) or dev_loss
	Over string `yaml:"over" json:"over"` // step, time or tokens
}

// A Question is answered before the runs: by one of Choices, or by a number.
type Question struct {
	Ask     string   `yaml:"ask" json:"ask"`
	Choices []Choice `yaml:"choices" json:"choices,omitempty"`
	Number  string   `yaml:"number" json:"number,omitempty"` // what is asked for, in percent: "a", or "a - b"
}

// A Choice is an answer and what it claims about the runs.
type Choice struct {
	Say    string   `yaml:"say" json:"say"`
	Claims []string `yaml:"claims" json:"claims"` // "a > b": a is reliably better; "a ~ b": no reliable difference
}

// A Show explains what a comparison of two runs may come to. The one of its sentences that fits what
// came out is shown.
type Show struct {
	Claim  string `yaml:"claim" json:"claim"`   // "a > b"
	Yes    string `yaml:"yes" json:"yes"`       // a is reliably better
	No     string `yaml:"no" json:"no"`         // b is
	Chance string `yaml:"chance" json:"chance"` // chance may explain the difference
}

// A Check is a question about what was learned.
type Check struct {
	Ask     string   `yaml:"ask" json:"ask"`
	Choices []Option `yaml:"choices" json:"choices"`
	Why     string   `yaml:"why" json:"why"` // said after the answer
}

// An Option is an answer to a Check.
type Option struct {
	Say   string `yaml:"say" json:"say"`
	Right bool   `yaml:"right" json:"right"`
}

// Next is where to go from here.
type Next struct {
	Lab string   `yaml:"lab" json:"lab,omitempty"` // name of a lab that builds on this one
	Try []string `yaml:"try" json:"try"`           // things to do
}

//go:embed embedded
var embedded embed.FS

// order is that of the labs that ship: each needs what the ones before it taught.
var order = []string{"thawing", "pretraining", "families", "labels"}

// A Listed is a lab of the catalogue, or why its file cannot be one.
type Listed struct {
	Lab Lab
	Err error
}

// List returns the labs that ship and then those of the person's folder, by name.
func List() ([]Listed, error) {
	var list []Listed
	for _, name := range order {
		lab, err := openEmbedded(name)
		list = append(list, Listed{lab, err})
	}
	dir, err := Folder()
	if err != nil {
		return list, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return list, fmt.Errorf("lab: %w", err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ending {
			lab, err := openFile(filepath.Join(dir, e.Name()))
			list = append(list, Listed{lab, err})
		}
	}
	return list, nil
}

// ending is that of lab files.
const ending = ".yaml"

// Open reads a lab: one that ships, one of the person's folder by its name, or a file.
func Open(nameOrFile string) (Lab, error) {
	if slices.Contains(order, nameOrFile) {
		return openEmbedded(nameOrFile)
	}
	if strings.ContainsAny(nameOrFile, `/\.`) {
		return openFile(nameOrFile)
	}
	list, err := List()
	if err != nil {
		return Lab{}, err
	}
	names := slices.Clone(order)
	for _, l := range list {
		switch {
		case l.Lab.Path == "":
		case l.Lab.Name == nameOrFile || strings.TrimSuffix(filepath.Base(l.Lab.Path), ending) == nameOrFile:
			return l.Lab, l.Err
		case l.Err == nil:
			names = append(names, l.Lab.Name)
		}
	}
	return Lab{}, fmt.Errorf("lab: no lab is called %q, expected %s or the path of a file", nameOrFile, strings.Join(names, ", "))
}

// Source is the file of a lab that ships, to begin one's own from.
func Source(name string) ([]byte, error) {
	if !slices.Contains(order, name) {
		return nil, fmt.Errorf("lab: no lab that ships is called %q, expected %s", name, strings.Join(order, ", "))
	}
	return embedded.ReadFile("embedded/" + name + ending)
}

func openEmbedded(name string) (Lab, error) {
	file := name + ending
	data, err := embedded.ReadFile("embedded/" + file)
	if err != nil {
		return Lab{}, fmt.Errorf("lab: %w", err)
	}
	return Read(file, data)
}

// openFile reads a lab from disk. What its recipes call by a path is looked for beside the file first.
func openFile(path string) (Lab, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return Lab{Path: path}, fmt.Errorf("lab: %w", err)
	}
	data, err := os.ReadFile(full)
	if err != nil {
		return Lab{Path: full}, fmt.Errorf("lab: %w", err)
	}
	lab, err := Read(path, data)
	lab.Path = full
	for i := range lab.Runs {
		r := &lab.Runs[i].Recipe
		r.Backbone, r.Data = beside(full, r.Backbone), beside(full, r.Data)
	}
	return lab, err
}

// beside is a path seen from the folder of file, where something lies there.
func beside(file, path string) string {
	if filepath.IsAbs(path) || !strings.ContainsAny(path, `/\.`) {
		return path
	}
	near := filepath.Join(filepath.Dir(file), path)
	if _, err := os.Stat(near); err != nil {
		return path
	}
	return near
}

// Folder is where progress is kept and a person's own labs lie: labs beside the runs.
func Folder() (string, error) {
	store, err := engine.DefaultStore()
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(store.Root), "labs"), nil
}

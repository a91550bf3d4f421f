// Package backbone is the zoo: one file per family, the weights as struct fields whose tags carry
// the names published checkpoints use.
package backbone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"

	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Backbone is a pre-trained network without a head.
type Backbone interface {
	// Layers lists what can be frozen, from the embeddings to the top.
	Layers() []nn.Layer
	// Build adds the network to a program.
	Build(b *nn.Builder) Hidden
	// Summary turns hidden states into one vector per sequence: the family's own way for
	// op.PoolFirst (a pooler, the last token), plain pooling otherwise.
	Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node
	// Shape describes the network.
	Shape() Shape
}

// Hidden are the states of a network: (N, Width) each.
type Hidden struct {
	All  []*nn.Node // embeddings, then every layer
	Last *nn.Node   // what a head reads
}

// A Shape is the size of a network.
type Shape struct {
	Family     string
	Layers     int
	Width      int // H
	Heads      int
	FFN        int // width of the feed-forward layer
	Vocabulary int
	Positions  int // longest sequence, 0 without a limit
}

// A Family makes backbones from configurations and knows how its checkpoints name tensors.
type Family struct {
	Name     string                                  // model_type of config.json
	New      func(config []byte) (Backbone, error)   // weights not yet filled
	Prefixes []string                                // optional prefixes of checkpoint names
	Drop     func(name string) (why string, ok bool) // tensors that are not weights, or nil
	Alone    string                                  // file that describes this family alone, where there is no config.json
}

var families = map[string]Family{}

// Register adds a family; a family's file calls it from init.
func Register(f Family) { families[f.Name] = f }

// Families lists the registered names.
func Families() []string {
	var names []string
	for n := range families {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// configFile is the description that every Hugging Face folder has.
const configFile = "config.json"

// Describe makes the backbone that the folder's config.json describes, its weights not yet filled.
func Describe(fsys fs.FS) (Backbone, Family, error) {
	config, err := Config(fsys)
	if err != nil {
		return nil, Family{}, err
	}
	return FromConfig(config)
}

// FromConfig makes the backbone that a config.json describes, its weights not yet filled.
func FromConfig(config []byte) (Backbone, Family, error) {
	family, err := familyOf(config)
	if err != nil {
		return nil, Family{}, err
	}
	bb, err := family.New(config)
	return bb, family, err
}

// Config is the folder's config.json, byte for byte. ELMo's options.json, which came before there
// was such a file, gets its model_type added.
func Config(fsys fs.FS) ([]byte, error) {
	config, err := fs.ReadFile(fsys, configFile)
	if err == nil {
		return config, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("backbone: %w", err)
	}
	for _, name := range Families() {
		f := families[name]
		if f.Alone == "" {
			continue
		}
		if config, err := fs.ReadFile(fsys, f.Alone); err == nil {
			return f.typed(config)
		}
	}
	return nil, fmt.Errorf("backbone: no %s: expected a folder with %s and weights", configFile, configFile)
}

// typed adds the family's name to a description that leaves it out.
func (f Family) typed(config []byte) ([]byte, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(config, &fields); err != nil {
		return nil, fmt.Errorf("backbone: %s: %w", f.Alone, err)
	}
	fields["model_type"], _ = json.Marshal(f.Name)
	return json.Marshal(fields)
}

func familyOf(config []byte) (Family, error) {
	var kind struct {
		ModelType string `json:"model_type"`
	}
	if err := json.Unmarshal(config, &kind); err != nil {
		return Family{}, fmt.Errorf("backbone: %s: %w", configFile, err)
	}
	f, ok := families[kind.ModelType]
	if !ok {
		return f, fmt.Errorf("backbone: %s: model_type is %q, expected one of %v", configFile, kind.ModelType, Families())
	}
	return f, nil
}

// Params lists all parameters of a backbone.
func Params(bb Backbone) []*nn.Param {
	var all []*nn.Param
	for _, l := range bb.Layers() {
		all = append(all, l.Params...)
	}
	return all
}

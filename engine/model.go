package engine

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/task"
	"defrost/engine/tokenizer"
)

// A Model is a backbone with its tokenizer. Weights are read by Load only.
type Model struct {
	name   string
	fsys   fs.FS
	bb     backbone.Backbone
	family backbone.Family
	tok    tokenizer.Tokenizer
	report LoadReport
	loaded []string // tensors of the weights in use, as the file spells them
}

// OpenModel opens an embedded backbone, one of the catalogue that was pulled, or a folder.
func OpenModel(_ context.Context, nameOrDir string) (*Model, error) {
	m, err := describe(nameOrDir)
	if err != nil {
		return nil, err
	}
	if m.tok, err = tokenizer.Open(m.fsys); err != nil {
		return nil, fmt.Errorf("%s: %w", nameOrDir, err)
	}
	if m.tok.Size() > m.bb.Shape().Vocabulary {
		return nil, fmt.Errorf("%s: tokenizer has %d tokens, expected at most the %d of the embeddings", nameOrDir, m.tok.Size(), m.bb.Shape().Vocabulary)
	}
	return m, nil
}

// describe opens a model without its tokenizer.
func describe(nameOrDir string) (*Model, error) {
	fsys, err := locate(nameOrDir)
	if err != nil {
		return nil, err
	}
	m := &Model{name: nameOrDir, fsys: fsys}
	if m.bb, m.family, err = backbone.Describe(fsys); err != nil {
		return nil, fmt.Errorf("%s: %w", nameOrDir, err)
	}
	return m, nil
}

// locate finds the folder of a backbone.
func locate(nameOrDir string) (fs.FS, error) {
	if fsys, ok := backbone.Embedded(nameOrDir); ok {
		return fsys, nil
	}
	if info, err := os.Stat(nameOrDir); err == nil {
		if !info.IsDir() {
			return nil, fmt.Errorf("backbone: %s is a file, expected a folder with config.json and weights", nameOrDir)
		}
		return os.DirFS(nameOrDir), nil
	}
	if dir, ok := pulled(nameOrDir); ok {
		return os.DirFS(dir), nil
	}
	card, known := cardOf(nameOrDir)
	switch {
	case !known:
		return nil, fmt.Errorf("backbone: no folder and no known backbone is called %q: `defrost models` lists them", nameOrDir)
	case card.Embedded:
		return nil, fmt.Errorf("backbone: %s is not part of this build", nameOrDir)
	}
	return nil, fmt.Errorf("backbone: %s is not on this machine: `defrost pull %s` fetches it", nameOrDir, nameOrDir)
}

func cardOf(name string) (backbone.Card, bool) {
	for _, c := range backbone.Cards() {
		if c.Name == name {
			return c, true
		}
	}
	return backbone.Card{}, false
}

// Name is how the model was asked for.
func (m *Model) Name() string { return m.name }

// Shape is the size of the network.
func (m *Model) Shape() backbone.Shape { return m.bb.Shape() }

// Tokenizer is the model's own.
func (m *Model) Tokenizer() tokenizer.Tokenizer { return m.tok }

// Report accounts for every tensor, once Load ran.
func (m *Model) Report() LoadReport { return m.report }

// Load reads the weights. Parameters the file lacks are initialised from seed; with scratch, all are.
func (m *Model) Load(seed int64, scratch bool) error {
	params := backbone.Params(m.bb)
	if scratch {
		m.report = LoadReport{}
		for _, p := range params {
			p.Reset(uint64(seed))
			m.report.Fresh = append(m.report.Fresh, p.Name)
		}
		return nil
	}
	src, err := checkpoint.Open(m.fsys)
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	defer src.Close()
	r, err := backbone.Load(src, m.family, params, uint64(seed))
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	m.report, m.loaded = reportOf(r), r.Loaded
	if m.report.Loaded == 0 {
		return fmt.Errorf("%s: no tensor of the weights belongs to a %s, found names such as %s", m.name, m.family.Name, firstName(src))
	}
	return nil
}

func firstName(src checkpoint.Source) string {
	if ts := src.Tensors(); len(ts) > 0 {
		return ts[0].Name
	}
	return "none"
}

func reportOf(r backbone.Report) LoadReport {
	out := LoadReport{Loaded: len(r.Loaded), Fresh: r.Fresh}
	for _, d := range r.Dropped {
		out.Dropped = append(out.Dropped, Dropped(d))
	}
	return out
}

// A LayerInfo is a row of the layer table.
type LayerInfo struct {
	Name    string       `json:"name"`
	Kind    string       `json:"kind"`
	Params  int          `json:"params"`
	Tensors []TensorInfo `json:"tensors"`
}

// A TensorInfo is one tensor of a layer.
type TensorInfo struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// Layers lists what can be frozen, from bottom to top.
func (m *Model) Layers() []LayerInfo { return layerInfos(m.bb.Layers()) }

func layerInfos(layers []nn.Layer) []LayerInfo {
	var list []LayerInfo
	for _, l := range layers {
		info := LayerInfo{Name: l.Name, Kind: l.Kind, Params: l.Count()}
		for _, p := range l.Params {
			info.Tensors = append(info.Tensors, TensorInfo{p.Name, p.Shape})
		}
		list = append(list, info)
	}
	return list
}

// A Token is a piece of text as the backbone sees it.
type Token struct {
	ID         int    `json:"id"`
	Text       string `json:"text"`
	Start, End int    // bytes of the text
	Special    bool   `json:"special"`
}

// Tokenize cuts a text, special tokens included.
func (m *Model) Tokenize(text string) []Token {
	enc := m.tok.Wrap(m.tok.Encode(text), nil, 0)
	tokens := make([]Token, len(enc.IDs))
	for i, id := range enc.IDs {
		tokens[i] = Token{
			ID: int(id), Text: m.tok.Token(id), Start: enc.Spans[i].Start, End: enc.Spans[i].End, Special: enc.Special[i],
		}
	}
	return tokens
}

// config is the model's config.json.
func (m *Model) config() ([]byte, error) {
	data, err := backbone.Config(m.fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return data, nil
}

// collate packs items and adds what the backbone reads beside token ids.
func (m *Model) collate(tk task.Task, items []task.Item) *batch.Batch {
	b := tk.Collate(items)
	backbone.Spell(m.bb, m.tok, b)
	return b
}

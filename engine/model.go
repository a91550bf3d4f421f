package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/task"
	"defrost/engine/tokenizer"
)

// A Model is a backbone with its tokenizer. Weights are read by Load only.
type Model struct {
	name    string
	config  []byte // config.json, as a checkpoint of ours gets it
	weights weights
	vectors *wordVectors // nil but for a file of word vectors
	bb      backbone.Backbone
	family  backbone.Family
	tok     tokenizer.Tokenizer
	report  LoadReport
	loaded  []string // tensors of the weights in use, as the file spells them

	told     told  // hears how far Load has come
	unusable error // why a model that can be looked at cannot be trained: its tokenizer
}

// weights opens the pre-trained values.
type weights func() (checkpoint.Source, error)

// OpenModel opens an embedded backbone, one of the catalogue that was pulled, a folder, or a file of
// word vectors.
func OpenModel(_ context.Context, nameOrPath string) (*Model, error) {
	m, err := describe(nameOrPath)
	if err == nil && m.unusable != nil {
		return nil, m.unusable
	}
	return m, err
}

// openFor is OpenModel for a run on d: of word vectors only those of its words are kept, while the
// file is read.
func openFor(ctx context.Context, nameOrPath string, d *datasets.Dataset) (*Model, error) {
	at, err := locate(nameOrPath)
	if err == nil && at.vectors != nil {
		return readVectors(nameOrPath, *at.vectors, backbone.WordsOf(textsOf(d)))
	}
	return OpenModel(ctx, nameOrPath)
}

// describe opens a model, without a tokenizer when its folder has none.
func describe(nameOrPath string) (*Model, error) {
	at, err := locate(nameOrPath)
	if err != nil {
		return nil, err
	}
	if at.vectors != nil {
		return listVectors(nameOrPath, *at.vectors)
	}
	m := &Model{name: nameOrPath, weights: func() (checkpoint.Source, error) { return checkpoint.Open(at.folder) }}
	if m.config, err = backbone.Config(at.folder); err == nil {
		m.bb, m.family, err = backbone.FromConfig(m.config)
	}
	if err == nil {
		err = m.openTokenizer(at.folder)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", nameOrPath, err)
	}
	return m, nil
}

// openTokenizer notes in unusable what only training needs.
func (m *Model) openTokenizer(fsys fs.FS) error {
	tok, err := tokenizer.Open(fsys)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		m.unusable = fmt.Errorf("%s: %w", m.name, err)
		return nil
	case err != nil:
		return err
	}
	m.tok = tok
	if rows := m.bb.Shape().Vocabulary; tok.Size() > rows {
		m.unusable = fmt.Errorf("%s: tokenizer has %d tokens, expected at most the %d of the embeddings", m.name, tok.Size(), rows)
	}
	return nil
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
	src, err := m.weights()
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	defer src.Close()
	r, err := backbone.Load(counting(src, m.told), m.family, params, uint64(seed))
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	m.report, m.loaded = reportOf(r), r.Loaded
	if m.report.Loaded == 0 {
		return fmt.Errorf("%s: no tensor of the weights belongs to a %s, found names such as %s", m.name, m.family.Name, firstName(src))
	}
	return nil
}

// readHead fills those of a head's parameters that the weights hold, and returns them.
func (m *Model) readHead(params []*nn.Param) (map[*nn.Param]bool, error) {
	src, err := m.weights()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	defer src.Close()
	known := map[*nn.Param]bool{}
	held := fitting(src, m.family, params)
	for _, p := range held {
		known[p] = true
	}
	if len(held) == 0 {
		return known, nil
	}
	report, err := backbone.Load(src, m.family, held, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	m.keepLoaded(report.Loaded)
	return known, nil
}

// keepLoaded takes tensors off the list of those that are not used.
func (m *Model) keepLoaded(names []string) {
	m.loaded = append(m.loaded, names...)
	m.report.Loaded += len(names)
	m.report.Dropped = slices.DeleteFunc(m.report.Dropped, func(d Dropped) bool { return slices.Contains(names, d.Name) })
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

// collate packs items and adds what the backbone reads beside token ids.
func (m *Model) collate(tk task.Task, items []task.Item) *batch.Batch {
	b := tk.Collate(items)
	backbone.Spell(m.bb, m.tok, b)
	return b
}

// again describes the same model with parameters of its own. Of word vectors it keeps those of the
// words of d.
func (m *Model) again(d *datasets.Dataset) (*Model, error) {
	if m.vectors != nil {
		return m.narrowed(backbone.WordsOf(textsOf(d)))
	}
	bb, _, err := backbone.FromConfig(m.config)
	if err != nil {
		return nil, err
	}
	own := *m
	own.bb = bb
	return &own, nil
}

package backbone

import (
	"encoding/json"
	"fmt"
	"math"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

func init() {
	Register(Family{Name: "elmo", New: newElmo, Alone: "options.json"})
}

// elmoConfig is options.json of an ELMo (Peters et al. 2018), as bilm-tf writes it.
type elmoConfig struct {
	LSTM struct {
		Cells    int     `json:"dim"`
		Width    int     `json:"projection_dim"` // P, of one direction
		Layers   int     `json:"n_layers"`
		Clip     float32 `json:"cell_clip"`
		ProjClip float32 `json:"proj_clip"`
		Skip     bool    `json:"use_skip_connections"`
	} `json:"lstm"`
	CNN struct {
		Embedding struct {
			Width int `json:"dim"`
		} `json:"embedding"`
		Filters    [][2]int `json:"filters"` // width, number
		Highways   int      `json:"n_highway"`
		Characters int      `json:"n_characters"`
		Slots      int      `json:"max_characters_per_token"`
		Activation string   `json:"activation"`
	} `json:"char_cnn"`
}

// elmoCharacters is the number of character vectors: bytes, two sentence marks, two word marks,
// padding. Files say 261, or 262 where they count one for masks.
const elmoCharacters = 261

func (c *elmoConfig) sizes() []size {
	s := []size{
		{"lstm.dim", c.LSTM.Cells, 1, 1 << 16},
		{"lstm.projection_dim", c.LSTM.Width, 1, 1 << 16},
		{"lstm.n_layers", c.LSTM.Layers, 1, 100},
		{"char_cnn.embedding.dim", c.CNN.Embedding.Width, 1, 1 << 12},
		{"number of char_cnn.filters", len(c.CNN.Filters), 1, 100},
		{"char_cnn.n_highway", c.CNN.Highways, 0, 100},
		{"char_cnn.n_characters", c.CNN.Characters, elmoCharacters, elmoCharacters + 1},
		{"char_cnn.max_characters_per_token", c.CNN.Slots, 3, 250},
	}
	for _, f := range c.CNN.Filters {
		s = append(s, size{"width of a filter", f[0], 1, c.CNN.Slots}, size{"number of filters", f[1], 1, 1 << 16})
	}
	return s
}

// filters is F, the number of filters of all widths.
func (c *elmoConfig) filters() int {
	n := 0
	for _, f := range c.CNN.Filters {
		n += f[1]
	}
	return n
}

// An Elmo reads words by their characters and runs two language models over them, one from each
// end; a trained mix of all layers is what a head reads. The rows of <S> and </S>, which the
// tokenizer puts around each sentence, are computed and left out by Summary.
type Elmo struct {
	// States, when not nil, carries the networks' states from batch to batch, one for each layer,
	// as the published code does: see op.States. Batches then must keep their order.
	States []*op.States

	embed    *nn.Param // (261, E)
	filters  []charFilter
	highways []highway
	project  affine // (F, P)
	layers   [][2]lstmCell
	mix      *nn.Param // (L+1), before softmax
	gamma    *nn.Param // (1)
	cfg      elmoConfig
}

type charFilter struct{ w, b *nn.Param } // (1, width, E, n), (n)

type affine struct{ w, b *nn.Param } // (in, out), (out)

type highway struct{ carry, transform affine } // (F, F), (F)

type lstmCell struct{ w, b, project *nn.Param } // (2P, 4C), (4C), (C, P)

func newElmo(config []byte) (Backbone, error) {
	var c elmoConfig
	c.CNN.Slots, c.CNN.Activation = 50, "relu"
	if err := json.Unmarshal(config, &c); err != nil {
		return nil, fmt.Errorf("backbone: options.json: %w", err)
	}
	if err := checkSizes("options.json", c.sizes()); err != nil {
		return nil, err
	}
	if c.CNN.Activation != "relu" {
		return nil, fmt.Errorf("backbone: options.json: char_cnn.activation is %q, expected relu", c.CNN.Activation)
	}
	m := &Elmo{cfg: c}
	m.allocate()
	return m, nil
}

// allocate makes the parameters under their published names, with dots for the slashes of HDF5.
func (m *Elmo) allocate() {
	c, e := m.cfg, m.cfg.CNN.Embedding.Width
	f, p, cells := c.filters(), c.LSTM.Width, c.LSTM.Cells
	m.embed = named("char_embed", 1, elmoCharacters, e)
	for i, bank := range c.CNN.Filters {
		m.filters = append(m.filters, charFilter{
			named(fmt.Sprintf("CNN.W_cnn_%d", i), fanIn(bank[0]*e), 1, bank[0], e, bank[1]),
			zeros(fmt.Sprintf("CNN.b_cnn_%d", i), bank[1]),
		})
	}
	for i := range c.CNN.Highways {
		part := func(kind string) affine {
			return affine{
				named(fmt.Sprintf("CNN_high_%d.W_%s", i, kind), fanIn(f), f, f),
				zeros(fmt.Sprintf("CNN_high_%d.b_%s", i, kind), f),
			}
		}
		m.highways = append(m.highways, highway{part("carry"), part("transform")})
	}
	m.project = affine{named("CNN_proj.W_proj", fanIn(f), f, p), zeros("CNN_proj.b_proj", p)}
	for l := range c.LSTM.Layers {
		var cell [2]lstmCell
		for d := range cell {
			at := fmt.Sprintf("RNN_%d.RNN.MultiRNNCell.Cell%d.LSTMCell.", d, l)
			cell[d] = lstmCell{
				named(at+"W_0", fanIn(2*p), 2*p, 4*cells), zeros(at+"B", 4*cells), named(at+"W_P_0", fanIn(cells), cells, p),
			}
		}
		m.layers = append(m.layers, cell)
	}
	m.mix = zeros("mix.scalars", c.LSTM.Layers+1)
	m.gamma = nn.NewParam(nn.Ones, 1)
	m.gamma.Name = "mix.gamma"
	m.mix.Reset(0) // a mix is no part of the published weights: it starts as the mean
	m.gamma.Reset(0)
}

// named is a matrix under its checkpoint name, afresh N(0, std).
func named(name string, std float64, shape ...int) *nn.Param {
	p := nn.NewParam(nn.Normal, shape...)
	p.Name, p.Std = name, std
	return p
}

// zeros is a vector of biases under its checkpoint name.
func zeros(name string, n int) *nn.Param {
	p := nn.NewParam(nn.Zeros, n)
	p.Name = name
	return p
}

// fanIn keeps the variance of n summed inputs.
func fanIn(n int) float64 { return 1 / math.Sqrt(float64(n)) }

// Shape describes the network; its vocabulary are characters.
func (m *Elmo) Shape() Shape {
	c := m.cfg
	return Shape{
		Family: "elmo", Layers: c.LSTM.Layers, Width: 2 * c.LSTM.Width, FFN: c.LSTM.Cells, Vocabulary: c.CNN.Characters,
	}
}

// Layers lists char_cnn, projection (with the highways), lstm.0 to lstm.L-1, mix.
func (m *Elmo) Layers() []nn.Layer {
	chars := []*nn.Param{m.embed}
	for _, f := range m.filters {
		chars = append(chars, f.w, f.b)
	}
	var up []*nn.Param
	for _, h := range m.highways {
		up = append(up, h.carry.w, h.carry.b, h.transform.w, h.transform.b)
	}
	layers := []nn.Layer{
		{Name: "char_cnn", Kind: "embeddings", Params: chars},
		{Name: "projection", Kind: "embeddings", Params: append(up, m.project.w, m.project.b)},
	}
	for i, l := range m.layers {
		layers = append(layers, nn.Layer{Name: fmt.Sprintf("lstm.%d", i), Kind: "encoder", Params: []*nn.Param{
			l[0].w, l[0].b, l[0].project, l[1].w, l[1].b, l[1].project,
		}})
	}
	return append(layers, nn.Layer{Name: "mix", Kind: "mix", Params: []*nn.Param{m.mix, m.gamma}})
}

// elmoDropout is what the published task models put on the mix.
const elmoDropout = 0.5

// Build adds the character network, computed once for each distinct word, and both language models.
func (m *Elmo) Build(b *nn.Builder) Hidden {
	x := b.Apply(&op.Gather{Rows: func(b *batch.Batch) []int32 { return b.CharIndex }, Cols: m.cfg.LSTM.Width}, m.Words(b))
	all := []*nn.Node{b.Apply(&op.Twice{Cols: m.cfg.LSTM.Width}, x)}
	for i := range m.layers {
		x = b.Apply(m.lstm(i), x)
		all = append(all, x)
	}
	mix := b.Apply(&op.Mix{S: &m.mix.Weight, Gamma: &m.gamma.Weight, Cols: x.Width}, all...)
	return Hidden{All: all, Last: nn.Dropout(b, mix, elmoDropout)}
}

// Words is (D, P), the character network alone: a vector for each distinct word of the batch.
func (m *Elmo) Words(b *nn.Builder) *nn.Node {
	cnn := &op.CharCNN{Embed: &m.embed.Weight, Slots: m.cfg.CNN.Slots, Pad: elmoCharacters}
	for i, f := range m.filters {
		bank := m.cfg.CNN.Filters[i]
		cnn.Filters = append(cnn.Filters, op.CharFilter{W: &f.w.Weight, B: &f.b.Weight, Width: bank[0], N: bank[1]})
	}
	x := b.Apply(cnn)
	for _, h := range m.highways {
		x = b.Apply(&op.Highway{Carry: h.carry.part(), Transform: h.transform.part()}, x)
	}
	return b.Apply(&op.Linear{In: x.Width, Parts: []op.Affine{m.project.part()}}, x)
}

func (a affine) part() op.Affine {
	return op.Affine{W: &a.w.Weight, B: &a.b.Weight, Out: a.w.Shape[1], Conv1D: true}
}

// lstm is layer i; above the first each direction reads its own half and adds it to its output.
func (m *Elmo) lstm(i int) *op.LSTM {
	c := m.cfg.LSTM
	k := &op.LSTM{In: c.Width, Halves: i > 0, Skip: i > 0 && c.Skip, Clip: c.Clip, ProjClip: c.ProjClip, ForgetBias: 1}
	for d, cell := range m.layers[i] {
		k.Cells[d] = op.Cell{W: &cell.w.Weight, B: &cell.b.Weight, Proj: &cell.project.Weight}
	}
	if m.States != nil {
		k.States = m.States[i]
	}
	return k
}

// Carry makes the states go on from batch to batch in programs built from now on.
func (m *Elmo) Carry() {
	m.States = make([]*op.States, len(m.layers))
	for i := range m.States {
		m.States[i] = new(op.States)
	}
}

// Summary pools the words between <S> and </S>; ELMo has no way of its own and takes their mean.
func (m *Elmo) Summary(b *nn.Builder, h Hidden, pooling op.Pooling) *nn.Node {
	if pooling == op.PoolFirst {
		pooling = op.PoolMean
	}
	return b.Apply(&op.Pool{Kind: pooling, Cols: 2 * m.cfg.LSTM.Width, Skip: 1}, h.Last)
}

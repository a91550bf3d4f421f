package verify

import (
	"fmt"
	"io/fs"
	"math"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/tokenizer"
	"defrost/engine/vec"
)

// The scalar mix of ELMo's reference, which its weights do not hold.
var (
	elmoScalars         = []float32{0.2, -0.4, 0.7}
	elmoGamma   float32 = 1.3
)

// An elmoReference is the golden file of an ELMo: characters in, the layers with <S> and </S>, the
// mix of the words alone.
type elmoReference struct {
	borders *golden // (B, T+2) positions
	words   *golden // (B, T) positions
	chars   []int64 // (B, T, 50)
}

func isElmo(fsys fs.FS) bool {
	_, err := fs.Stat(fsys, "options.json")
	return err == nil
}

// compareElmo is compare for the one family that reads no token ids and came without a head.
func (g *golden) compareElmo(v *Verification, fsys fs.FS) error {
	r, err := readElmo(g)
	if err != nil {
		return err
	}
	bb, family, err := backbone.Describe(fsys)
	if err != nil {
		return err
	}
	src, err := checkpoint.Open(fsys)
	if err != nil {
		return err
	}
	defer src.Close()
	v.Architecture = family.Name
	params := backbone.Params(bb)
	if _, err := backbone.Load(src, family, params, 0); err != nil {
		return err
	}
	for _, p := range params {
		switch p.Name {
		case "mix.scalars":
			copy(p.Value, elmoScalars)
		case "mix.gamma":
			p.Value[0] = elmoGamma
		}
		p.Thaw()
	}
	return r.run(v, bb, params)
}

func readElmo(g *golden) (*elmoReference, error) {
	r := &elmoReference{}
	var err error
	for _, view := range []struct {
		mask string
		to   **golden
	}{{"first.mask", &r.borders}, {"mask", &r.words}} {
		shape := g.shape[view.mask]
		if len(shape) != 2 {
			return nil, fmt.Errorf("%s: no %s of shape (B, T)", goldenFile, view.mask)
		}
		own := &golden{src: g.src, shape: g.shape, rows: shape[0], cols: shape[1]}
		if own.mask, err = g.src.ReadInts(view.mask); err != nil {
			return nil, err
		}
		*view.to = own
	}
	r.chars, err = g.src.ReadInts("char_ids")
	if err == nil && len(r.chars) != len(r.words.mask)*tokenizer.WordLength {
		err = fmt.Errorf("char_ids has %d values, expected %d", len(r.chars), len(r.words.mask)*tokenizer.WordLength)
	}
	return r, err
}

// batch packs the words between <S> and </S>. An id is a word's place among those spelled.
func (r *elmoReference) batch(bb backbone.Backbone) *batch.Batch {
	tok := tokenizer.NewCharacters()
	spelled := [][tokenizer.WordLength]int32{tok.Chars("<S>"), tok.Chars("</S>")}
	seqs := make([]batch.Sequence, r.words.rows)
	for i := range seqs {
		ids := []int32{0}
		for w := i * r.words.cols; w < (i+1)*r.words.cols; w++ {
			if r.words.mask[w] == 0 {
				continue
			}
			var word [tokenizer.WordLength]int32
			for s := range word {
				word[s] = int32(r.chars[w*len(word)+s])
			}
			at := slices.Index(spelled, word)
			if at < 0 {
				at = len(spelled)
				spelled = append(spelled, word)
			}
			ids = append(ids, int32(at))
		}
		seqs[i].IDs = append(ids, 1)
	}
	b := batch.Pack(seqs)
	bb.(backbone.Speller).Spell(b, func(id int32) []int32 { return spelled[id][:] })
	return b
}

func (r *elmoReference) run(v *Verification, bb backbone.Backbone, params []*nn.Param) error {
	proj, err := r.words.floats("proj")
	if err != nil {
		return err
	}
	b := nn.NewBuilder(true)
	hidden := bb.Build(b)
	packed := r.batch(bb)
	k := &elmoLoss{proj: proj, entries: len(r.words.mask) * len(proj)}
	prog, err := b.Build(b.Apply(k, hidden.Last), append([]*nn.Node{hidden.Last}, hidden.All...)...)
	if err != nil {
		return err
	}
	loss, err := prog.Run(packed, nn.Step{})
	if err != nil {
		return err
	}
	want, err := r.words.floats("loss")
	if err != nil {
		return err
	}
	v.LossAbs = math.Abs(float64(loss) - float64(want[0]))
	if v.LogitsMaxAbs, err = r.words.difference("elmo", inner(packed, prog.Output(0), len(proj))); err != nil {
		return err
	}
	for i := range hidden.All {
		d, err := r.borders.difference(fmt.Sprintf("first.layer.%d", i), prog.Output(i+1))
		if err != nil {
			return err
		}
		v.HiddenMaxAbs = max(v.HiddenMaxAbs, d)
	}
	return r.words.gradients(v, allenNLP(params), func(name string) string { return name })
}

// inner leaves out the rows of <S> and </S>.
func inner(b *batch.Batch, x []float32, h int) []float32 {
	var words []float32
	for i := range b.Len() {
		from, to := b.Bounds(i)
		words = append(words, x[(from+1)*h:(to-1)*h]...)
	}
	return words
}

// An elmoLoss is the reference's loss over the words' vectors x:
// tanh(sum of x . proj) + mean of x^2, where the mean counts padding as zeros.
type elmoLoss struct {
	proj    []float32
	entries int // B T H, padding included

	x     []float32
	slope float64 // of tanh
}

func (k *elmoLoss) Width() int            { return 1 }
func (k *elmoLoss) Weights() []*op.Weight { return nil }
func (k *elmoLoss) Loss()                 {}

// each calls f for the row of every word.
func (k *elmoLoss) each(b *batch.Batch, f func(from, to int)) {
	for i := range b.Len() {
		from, to := b.Bounds(i)
		for r := from + 1; r < to-1; r++ {
			f(r*len(k.proj), (r+1)*len(k.proj))
		}
	}
}

func (k *elmoLoss) Forward(p *op.Pass, in [][]float32) []float32 {
	k.x = in[0]
	sum, squares := 0.0, 0.0
	k.each(p.Batch, func(from, to int) {
		sum += float64(vec.Dot(k.x[from:to], k.proj))
		squares += vec.SumSquares(k.x[from:to])
	})
	k.slope = 1 - math.Tanh(sum)*math.Tanh(sum)
	out := p.Take(1)
	out[0] = float32(math.Tanh(sum) + squares/float64(k.entries))
	return out
}

func (k *elmoLoss) Backward(p *op.Pass, dy []float32, _ []bool) [][]float32 {
	dx := p.Zeros(len(k.x))
	k.each(p.Batch, func(from, to int) {
		vec.Axpy(dy[0]*float32(k.slope), k.proj, dx[from:to])
		vec.Axpy(2*dy[0]/float32(k.entries), k.x[from:to], dx[from:to])
	})
	return [][]float32{dx}
}

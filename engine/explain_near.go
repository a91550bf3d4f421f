package engine

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/vec"
)

// A Gallery is labelled examples as a network sees them: the vector of each that a head reads. It
// shows what fine-tuning did to the space that texts lie in, which an untrained head cannot.
type Gallery struct {
	explainer *Explainer
	examples  []datasets.Example
	prog      *nn.Program
	mean      []float32 // (H)
	vectors   []float32 // (n, H), without the mean, of length 1
	width     int
}

// A Near is an example close to a text.
type Near struct {
	Text, Label string
	Cosine      float64
}

// GalleryBefore shows training examples of a run, at most so many, to the network as it was before
// its first step.
func GalleryBefore(ctx context.Context, runDir string, most int) (*Gallery, error) {
	r, d, err := dataOf(runDir)
	if err != nil {
		return nil, err
	}
	m, err := openFor(ctx, r.Backbone, d)
	if err != nil {
		return nil, err
	}
	initial, done, err := origin{model: m, seed: r.Seed, scratch: r.Scratch, shuffled: r.Shuffled, from: r.From}.open(m.family)
	if err != nil {
		return nil, err
	}
	defer done()
	for _, p := range backbone.Params(m.bb) {
		if err := initial(p, p.Value); err != nil {
			return nil, err
		}
		p.Changed()
	}
	return newGallery(ctx, &Explainer{model: m, name: r.Backbone, max: r.MaxLength}, r.Pool, sample(d, most))
}

// GalleryAfter shows training examples of a run, at most so many, to its best checkpoint.
func GalleryAfter(ctx context.Context, runDir string, most int) (*Gallery, error) {
	r, d, err := dataOf(runDir)
	if err != nil {
		return nil, err
	}
	e, err := ExplainRun(runDir)
	if err != nil {
		return nil, err
	}
	return newGallery(ctx, e, r.Pool, sample(d, most))
}

// dataOf opens the recipe and the data of a run.
func dataOf(runDir string) (Recipe, *datasets.Dataset, error) {
	r, err := LoadRecipe(filepath.Join(runDir, recipeFile))
	if err != nil {
		return r, nil, err
	}
	d, err := OpenData(r.Data, r.DataOptions())
	return r, d, err
}

// sample takes examples from all over the training split.
func sample(d *datasets.Dataset, most int) []datasets.Example {
	if len(d.Train) <= most {
		return d.Train
	}
	list := make([]datasets.Example, most)
	for i := range list {
		list[i] = d.Train[i*len(d.Train)/most]
	}
	return list
}

func newGallery(ctx context.Context, e *Explainer, pool string, examples []datasets.Example) (*Gallery, error) {
	g := &Gallery{explainer: e, examples: examples}
	b := nn.NewBuilder(false)
	summary := e.model.bb.Summary(b, e.model.bb.Build(b), op.Pooling(pool))
	g.width = summary.Width
	var err error
	if g.prog, err = b.Build(nil, summary); err != nil {
		return nil, err
	}
	if g.vectors, err = g.read(ctx, textsOfAll(examples)); err != nil {
		return nil, err
	}
	g.centre()
	return g, nil
}

func textsOfAll(examples []datasets.Example) []string {
	texts := make([]string, len(examples))
	for i, ex := range examples {
		texts[i] = ex.Text
	}
	return texts
}

// read returns the vectors (n, H) of texts; ctx ends it between two batches.
func (g *Gallery) read(ctx context.Context, texts []string) ([]float32, error) {
	var out []float32
	for from := 0; from < len(texts); from += evalBatch {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		var seqs []batch.Sequence
		for _, text := range texts[from:min(from+evalBatch, len(texts))] {
			seqs = append(seqs, g.explainer.sequence(text, g.explainer.max))
		}
		if _, err := g.prog.Run(g.explainer.pack(seqs), nn.Step{}); err != nil {
			return nil, err
		}
		out = append(out, g.prog.Output(0)...)
	}
	return out, nil
}

// centre takes the mean away, which all texts share and which makes them all look alike (Mu and
// Viswanath 2018), and brings what is left to length 1.
func (g *Gallery) centre() {
	n := len(g.examples)
	g.mean = make([]float32, g.width)
	for i := range n {
		vec.Axpy(1/float32(n), g.vectors[i*g.width:(i+1)*g.width], g.mean)
	}
	for i := range n {
		g.shift(g.vectors[i*g.width : (i+1)*g.width])
	}
}

func (g *Gallery) shift(x []float32) {
	vec.Sub(x, x, g.mean)
	if length := math.Sqrt(vec.SumSquares(x)); length > 0 {
		vec.Scale(float32(1/length), x)
	}
}

// Nearest lists the k examples closest to a text by cosine, closest first.
func (g *Gallery) Nearest(text string, k int) ([]Near, error) {
	x, err := g.read(context.Background(), []string{text})
	if err != nil {
		return nil, err
	}
	g.shift(x)
	cosines := make([]float64, len(g.examples))
	for i := range cosines {
		cosines[i] = float64(vec.Dot(x, g.vectors[i*g.width:(i+1)*g.width]))
	}
	var list []Near
	for _, i := range largest(cosines, k) {
		list = append(list, Near{g.examples[i].Text, g.examples[i].LabelText(), cosines[i]})
	}
	return list, nil
}

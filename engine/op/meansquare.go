package op

import (
	"defrost/engine/batch"
	"defrost/engine/vec"
)

// A MeanSquare is the mean of (z - target)^2 over all entries, plus SentenceScale times the same
// for the sentences' means: how a student's words, and their average, differ from its teacher's.
// z is (G, D).
type MeanSquare struct {
	Targets   func(b *batch.Batch) []float32 // (G, D)
	Sentences func(b *batch.Batch) []int32   // (S+1) borders in rows of z, or nil
	Cols      int                            // D
	Scale     float32                        // of the sentences' term

	z []float32
}

// Width is 1.
func (k *MeanSquare) Width() int { return 1 }

// Weights is empty.
func (k *MeanSquare) Weights() []*Weight { return nil }

// Loss marks the output as a loss.
func (k *MeanSquare) Loss() {}

// Forward computes both terms.
func (k *MeanSquare) Forward(p *Pass, in [][]float32) []float32 {
	k.z = in[0]
	diff := p.Take(len(k.z))
	vec.Sub(diff, k.z, k.Targets(p.Batch))
	loss := vec.SumSquares(diff) / float64(len(diff))
	if borders := k.borders(p); len(borders) > 1 {
		means := k.means(p, diff, borders)
		loss += float64(k.Scale) * vec.SumSquares(means) / float64(len(means))
		p.Give(means)
	}
	p.Give(diff)
	out := p.Take(1)
	out[0] = float32(loss)
	return out
}

func (k *MeanSquare) borders(p *Pass) []int32 {
	if k.Sentences == nil {
		return nil
	}
	return k.Sentences(p.Batch)
}

// means averages the rows of every sentence: the difference of means is the mean of differences.
func (k *MeanSquare) means(p *Pass, diff []float32, borders []int32) []float32 {
	d := k.Cols
	means := p.Zeros((len(borders) - 1) * d)
	for s := range len(borders) - 1 {
		dst := means[s*d : s*d+d]
		for r := borders[s]; r < borders[s+1]; r++ {
			vec.AddTo(dst, row(diff, r, d))
		}
		vec.Scale(1/float32(borders[s+1]-borders[s]), dst)
	}
	return means
}

// Backward is 2 (z - target) / (G D), and 2 Scale (mean difference) / (S D size) for every row.
func (k *MeanSquare) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	dz := p.Take(len(k.z))
	vec.Sub(dz, k.z, k.Targets(p.Batch))
	borders := k.borders(p)
	var means []float32
	if len(borders) > 1 {
		means = k.means(p, dz, borders)
	}
	vec.Scale(2*dy[0]/float32(len(dz)), dz)
	for s := range max(len(borders)-1, 0) {
		share := 2 * dy[0] * k.Scale / (float32(len(means)) * float32(borders[s+1]-borders[s]))
		for r := borders[s]; r < borders[s+1]; r++ {
			vec.Axpy(share, means[s*k.Cols:(s+1)*k.Cols], row(dz, r, k.Cols))
		}
	}
	p.Give(means)
	return one(dz)
}

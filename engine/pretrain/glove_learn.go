package pretrain

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sync/atomic"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// gloveRate is AdaGrad's initial learning rate, as the authors chose it.
const gloveRate = 0.05

// gloveTables are what is learnt: for every word as the centre of attention and as company, D
// numbers and a bias, and behind them the inverse roots of the sums of squares by which AdaGrad
// multiplies. Rows of both tables have 2(D+1) numbers.
type gloveTables struct {
	width         int
	main, context []float32 // (V, 2(D+1))
}

func newGloveTables(words, width int, seed int64) gloveTables {
	t := gloveTables{width: width}
	rng := rand.New(rand.NewPCG(uint64(seed), 0x910))
	for _, table := range []*[]float32{&t.main, &t.context} {
		*table = make([]float32, words*t.stride())
		for at := 0; at < len(*table); at += t.stride() {
			row := (*table)[at : at+t.stride()]
			for i := range row {
				if row[i] = 1; i <= width {
					row[i] = (rng.Float32() - 0.5) / float32(width)
				}
			}
		}
	}
	return t
}

// stride is the length of a row.
func (t gloveTables) stride() int { return 2 * (t.width + 1) }

// walk is one epoch. It goes from stratum to stratum: pairBlocks blocks of which no two share a
// group of rows or of columns, learnt from at the same time. It returns the mean objective.
func (g *glove) walk(ctx context.Context) (float64, error) {
	rng := rand.New(rand.NewPCG(uint64(g.o.Seed), uint64(g.epoch)))
	sum, pairs := 0.0, 0
	for _, shift := range rng.Perm(pairBlocks) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		costs, lengths, err := g.stratum(shift)
		if err != nil {
			return 0, err
		}
		for i := range costs {
			sum, pairs = sum+costs[i], pairs+lengths[i]
		}
	}
	return sum / float64(pairs), nil
}

// stratum learns from the blocks of each row group a and column group a+shift.
func (g *glove) stratum(shift int) (costs [pairBlocks]float64, lengths [pairBlocks]int, err error) {
	var failed atomic.Pointer[error]
	gemm.Parallel(pairBlocks, 1, func(lo, hi int) {
		for a := lo; a < hi; a++ {
			block, err := g.block(a, (a+shift)%pairBlocks)
			if err != nil {
				failed.Store(&err)
				return
			}
			lengths[a] = len(block)
			scratch := newGloveScratch(g.o.Width)
			for _, p := range block {
				costs[a] += g.tables.step(p, scratch)
			}
		}
	})
	if e := failed.Load(); e != nil {
		err = *e
	}
	return costs, lengths, err
}

// block reads the pairs with rows of group a and columns of group b and shuffles them by seed and
// epoch. Pairs have no order: block (b, a) is block (a, b) with its words the other way round, and
// a block (a, a) has both.
func (g *glove) block(a, b int) ([]pair, error) {
	name := blockName(g.counts.Dir, min(a, b), max(a, b))
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("pretrain: %w", err)
	}
	if len(data)%pairRecord != 0 {
		return nil, fmt.Errorf("pretrain: %s has %d bytes, expected a multiple of %d", name, len(data), pairRecord)
	}
	block := make([]pair, 0, 2*len(data)/pairRecord)
	for ; len(data) > 0; data = data[pairRecord:] {
		p := readPair(data)
		if a <= b {
			block = append(block, p)
		}
		if p.row, p.col = p.col, p.row; a > b || a == b && p.row != p.col {
			block = append(block, p)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(g.o.Seed)<<16^uint64(g.epoch), uint64(a*pairBlocks+b)))
	rng.Shuffle(len(block), func(i, j int) { block[i], block[j] = block[j], block[i] })
	return block, nil
}

func readPair(data []byte) pair {
	return pair{
		row:    int32(binary.LittleEndian.Uint32(data)),
		col:    int32(binary.LittleEndian.Uint32(data[4:])),
		log:    math.Float32frombits(binary.LittleEndian.Uint32(data[8:])),
		weight: math.Float32frombits(binary.LittleEndian.Uint32(data[12:])),
	}
}

// step is one step of AdaGrad on the weighted squared error of a pair, f(X)/2 (w.c + b + b' - log X)^2
// (Pennington et al., equation 8), and returns that error. As in the authors' program the sums of
// squares begin at 1 and are of rate times gradient.
func (t gloveTables) step(p pair, s *gloveScratch) float64 {
	d, n := t.width, t.stride()
	w, c := t.main[int(p.row)*n:][:n], t.context[int(p.col)*n:][:n]
	off := vec.Dot(w[:d], c[:d]) + w[d] + c[d] - p.log
	g := gloveRate * p.weight * off
	s.row(w[d+1:2*d+1], c[:d], g, s.w)
	s.row(c[d+1:2*d+1], w[:d], g, s.c)
	s.apply(w[:d], w[d+1:2*d+1], s.w)
	s.apply(c[:d], c[d+1:2*d+1], s.c)
	bias(&w[d], &w[2*d+1], g)
	bias(&c[d], &c[2*d+1], g)
	return float64(p.weight) * float64(off) * float64(off) / 2
}

// A gloveScratch is what a step computes in, (D) each.
type gloveScratch struct{ w, c, t []float32 }

func newGloveScratch(width int) *gloveScratch {
	return &gloveScratch{make([]float32, width), make([]float32, width), make([]float32, width)}
}

// row is  for i := range to { to[i] = g * other[i] * root[i] }  the change of one word's vector.
func (s *gloveScratch) row(root, other []float32, g float32, to []float32) {
	vec.Mul(to, other, root)
	vec.Scale(g, to)
}

// smallSquare is where the series that apply uses is exact to the last bit but one: the next term
// is 5/16 of its cube.
const smallSquare = 1.0 / 256

// apply is  for i := range x { x[i] -= change[i]; root[i] /= sqrt(1 + change[i]^2) } : the inverse
// root of a sum S that grows by a square is 1/sqrt(S + g^2) = root / sqrt(1 + (g root)^2). Changes
// are small, so the root is 1 - q/2 + 3q^2/8 of the square q. change is overwritten.
func (s *gloveScratch) apply(x, root, change []float32) {
	vec.Axpy(-1, change, x)
	vec.Mul(change, change, change)
	if vec.Max(change) > smallSquare {
		for i, q := range change {
			root[i] /= sqrt(1 + q)
		}
		return
	}
	vec.Mul(s.t, root, change)
	vec.Axpy(-0.5, s.t, root)
	vec.Mul(s.t, s.t, change)
	vec.Axpy(0.375, s.t, root)
}

// bias changes a bias, whose gradient is g.
func bias(b, root *float32, g float32) {
	change := g * *root
	*b -= change
	*root /= sqrt(1 + change*change)
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

package op

import (
	"fmt"

	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A CharCNN turns the characters of words into one vector a word (Kim et al. 2016; ELMo):
//
//	y[word, filter] = relu(max over positions p of  conv[p, filter] + bias[filter])
//
// over all windows that lie within the word's slots. It reads Batch.Chars, so a word that the batch
// holds many times is computed once; the output is (D, F), a row for each distinct word.
//
// Most slots of a word are padding, and all windows of padding alone are alike: one of them stands
// for the others, which changes neither the maximum nor any gradient.
type CharCNN struct {
	Embed   *Weight // (C, E), row c is character c+1
	Filters []CharFilter
	Slots   int   // characters of a word, its padding included
	Pad     int32 // the character that fills a word up

	d      int
	x      []float32 // (D, Slots, E)
	length []int32   // (D) slots that are not padding
	best   []uint8   // (D, F) first slot of the winning window, noWindow where relu is 0
	packed []*gemm.Packed
	own    []packing
}

// A CharFilter is a bank of N filters over windows of Width characters.
type CharFilter struct {
	W, B  *Weight // (1, Width, E, N), (N)
	Width int
	N     int
}

// noWindow marks a filter that takes no gradient.
const noWindow = 255

// charWords is how many words share one product.
const charWords = 8

// Width is F, the number of filters of all banks.
func (k *CharCNN) Width() int {
	n := 0
	for _, f := range k.Filters {
		n += f.N
	}
	return n
}

// Weights lists the characters' vectors, then W and B of each bank.
func (k *CharCNN) Weights() []*Weight {
	ws := []*Weight{k.Embed}
	for _, f := range k.Filters {
		ws = append(ws, f.W, f.B)
	}
	return ws
}

func (k *CharCNN) cols() int { return k.Embed.Shape[1] }

// Forward convolves every distinct word with every bank.
func (k *CharCNN) Forward(p *Pass, _ [][]float32) []float32 {
	k.spell(p)
	y := p.Take(k.d * k.Width())
	if len(k.best) < len(y) {
		k.best = make([]uint8, len(y))
	}
	k.pack()
	groups := (k.d + charWords - 1) / charWords
	gemm.Parallel(groups, 1, func(lo, hi int) {
		for g := lo; g < hi; g++ {
			k.convolve(y, g*charWords, min((g+1)*charWords, k.d))
		}
	})
	if !p.Live {
		p.Give(k.x)
	}
	return y
}

// spell looks the characters up.
func (k *CharCNN) spell(p *Pass) {
	chars, e := p.Batch.Chars, k.cols()
	if len(p.Batch.CharIndex) != p.Batch.Tokens() {
		panic(fmt.Sprintf("op: batch spells %d of %d words", len(p.Batch.CharIndex), p.Batch.Tokens()))
	}
	k.d = len(chars) / k.Slots
	k.x = p.Take(k.d * k.Slots * e)
	k.length = k.length[:0]
	for w := range k.d {
		word := chars[w*k.Slots : (w+1)*k.Slots]
		n := len(word)
		for n > 0 && word[n-1] == k.Pad {
			n--
		}
		k.length = append(k.length, int32(n))
		for s, c := range word {
			copy(k.x[(w*k.Slots+s)*e:], row(k.Embed.Value, c-1, e))
		}
	}
}

// pack brings the filters into the order of the matrix product.
func (k *CharCNN) pack() {
	if k.own == nil {
		k.own, k.packed = make([]packing, len(k.Filters)), make([]*gemm.Packed, len(k.Filters))
	}
	for i, f := range k.Filters {
		rows := f.Width * k.cols()
		k.packed[i] = k.own[i].of(f.W, f.N, part{0, rows, false})
	}
}

// windows is how many windows of width slots of word w differ.
func (k *CharCNN) windows(w, width int) int { return min(int(k.length[w])+1, k.Slots-width+1) }

// convolve computes the rows of words [from, to), bank by bank.
func (k *CharCNN) convolve(y []float32, from, to int) {
	at := 0
	for i, f := range k.Filters {
		cols, rows := f.Width*k.cols(), 0
		for w := from; w < to; w++ {
			rows += k.windows(w, f.Width)
		}
		buf := scratch(rows * (cols + f.N))
		x, conv := gemm.Of(*buf, rows, cols), gemm.Of((*buf)[rows*cols:], rows, f.N)
		k.unroll(x, f, from, to)
		gemm.MulPacked(conv, x, k.packed[i], gemm.Options{Serial: true})
		k.max(y, conv.Data, i, at, from, to)
		release(buf)
		at += f.N
	}
}

// unroll writes every window of words [from, to) as a row.
func (k *CharCNN) unroll(x gemm.Matrix, f CharFilter, from, to int) {
	e, r := k.cols(), 0
	for w := from; w < to; w++ {
		for s := range k.windows(w, f.Width) {
			copy(x.Data[r*x.Cols:(r+1)*x.Cols], k.x[(w*k.Slots+s)*e:])
			r++
		}
	}
}

// max takes the largest value of each filter over a word's windows, then bias and relu.
func (k *CharCNN) max(y, conv []float32, bank, at, from, to int) {
	f, all := k.Filters[bank], k.Width()
	for w := from; w < to; w++ {
		out, best := y[w*all+at:][:f.N], k.best[w*all+at:][:f.N]
		n := k.windows(w, f.Width)
		copy(out, conv[:f.N])
		clear(best)
		for s := 1; s < n; s++ {
			for c, v := range conv[s*f.N : (s+1)*f.N] {
				if v > out[c] {
					out[c], best[c] = v, uint8(s)
				}
			}
		}
		conv = conv[n*f.N:]
		for c, b := range f.B.Value {
			if out[c] += b; out[c] <= 0 {
				out[c], best[c] = 0, noWindow
			}
		}
	}
}

// Backward follows each maximum to the window that it came from.
func (k *CharCNN) Backward(p *Pass, dy []float32, _ []bool) [][]float32 {
	var dx []float32
	if !k.Embed.Frozen() {
		dx = p.Zeros(len(k.x))
	}
	at := 0
	for _, f := range k.Filters {
		k.biasGrad(f, dy, at)
		if !f.W.Frozen() {
			k.filterGrad(p, f, dy, at)
		}
		if dx != nil {
			k.windowGrad(p, f, dx, dy, at)
		}
		at += f.N
	}
	if dx != nil {
		k.embedGrad(p, dx)
		p.Give(dx)
	}
	p.Give(k.x)
	return nil
}

// taken returns the window of word w that filter column c took and its gradient.
func (k *CharCNN) taken(dy []float32, w, c int) (s int, g float32) {
	i := w*k.Width() + c
	if k.best[i] == noWindow {
		return 0, 0
	}
	return int(k.best[i]), dy[i]
}

func (k *CharCNN) biasGrad(f CharFilter, dy []float32, at int) {
	if f.B.Frozen() {
		return
	}
	for w := range k.d {
		for c := range f.N {
			_, g := k.taken(dy, w, at+c)
			f.B.Grad[c] += g
		}
	}
}

// filterGrad is  dW[:, c] += sum over words of dy[c] window, gathered in rows and then transposed.
func (k *CharCNN) filterGrad(p *Pass, f CharFilter, dy []float32, at int) {
	e, cols := k.cols(), f.Width*k.cols()
	sums := p.Zeros(f.N * cols)
	gemm.Parallel(f.N, 16, func(lo, hi int) {
		for c := lo; c < hi; c++ {
			sum := sums[c*cols : (c+1)*cols]
			for w := range k.d {
				if s, g := k.taken(dy, w, at+c); g != 0 {
					vec.Axpy(g, k.x[(w*k.Slots+s)*e:], sum)
				}
			}
			for r, v := range sum {
				f.W.Grad[r*f.N+c] += v
			}
		}
	})
	p.Give(sums)
}

// windowGrad is  dx[window] += dy[c] W[:, c]  for every word.
func (k *CharCNN) windowGrad(p *Pass, f CharFilter, dx, dy []float32, at int) {
	e, cols := k.cols(), f.Width*k.cols()
	filters := p.Take(f.N * cols) // W transposed
	for c := range f.N {
		for r := range cols {
			filters[c*cols+r] = f.W.Value[r*f.N+c]
		}
	}
	gemm.Parallel(k.d, 4, func(lo, hi int) {
		for w := lo; w < hi; w++ {
			for c := range f.N {
				if s, g := k.taken(dy, w, at+c); g != 0 {
					vec.Axpy(g, filters[c*cols:(c+1)*cols], dx[(w*k.Slots+s)*e:][:cols])
				}
			}
		}
	})
	p.Give(filters)
}

// embedGrad adds the gradient of every slot to its character's row.
func (k *CharCNN) embedGrad(p *Pass, dx []float32) {
	e := k.cols()
	for i, c := range p.Batch.Chars {
		vec.AddTo(row(k.Embed.Grad, c-1, e), dx[i*e:(i+1)*e])
	}
}

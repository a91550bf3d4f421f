package op

import "math"

// A chain is one sequence of a CRF.
type chain struct {
	*CRF
	first  int       // row
	z      []float32 // (T, C)
	labels []int32   // (T), nil where the sequence takes no part
}

// score is that of the labels.
func (c chain) score() float64 {
	sum := float64(c.Begin.Value[c.labels[0]]) + float64(c.End.Value[c.labels[len(c.labels)-1]])
	for t, l := range c.labels {
		sum += float64(c.z[t*c.Cols+int(l)])
		if t > 0 {
			sum += float64(c.Move.Value[int(c.labels[t-1])*c.Cols+int(l)])
		}
	}
	return sum
}

// forward is (T, C), the log of the summed exp(score) of all beginnings that end in a tag:
//
//	a[t][j] = z[t][j] + log sum_i exp(a[t-1][i] + move[i][j])
func (c chain) forward() []float64 {
	n := c.Cols
	a, terms := make([]float64, len(c.z)), make([]float64, n)
	for t := range c.labels {
		for j := range n {
			before := float64(c.Begin.Value[j])
			if t > 0 {
				for i := range n {
					terms[i] = a[(t-1)*n+i] + float64(c.Move.Value[i*n+j])
				}
				before = logSumExp(terms)
			}
			a[t*n+j] = before + float64(c.z[t*n+j])
		}
	}
	return a
}

// backwards is (T, C), the same for all endings after a tag, which is not counted itself:
//
//	b[t][i] = log sum_j exp(move[i][j] + z[t+1][j] + b[t+1][j])
func (c chain) backwards() []float64 {
	n, last := c.Cols, len(c.labels)-1
	b, terms := make([]float64, len(c.z)), make([]float64, n)
	for t := last; t >= 0; t-- {
		for i := range n {
			if t == last {
				b[t*n+i] = float64(c.End.Value[i])
				continue
			}
			for j := range n {
				terms[j] = float64(c.Move.Value[i*n+j]) + float64(c.z[(t+1)*n+j]) + b[(t+1)*n+j]
			}
			b[t*n+i] = logSumExp(terms)
		}
	}
	return b
}

// partition is log Z.
func (c chain) partition(a []float64) float64 {
	n := c.Cols
	last := make([]float64, n)
	for j := range n {
		last[j] = a[len(a)-n+j] + float64(c.End.Value[j])
	}
	return logSumExp(last)
}

// backward fills dz (T, C) and dw, the gradients of Move (C, C), Begin (C) and End (C), with g times
// the probability of each choice minus whether the labels make it.
func (c chain) backward(dz []float32, dw []float64, g float64) {
	n, last := c.Cols, len(c.labels)-1
	a, b := c.forward(), c.backwards()
	logZ := c.partition(a)
	begin, end := dw[n*n:n*n+n], dw[n*n+n:]
	for t, label := range c.labels {
		for j := range n {
			d := math.Exp(a[t*n+j] + b[t*n+j] - logZ)
			if j == int(label) {
				d--
			}
			dz[t*n+j] = float32(g * d)
			if t == 0 {
				begin[j] = g * d
			}
			if t == last {
				end[j] = g * d
			}
		}
		if t > 0 {
			c.moves(dw, a, b, logZ, t, g)
		}
	}
}

// moves adds the gradient of the moves into word t.
func (c chain) moves(dw, a, b []float64, logZ float64, t int, g float64) {
	n := c.Cols
	for i := range n {
		for j := range n {
			dw[i*n+j] += g * math.Exp(a[(t-1)*n+i]+float64(c.Move.Value[i*n+j])+float64(c.z[t*n+j])+b[t*n+j]-logZ)
		}
	}
	dw[int(c.labels[t-1])*n+int(c.labels[t])] -= g
}

// logSumExp is log sum exp(x), which does not overflow.
func logSumExp(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = math.Max(top, v)
	}
	if math.IsInf(top, 0) || math.IsNaN(top) {
		return top
	}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

package op

import (
	"defrost/engine/gemm"
	"defrost/engine/vec"
)

// A RelAttention is XLNet's attention with relative positions and segments (Yang et al. 2019):
//
//	s_ij = ((q_i + RW) k_j + (q_i + RR) R_(i-j) + (q_i + RS) Segments[type_i != type_j]) / sqrt(D)
//	ctx  = dropout(softmax(s)) v
//
// The inputs are (N, 3H), query, key and value side by side, and (2T-1, H) of a RelProjection; the
// output is (N, H). The row of R for a distance is read where it stands, so the shift of the
// original code has no counterpart here. A token always sees itself.
type RelAttention struct {
	Attention
	RW, RR, RS *Weight // (heads, D) biases of content, position and segment
	Segments   *Weight // (2, heads, D): same segment, other segment

	r []float32 // (2T-1, H)
}

// Weights lists the three biases and the segment vectors.
func (k *RelAttention) Weights() []*Weight { return []*Weight{k.RW, k.RR, k.RS, k.Segments} }

// Forward runs every head of every sequence as one piece of work.
func (k *RelAttention) Forward(p *Pass, in [][]float32) []float32 {
	k.qkv, k.r = in[0], in[1]
	k.layout(p)
	ctx := p.Take(len(in[0]) / 3)
	k.makeRoom(p)
	k.each(p, func(h head) { relHead{head: h, k: k, dim: h.dim()}.forward(p, ctx) })
	return ctx
}

// Backward returns the gradients of (N, 3H) and of (2T-1, H). A worker has a head to itself and
// takes the sequences in order: they all add to the same rows of R and to the same biases.
func (k *RelAttention) Backward(p *Pass, dctx []float32, want []bool) [][]float32 {
	dqkv, dr := p.Take(3*len(dctx)), p.Zeros(len(k.r))
	gemm.Parallel(k.Heads, 1, func(lo, hi int) {
		for n := lo; n < hi; n++ {
			for seq := range p.Batch.Len() {
				h := k.head(p, seq, n)
				relHead{head: h, k: k, dim: h.dim()}.backward(p, dctx, dqkv, dr)
			}
		}
	})
	p.Give(k.probs)
	return [][]float32{wanted(p, dqkv, want[0]), wanted(p, dr, want[1])}
}

// wanted is g, or nil after g was given back.
func wanted(p *Pass, g []float32, want bool) []float32 {
	if want {
		return g
	}
	p.Give(g)
	return nil
}

// A relHead is one head of one sequence: T = len, D = dim.
type relHead struct {
	head
	k   *RelAttention
	dim int
}

// bias is the head's D values of a (heads, D) tensor.
func (h relHead) bias(data []float32) []float32 { return data[h.col : h.col+h.dim] }

// segment is the head's D values of the vector for the same (0) or another segment (1).
func (h relHead) segment(data []float32, other int) []float32 {
	return h.bias(data[other*h.k.Cols : (other+1)*h.k.Cols])
}

// distances is the head's part of the rows of R, or of its gradient, that this sequence reads:
// (2T-1, D) for distances T-1 down to -(T-1).
func (h relHead) distances(data []float32) gemm.Matrix {
	stride := h.k.Cols
	longest := (len(data)/stride + 1) / 2
	return gemm.Matrix{Data: data[(longest-h.len)*stride+h.col:], Rows: 2*h.len - 1, Cols: h.dim, Stride: stride}
}

// query writes q + bias to dst (T, D).
func (h relHead) query(dst []float32, bias *Weight) gemm.Matrix {
	q, b := h.view(h.k.qkv, 0, 3), h.bias(bias.Value)
	for i := range h.len {
		vec.Add(dst[i*h.dim:(i+1)*h.dim], q.Data[i*q.Stride:], b)
	}
	return gemm.Of(dst, h.len, h.dim)
}

// segments returns the type of each token.
func (h relHead) segments(p *Pass) []int32 { return p.Batch.Types[h.from : h.from+h.len] }

// reach cuts row i of a (T, 2T-1) matrix over distances to the T distances from token i: entry j
// belongs to distance i-j.
func (h relHead) reach(m []float32, i int) []float32 {
	t := h.len
	return m[i*(2*t-1)+t-1-i:][:t]
}

func (h relHead) forward(p *Pass, ctx []float32) {
	t := h.len
	if t == 0 {
		return
	}
	buf := scratch(t*h.dim + t*(2*t-1) + 2*t*t)
	defer release(buf)
	part := cutter(*buf)
	query, byDistance, s, dropped := part.cut(t*h.dim), part.cut(t*(2*t-1)), part.cut(t*t), part.cut(t*t)
	if h.k.kept(p) {
		s = h.k.probs[h.at : h.at+t*t]
	}
	serial := gemm.Options{Serial: true}
	gemm.Mul(gemm.Of(s, t, t), h.query(query, h.k.RW), h.view(h.k.qkv, 1, 3).T(), serial)
	gemm.Mul(gemm.Of(byDistance, t, 2*t-1), h.query(query, h.k.RR), h.distances(h.k.r).T(), serial)
	types := h.segments(p)
	h.query(query, h.k.RS)
	for i := range t {
		row := s[i*t : (i+1)*t]
		vec.AddTo(row, h.reach(byDistance, i))
		h.addSegments(row, query[i*h.dim:(i+1)*h.dim], types, i)
		h.softmax(p, row, i)
	}
	h.k.Dropout.apply(p, dropped, s, h.at)
	gemm.Mul(h.view(ctx, 0, 1), gemm.Of(dropped, t, t), h.view(h.k.qkv, 2, 3), serial)
}

// addSegments is  for j { row[j] += q . Segments[types[i] != types[j]] }.
func (h relHead) addSegments(row, q []float32, types []int32, i int) {
	same := vec.Dot(q, h.segment(h.k.Segments.Value, 0))
	other := vec.Dot(q, h.segment(h.k.Segments.Value, 1))
	for j := range row {
		if types[j] == types[i] {
			row[j] += same
		} else {
			row[j] += other
		}
	}
}

// softmax turns the scores of token i into probabilities. Padding sees itself.
func (h relHead) softmax(p *Pass, row []float32, i int) {
	self := row[i]
	hidePadding(row, p.Batch, h.from)
	row[i] = self
	if h.k.Causal {
		clear(row[i+1:])
		row = row[:i+1]
	}
	vec.Softmax(row, h.scale())
}

func (h relHead) backward(p *Pass, dctx, dqkv, dr []float32) {
	t := h.len
	if t == 0 {
		return
	}
	buf := scratch(2*t*t + t*(2*t-1) + 2*t*h.dim)
	defer release(buf)
	part := cutter(*buf)
	ds := h.scoreGrad(p, part.cut(t*t), part.cut(t*t), dctx, dqkv)
	byDistance, query, dquery := part.cut(t*(2*t-1)), part.cut(t*h.dim), part.cut(t*h.dim)

	// Content: dQ = dS K, dK = dS^T (q + RW).
	serial, dq := gemm.Options{Serial: true}, h.view(dqkv, 0, 3)
	gemm.Mul(dq, gemm.Of(ds, t, t), h.view(h.k.qkv, 1, 3), serial)
	gemm.Mul(h.view(dqkv, 1, 3), gemm.Of(ds, t, t).T(), h.query(query, h.k.RW), serial)
	h.addBias(h.k.RW, dq)

	// Position: dS goes to its distances, then  dQ += dM R, dR += dM^T (q + RR).
	clear(byDistance)
	for i := range t {
		copy(h.reach(byDistance, i), ds[i*t:(i+1)*t])
	}
	dm := gemm.Of(byDistance, t, 2*t-1)
	gemm.Mul(gemm.Of(dquery, t, h.dim), dm, h.distances(h.k.r), serial)
	gemm.Mul(h.distances(dr), dm.T(), h.query(query, h.k.RR), gemm.Options{Serial: true, Accumulate: true})
	h.addQuery(h.k.RR, dq, dquery)

	h.query(query, h.k.RS)
	h.segmentGrad(p, ds, query, dquery)
	h.addQuery(h.k.RS, dq, dquery)
}

// scoreGrad writes dV and returns the gradient of the scores before scaling, (T, T), in ds.
func (h relHead) scoreGrad(p *Pass, ds, dropped, dctx, dqkv []float32) []float32 {
	t := h.len
	probs := h.k.probs[h.at : h.at+t*t]
	dout, serial := h.view(dctx, 0, 1), gemm.Options{Serial: true}
	h.k.Dropout.apply(p, dropped, probs, h.at)
	gemm.Mul(h.view(dqkv, 2, 3), gemm.Of(dropped, t, t).T(), dout, serial) // dV = P^T dO
	gemm.Mul(gemm.Of(ds, t, t), dout, h.view(h.k.qkv, 2, 3).T(), serial)   // dP = dO V^T
	h.k.Dropout.apply(p, ds, ds, h.at)
	for i := range t {
		vec.SoftmaxGrad(ds[i*t:i*t+t], probs[i*t:i*t+t], ds[i*t:i*t+t], h.scale())
	}
	return ds
}

// segmentGrad writes the gradient of q + RS to dquery and adds that of the segment vectors.
func (h relHead) segmentGrad(p *Pass, ds, query, dquery []float32) {
	t, types, w := h.len, h.segments(p), h.k.Segments
	for i := range t {
		var sums [2]float32 // of dS over tokens of the same and of other segments
		for j, g := range ds[i*t : (i+1)*t] {
			if types[j] == types[i] {
				sums[0] += g
			} else {
				sums[1] += g
			}
		}
		q, dq := query[i*h.dim:(i+1)*h.dim], dquery[i*h.dim:(i+1)*h.dim]
		clear(dq)
		for other, g := range sums {
			vec.Axpy(g, h.segment(w.Value, other), dq)
			if !w.Frozen() {
				vec.Axpy(g, q, h.segment(w.Grad, other))
			}
		}
	}
}

// addQuery adds the gradient dquery (T, D) of q + bias to q's and to the bias's.
func (h relHead) addQuery(bias *Weight, dq gemm.Matrix, dquery []float32) {
	for i := range h.len {
		vec.AddTo(dq.Data[i*dq.Stride:][:h.dim], dquery[i*h.dim:(i+1)*h.dim])
	}
	h.addBias(bias, gemm.Of(dquery, h.len, h.dim))
}

// addBias adds the sum over the rows of g to the head's part of the bias's gradient.
func (h relHead) addBias(bias *Weight, g gemm.Matrix) {
	if bias.Frozen() {
		return
	}
	for i := range h.len {
		vec.AddTo(h.bias(bias.Grad), g.Data[i*g.Stride:])
	}
}

// A cutter deals out parts of one buffer.
type cutter []float32

func (c *cutter) cut(n int) []float32 {
	part := (*c)[:n:n]
	*c = (*c)[n:]
	return part
}

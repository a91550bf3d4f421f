package op

// A RowWise kernel computes each row of its output from that row of its inputs alone: given some
// rows, it gives those rows of what it would give of all.
type RowWise interface{ RowWise() }

// RowWise marks the kernel.
func (*Linear) RowWise() {}

// RowWise marks the kernel.
func (*LayerNorm) RowWise() {}

// RowWise marks the kernel.
func (*Residual) RowWise() {}

// RowWise marks the kernel.
func (*Dropout) RowWise() {}

// OneRow says that the pooling reads a single row of each sequence, which may be picked before
// what lies below is computed.
func (k *Pool) OneRow() bool { return k.Skip == 0 && (k.Kind == PoolFirst || k.Kind == PoolLast) }

// Asking splits the attention that reads the output of projections into what it is for the rows of
// a pooling: the projection of (B, H) to queries, that of (N, H) to keys and values, and the
// attention between them. It is not ok where they are not three parts of one Linear or where all
// probabilities are to be read.
func (k *Attention) Asking(projections Kernel, row Pooling) (queries, seen *Linear, asks *RowAttention, ok bool) {
	all, isLinear := projections.(*Linear)
	if k.Keep || !isLinear || len(all.Parts) != 3 {
		return nil, nil, nil, false
	}
	queries = &Linear{In: all.In, Parts: all.Parts[:1], Act: all.Act}
	seen = &Linear{In: all.In, Parts: all.Parts[1:], Act: all.Act}
	return queries, seen, &RowAttention{Heads: k.Heads, Cols: k.Cols, Row: row, Causal: k.Causal, Dropout: k.Dropout}, true
}

package batch

// Next returns the labels of a causal language model: a row's is the label of the row after it in
// its sequence, the last row's is Ignore. labels is (N); nil stands for the tokens themselves.
func (b *Batch) Next(labels []int32) []int32 {
	if labels == nil {
		labels = b.IDs
	}
	next := make([]int32, len(labels))
	for i := range b.Len() {
		from, to := b.Bounds(i)
		if from == to {
			continue
		}
		copy(next[from:], labels[from+1:to])
		next[to-1] = Ignore
	}
	return next
}

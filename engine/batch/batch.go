// Package batch holds mini-batches as the engine computes them: packed, without padding.
//
// A batch of B sequences is the concatenation of their N real tokens. Sequence i is rows
// Offsets[i] to Offsets[i+1]; only attention, recurrence and pooling look at these borders,
// every other operation sees an (N, H) matrix.
package batch

// Ignore marks a label that takes no part in the loss, as in the field's -100.
const Ignore int32 = -100

// A Sequence is one tokenised example, special tokens included.
type Sequence struct {
	IDs   []int32 // (T) token ids
	Types []int32 // (T) segment ids; nil means all zero
}

// A Batch is what one step computes.
type Batch struct {
	IDs       []int32 // (N) token ids
	Types     []int32 // (N) segment ids
	Positions []int32 // (N) position within the sequence, from 0
	Offsets   []int32 // (B+1) sequence borders, Offsets[0] = 0, Offsets[B] = N

	Classes []int32   // (B) class of each sequence, or nil
	Starts  []int32   // (B) row of each sequence, from 0, where its answer begins, Ignore where none, or nil
	Ends    []int32   // (B) last row of the answer, likewise
	Tags    []int32   // class of each token (N), or of each word of Firsts, Ignore where none, or nil
	Firsts  []int32   // row of the first token of each word that has one, or nil
	Targets []float32 // dense targets of a regression or distillation loss, or nil
	Groups  []int32   // (G+1) borders of groups of neighbouring rows (words), or nil
	Spans   []int32   // (B+1) borders of sequences, counted in groups or in words, or nil

	Examples []int   // (B) index of each sequence in its split
	Words    []int32 // (N) index of each token's word, -1 for special tokens, or nil

	Chars     []int32 // (D, 50) characters of the D distinct words of a character model, or nil
	CharIndex []int32 // (N) row of Chars of each token, or nil

	// Target is what a task writes beside what it reads, sequence by sequence, or nil. Its Spans are
	// the borders, in rows, of what belongs to each sequence of the batch where that is not one
	// sequence each.
	Target *Batch

	// Padding marks rows that no other token attends to, (N) or nil. Pack never makes any; it is
	// there for references whose loss reads padded rows (span heads).
	Padding []bool
}

// Pack joins sequences into one batch without padding.
func Pack(seqs []Sequence) *Batch {
	n := 0
	for _, s := range seqs {
		n += len(s.IDs)
	}
	b := &Batch{
		IDs:       make([]int32, 0, n),
		Types:     make([]int32, 0, n),
		Positions: make([]int32, 0, n),
		Offsets:   make([]int32, 1, len(seqs)+1),
	}
	for _, s := range seqs {
		b.append(s)
	}
	return b
}

func (b *Batch) append(s Sequence) {
	b.IDs = append(b.IDs, s.IDs...)
	for i := range s.IDs {
		b.Positions = append(b.Positions, int32(i))
		if s.Types == nil {
			b.Types = append(b.Types, 0)
		} else {
			b.Types = append(b.Types, s.Types[i])
		}
	}
	b.Offsets = append(b.Offsets, int32(len(b.IDs)))
}

// Tokens is N, the number of real tokens.
func (b *Batch) Tokens() int { return int(b.Offsets[len(b.Offsets)-1]) }

// Len is B, the number of sequences.
func (b *Batch) Len() int { return len(b.Offsets) - 1 }

// Bounds returns the rows of sequence i.
func (b *Batch) Bounds(i int) (from, to int) { return int(b.Offsets[i]), int(b.Offsets[i+1]) }

// TargetBounds returns the rows of Target that belong to sequence i.
func (b *Batch) TargetBounds(i int) (from, to int) {
	if spans := b.Target.Spans; spans != nil {
		return int(spans[i]), int(spans[i+1])
	}
	return b.Target.Bounds(i)
}

// Longest is the length of the longest sequence.
func (b *Batch) Longest() int {
	longest := 0
	for i := range b.Len() {
		from, to := b.Bounds(i)
		longest = max(longest, to-from)
	}
	return longest
}

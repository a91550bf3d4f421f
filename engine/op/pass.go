package op

import (
	"cmp"
	"math/bits"
	"slices"

	"defrost/engine/batch"
)

// A Pass is what all kernels of one program share during a step: the batch, the mode, the source
// of randomness, and the arena that activations live in.
type Pass struct {
	Batch  *batch.Batch
	Train  bool    // dropout is active
	Live   bool    // the kernel being run will see Backward and must keep what that needs
	Seed   uint64  // of the run
	Step   uint64  // of the run; (Seed, Step, kernel id) key every random number
	Prefix *Prefix // what the frozen part said before, or nil
	Recall int     // number of floats from which an activation is computed again, not kept for Backward

	free   [][]float32 // by size
	out    map[*float32][]float32
	number map[*float32]int // of each buffer, in the order in which they were made
	made   int
	bytes  int
}

// NewPass returns a pass with an empty arena.
func NewPass() *Pass {
	return &Pass{Recall: recallFrom, out: map[*float32][]float32{}, number: map[*float32]int{}}
}

// Begin makes b the batch of the next step; everything taken before is free again.
func (p *Pass) Begin(b *batch.Batch) {
	p.Reclaim()
	p.Batch = b
	if p.Prefix != nil {
		p.Prefix.begin(b)
	}
}

// slack is how many times larger than asked a buffer of the arena may be.
const slack = 4

// Take returns n floats of undefined content: the smallest free buffer that holds them, or a new
// one. Batches differ in size, so a new buffer takes the place of a free one that proved too small;
// after the largest batch nothing is allocated any more.
func (p *Pass) Take(n int) []float32 {
	at, _ := slices.BinarySearchFunc(p.free, n, func(buf []float32, n int) int { return cmp.Compare(len(buf), n) })
	var buf []float32
	if at < len(p.free) && len(p.free[at]) <= slack*max(n, smallest) {
		buf = p.free[at]
		p.free = slices.Delete(p.free, at, at+1)
	} else {
		if at > 0 && len(p.free[at-1])*slack >= n {
			p.bytes -= 4 * len(p.free[at-1])
			delete(p.number, &p.free[at-1][0])
			p.free = slices.Delete(p.free, at-1, at)
		}
		buf = make([]float32, sizeClass(n))
		p.bytes += 4 * len(buf)
		p.made++
		p.number[&buf[0]] = p.made
	}
	p.out[&buf[0]] = buf
	return buf[:n]
}

// Zeros returns n zeros from the arena.
func (p *Pass) Zeros(n int) []float32 {
	buf := p.Take(n)
	clear(buf)
	return buf
}

// Give returns a slice of Take to the arena; others are ignored.
func (p *Pass) Give(buf []float32) {
	if cap(buf) == 0 {
		return
	}
	key := &buf[:1][0]
	if full, ok := p.out[key]; ok {
		delete(p.out, key)
		p.store(full)
	}
}

// store keeps the free buffers sorted by size.
func (p *Pass) store(full []float32) {
	at, _ := slices.BinarySearchFunc(p.free, len(full), func(buf []float32, n int) int { return cmp.Compare(len(buf), n) })
	p.free = slices.Insert(p.free, at, full)
}

// Reclaim returns everything still taken to the arena, at the end of a step, and puts it in an order
// that does not depend on what the step did: the next one gets the same buffers in the same places.
func (p *Pass) Reclaim() {
	for key, full := range p.out {
		delete(p.out, key)
		p.free = append(p.free, full)
	}
	slices.SortFunc(p.free, func(a, b []float32) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(p.number[&a[0]], p.number[&b[0]]))
	})
}

// Bytes is the size of the arena: the high-water mark of activation memory.
func (p *Pass) Bytes() int { return p.bytes }

// Key is the key of the random numbers that kernel id draws in this step.
func (p *Pass) Key(id uint64) uint64 {
	k := p.Seed*0x9e3779b97f4a7c15 ^ p.Step*0xd1b54a32d192ed03 ^ id*0x8cb92ba72f3d8dd7
	k ^= k >> 32
	k *= 0xd6e8feb86659fd93
	return k ^ k>>32
}

// smallest is the size of the smallest buffer.
const smallest = 64

// sizeClass rounds n up to a multiple of an eighth of the power of two below it, so that batches of
// nearly the same size share buffers.
func sizeClass(n int) int {
	if n <= smallest {
		return smallest
	}
	step := max(1<<(bits.Len(uint(n-1))-4), 16)
	return (n + step - 1) / step * step
}

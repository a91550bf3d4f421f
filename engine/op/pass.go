package op

import (
	"math/bits"

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

	free  map[int][][]float32 // by size class
	out   map[*float32][]float32
	bytes int
}

// NewPass returns a pass with an empty arena.
func NewPass() *Pass {
	return &Pass{free: map[int][][]float32{}, out: map[*float32][]float32{}}
}

// Begin makes b the batch of the next step; everything taken before is free again.
func (p *Pass) Begin(b *batch.Batch) {
	p.Reclaim()
	p.Batch = b
	if p.Prefix != nil {
		p.Prefix.begin(b)
	}
}

// Take returns n floats of undefined content from the arena.
func (p *Pass) Take(n int) []float32 {
	class := sizeClass(n)
	var buf []float32
	if list := p.free[class]; len(list) > 0 {
		buf = list[len(list)-1]
		p.free[class] = list[:len(list)-1]
	} else {
		buf = make([]float32, class)
		p.bytes += 4 * class
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
		p.free[len(full)] = append(p.free[len(full)], full)
	}
}

// Reclaim returns everything still taken to the arena, at the end of a step.
func (p *Pass) Reclaim() {
	for key, full := range p.out {
		delete(p.out, key)
		p.free[len(full)] = append(p.free[len(full)], full)
	}
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

// sizeClass rounds n up to a power of two or a quarter step between two of them, so that batches
// of slightly different sizes reuse one another's buffers.
func sizeClass(n int) int {
	if n <= 64 {
		return 64
	}
	step := 1 << (bits.Len(uint(n-1)) - 3)
	return (n + step - 1) / step * step
}

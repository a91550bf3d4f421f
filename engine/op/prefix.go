package op

import (
	"slices"

	"defrost/engine/batch"
)

// A Prefix remembers what a frozen network says about every example, so that later epochs compute
// only what lies above. Its rows are those of the frontier: outputs of kernels that nothing below
// can change, read by kernels that learn or drop.
//
// A kernel's row does not depend on the other rows of its batch, so a remembered row is the same
// to the last bit as one computed again.
type Prefix struct {
	Budget int // bytes; what does not fit is computed again

	frontier []*Fused
	rows     map[int][][]float32 // by example: the rows of each frontier kernel, nil until it ran
	bytes    int
	full     bool // an example did not fit
	hit      bool // all examples of the current batch are remembered
}

// NewPrefix returns an empty memory of at most budget bytes.
func NewPrefix(budget int) *Prefix { return &Prefix{Budget: budget, rows: map[int][][]float32{}} }

// Bytes is the memory in use.
func (c *Prefix) Bytes() int { return c.bytes }

// Examples is the number of examples remembered.
func (c *Prefix) Examples() int {
	n := 0
	for e := range c.rows {
		if c.knows(e) {
			n++
		}
	}
	return n
}

// knows says that the rows of every frontier kernel are there.
func (c *Prefix) knows(example int) bool {
	stored, ok := c.rows[example]
	return ok && !slices.ContainsFunc(stored, func(rows []float32) bool { return rows == nil })
}

// A Volatile kernel gives another output in every step though no weight below it learns: the
// dropout of a head.
type Volatile interface{ Volatile() bool }

// Settle marks what a prefix can skip: kernels without gradient whose inputs can all be skipped,
// and among them the frontier. fused lists the program's operations, producers first.
func (c *Prefix) Settle(fused []*Fused) {
	for _, f := range fused {
		f.prefix, f.skips = c, c.canSkip(f)
	}
	for _, f := range fused {
		if f.skips {
			continue
		}
		for _, from := range f.from {
			if from != nil && from.skips && !from.frontier {
				from.frontier = true
				c.frontier = append(c.frontier, from)
			}
		}
	}
}

func (c *Prefix) canSkip(f *Fused) bool {
	if v, ok := f.kernel.(Volatile); f.Live() || f.keep || isLoss(f.kernel) || ok && v.Volatile() {
		return false
	}
	for _, from := range f.from {
		if from == nil || !from.skips {
			return false
		}
	}
	return true
}

// begin looks the examples of a batch up.
func (c *Prefix) begin(b *batch.Batch) {
	c.hit = len(b.Examples) == b.Len() && len(c.frontier) > 0
	for _, e := range b.Examples {
		c.hit = c.hit && c.knows(e)
	}
}

// recall fills the output of a skipped kernel: remembered rows at the frontier, nothing below it.
func (c *Prefix) recall(f *Fused) []float32 {
	if !f.frontier {
		return nil
	}
	place, n := c.place(f), 0
	for _, e := range f.pass.Batch.Examples {
		n += len(c.rows[e][place])
	}
	out := f.pass.Take(n)[:0]
	for _, e := range f.pass.Batch.Examples {
		out = append(out, c.rows[e][place]...)
	}
	return out
}

// remember keeps the rows of a frontier kernel by example, while the budget lasts.
func (c *Prefix) remember(f *Fused) {
	b, width := f.pass.Batch, f.kernel.Width()
	rows := len(f.out) / width
	if len(b.Examples) != b.Len() || rows != b.Tokens() && rows != b.Len() {
		return
	}
	place := c.place(f)
	for i, e := range b.Examples {
		from, to := i, i+1
		if rows == b.Tokens() {
			from, to = b.Bounds(i)
		}
		c.keep(e, place, f.out[from*width:to*width])
	}
}

// keep stores the rows of an example. The kernels of the frontier run in any order.
func (c *Prefix) keep(example, place int, rows []float32) {
	stored, ok := c.rows[example]
	switch {
	case !ok && c.full, ok && stored[place] != nil:
		return
	case c.bytes+4*len(rows) > c.Budget:
		c.full = true
		c.forget(example) // all of the frontier or nothing
		return
	case !ok:
		stored = make([][]float32, len(c.frontier))
		c.rows[example] = stored
	}
	stored[place] = append(make([]float32, 0, len(rows)), rows...)
	c.bytes += 4 * len(rows)
}

func (c *Prefix) forget(example int) {
	for _, rows := range c.rows[example] {
		c.bytes -= 4 * len(rows)
	}
	delete(c.rows, example)
}

// place is the kernel's position in the frontier.
func (c *Prefix) place(f *Fused) int {
	for i, g := range c.frontier {
		if g == f {
			return i
		}
	}
	panic("op: kernel is not part of the frontier")
}

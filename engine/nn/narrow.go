package nn

import (
	"slices"

	"defrost/engine/op"
)

// A narrowing finds what is read only in one row of each sequence, as the last layer is where a
// classifier pools [CLS], so that it is computed for that row alone: the row is picked as far down as
// each row depends on itself only. Below lies an attention, in which the row asks and all rows answer.
type narrowing struct {
	roots   []*Node
	order   []*Node // producers first
	seen    map[*Node]bool
	readers map[*Node][]*Node
	rows    map[*Node]op.Pooling // what is computed for one row, and which
	picked  map[pick]*Node
}

// A pick is one row of each sequence of a node that is computed for all.
type pick struct {
	from *Node
	row  op.Pooling
}

// narrow rewrites the network that roots are computed by.
func (b *Builder) narrow(roots []*Node) {
	w := &narrowing{
		roots: roots, seen: map[*Node]bool{}, readers: map[*Node][]*Node{},
		rows: map[*Node]op.Pooling{}, picked: map[pick]*Node{},
	}
	for _, n := range roots {
		w.visit(n)
	}
	for _, n := range slices.Backward(w.order) {
		if row, ok := w.read(n); ok && w.can(n, row) {
			w.rows[n] = row
		}
	}
	for _, n := range w.order {
		w.rewrite(b, n)
	}
}

func (w *narrowing) visit(n *Node) {
	if w.seen[n] {
		return
	}
	w.seen[n] = true
	for _, from := range n.in {
		w.visit(from)
		w.readers[from] = append(w.readers[from], n)
	}
	w.order = append(w.order, n)
}

// read says which one row of n all its readers read, if they do.
func (w *narrowing) read(n *Node) (row op.Pooling, ok bool) {
	for i, reader := range w.readers[n] {
		r, one := w.reads(reader)
		if !one || i > 0 && r != row {
			return "", false
		}
		row = r
	}
	return row, row != "" && !slices.Contains(w.roots, n)
}

// reads says which one row of each of its inputs a node reads, if it does.
func (w *narrowing) reads(n *Node) (row op.Pooling, ok bool) {
	if p, pools := n.kernel.(*op.Pool); pools && p.OneRow() {
		return p.Kind, true
	}
	if _, each := n.kernel.(op.RowWise); each {
		row, ok = w.rows[n]
	}
	return row, ok
}

// can says that n can be computed for one row.
func (w *narrowing) can(n *Node, row op.Pooling) bool {
	if _, each := n.kernel.(op.RowWise); each {
		return len(n.in) > 0
	}
	k, attends := n.kernel.(*op.Attention)
	if !attends || len(w.readers[n.in[0]]) > 1 || slices.Contains(w.roots, n.in[0]) {
		return false
	}
	_, _, _, ok := k.Asking(n.in[0].kernel, row)
	return ok
}

// rewrite gives a node that is computed for one row, or pools what is, its new inputs.
func (w *narrowing) rewrite(b *Builder, n *Node) {
	row, one := w.rows[n]
	switch k := n.kernel.(type) {
	case *op.Pool:
		if _, one = w.rows[n.in[0]]; one {
			n.kernel = &op.Pool{Kind: k.Kind, Cols: k.Cols, Picked: true}
		}
	case *op.Attention:
		if one {
			all := n.in[0]
			queries, seen, asks, _ := k.Asking(all.kernel, row)
			n.kernel, n.in = asks, []*Node{b.add(queries, w.pick(b, all.in[0], row)), b.add(seen, all.in[0])}
		}
	default:
		if one {
			w.pickAll(b, n, row)
		}
	}
}

func (w *narrowing) pickAll(b *Builder, n *Node, row op.Pooling) {
	in := make([]*Node, len(n.in))
	for i, from := range n.in {
		in[i] = w.pick(b, from, row)
	}
	n.in = in
}

// pick is what computes that row of a node.
func (w *narrowing) pick(b *Builder, n *Node, row op.Pooling) *Node {
	if _, one := w.rows[n]; one {
		return n
	}
	key := pick{n, row}
	if w.picked[key] == nil {
		w.picked[key] = b.add(&op.Pool{Kind: row, Cols: n.Width}, n)
	}
	return w.picked[key]
}

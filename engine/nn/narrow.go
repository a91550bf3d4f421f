package nn

import (
	"slices"

	"defrost/engine/op"
)

// A narrowing finds what is read only in few rows, as the last layer is where a classifier pools
// [CLS] or where a masked language model is asked, so that it is computed for those alone: they are
// picked as far down as each row depends on itself only. Below lies an attention; of one row for each
// sequence, that row asks and all rows answer.
type narrowing struct {
	builder *Builder
	roots   []*Node
	order   []*Node // producers first
	seen    map[*Node]bool
	readers map[*Node][]*Node
	rows    map[*Node]few // what is computed for few rows, and which
	picked  map[pick]*Node
}

// few are the rows that are read: one of each sequence, or gathered ones.
type few struct {
	one      op.Pooling
	gathered *op.Gather
}

// A pick is a few rows of a node that is computed for all.
type pick struct {
	from *Node
	rows few
}

// narrow rewrites the network that roots are computed by.
func (b *Builder) narrow(roots []*Node) {
	w := &narrowing{
		builder: b, roots: roots, seen: map[*Node]bool{}, readers: map[*Node][]*Node{},
		rows: map[*Node]few{}, picked: map[pick]*Node{},
	}
	for _, n := range roots {
		w.visit(n)
	}
	for _, n := range slices.Backward(w.order) {
		if rows, ok := w.read(n); ok && w.can(n, rows) {
			w.rows[n] = rows
		}
	}
	for _, n := range w.order {
		w.rewrite(n)
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

// read says which few rows of n all its readers read, if they do.
func (w *narrowing) read(n *Node) (rows few, ok bool) {
	for i, reader := range w.readers[n] {
		r, ok := w.reads(reader)
		if !ok || i > 0 && r != rows {
			return few{}, false
		}
		rows = r
	}
	return rows, rows != few{} && !slices.Contains(w.roots, n)
}

// reads says which few rows of each of its inputs a node reads, if it does.
func (w *narrowing) reads(n *Node) (rows few, ok bool) {
	switch k := n.kernel.(type) {
	case *op.Pool:
		return few{one: k.Kind}, k.OneRow()
	case *op.Gather:
		return few{gathered: k}, k.Few
	case op.RowWise:
		rows, ok = w.rows[n]
	}
	return rows, ok
}

// can says that n can be computed for a few rows. A memory of the frozen prefix keeps all rows of an
// example, or one, so gathered ones are not asked of it.
func (w *narrowing) can(n *Node, rows few) bool {
	if _, each := n.kernel.(op.RowWise); each {
		return len(n.in) > 0 && (rows.gathered == nil || n.live || w.builder.prefix == nil)
	}
	k, attends := n.kernel.(*op.Attention)
	if !attends || rows.gathered != nil || len(w.readers[n.in[0]]) > 1 || slices.Contains(w.roots, n.in[0]) {
		return false
	}
	_, _, _, ok := k.Asking(n.in[0].kernel, rows.one)
	return ok
}

// rewrite gives a node that is computed for few rows, or selects from what is, its new inputs.
func (w *narrowing) rewrite(n *Node) {
	rows, narrowed := w.rows[n]
	switch k := n.kernel.(type) {
	case *op.Pool:
		if _, done := w.rows[n.in[0]]; done {
			n.kernel = &op.Pool{Kind: k.Kind, Cols: k.Cols, Picked: true}
		}
	case *op.Gather:
		if _, done := w.rows[n.in[0]]; done {
			n.kernel = &op.Gather{Cols: k.Cols, Picked: true}
		}
	case *op.Attention:
		if narrowed {
			all := n.in[0]
			queries, seen, asks, _ := k.Asking(all.kernel, rows.one)
			n.kernel, n.in = asks, []*Node{w.builder.add(queries, w.pick(all.in[0], rows)), w.builder.add(seen, all.in[0])}
		}
	default:
		if narrowed {
			w.pickAll(n, rows)
		}
	}
}

func (w *narrowing) pickAll(n *Node, rows few) {
	in := make([]*Node, len(n.in))
	for i, from := range n.in {
		in[i] = w.pick(from, rows)
	}
	n.in = in
}

// pick is what computes those rows of a node.
func (w *narrowing) pick(n *Node, rows few) *Node {
	if _, narrowed := w.rows[n]; narrowed {
		return n
	}
	key := pick{n, rows}
	if w.picked[key] == nil {
		var k op.Kernel = &op.Pool{Kind: rows.one, Cols: n.Width}
		if rows.gathered != nil {
			k = &op.Gather{Rows: rows.gathered.Rows, Cols: n.Width}
		}
		w.picked[key] = w.builder.add(k, n)
	}
	return w.picked[key]
}

package nn

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"defrost/engine/op"
)

// A Builder collects the operations of one program. The first error sticks and is returned by Build.
type Builder struct {
	graph *gorgonia.ExprGraph
	pass  *op.Pass
	train bool

	wrt    gorgonia.Nodes // thawed weights, one node for every use
	fused  []*op.Fused    // all operations, producers first
	nodes  int
	drops  uint64
	prefix *op.Prefix
	heard  func(op.Kernel) *op.Tap
}

// A Node is a value of the program: (N, Width) activations, or a loss.
type Node struct {
	Width int
	Loss  bool

	kernel op.Kernel
	in     []*Node
	live   bool // a thawed weight lies at or below it
	node   *gorgonia.Node
	fused  *op.Fused // set by Build
}

// NewBuilder starts a program. With train, gradients are computed for every weight that is
// thawed now; without, none are.
func NewBuilder(train bool) *Builder {
	return &Builder{graph: gorgonia.NewGraph(), pass: op.NewPass(), train: train}
}

// Rate returns dropout with a random stream of its own.
func (b *Builder) Rate(p float32) op.Rate {
	b.drops++
	return op.Rate{P: p, ID: b.drops}
}

// Listen calls heard for every kernel from now on, before it is added: an attention can be told to
// keep its probabilities. Where heard returns a tap, the kernel's output goes through it.
func (b *Builder) Listen(heard func(op.Kernel) *op.Tap) { b.heard = heard }

// Apply adds a kernel that reads in.
func (b *Builder) Apply(k op.Kernel, in ...*Node) *Node {
	if b.heard != nil {
		if tap := b.heard(k); tap != nil {
			return b.add(tap, b.add(k, in...))
		}
	}
	return b.add(k, in...)
}

func (b *Builder) add(k op.Kernel, in ...*Node) *Node {
	out := &Node{Width: k.Width(), kernel: k, in: in}
	_, out.Loss = k.(op.Loss)
	_, lookup := k.(*op.Embedding)
	for _, n := range in {
		out.live = out.live || n.live
	}
	for _, w := range k.Weights() {
		if !lookup {
			w.Dense()
		}
		out.live = out.live || b.thawed(w)
	}
	return out
}

func (b *Builder) thawed(w *op.Weight) bool { return b.train && !w.Frozen() }

// place adds a node to the graph, after those it reads.
func (b *Builder) place(n *Node) error {
	if n.node != nil {
		return nil
	}
	var acts, weights gorgonia.Nodes
	var want []bool
	for _, from := range n.in {
		if err := b.place(from); err != nil {
			return err
		}
		acts = append(acts, from.node)
		want = append(want, from.live)
	}
	for _, w := range n.kernel.Weights() {
		weights = append(weights, b.weight(w, b.thawed(w)))
		want = append(want, b.thawed(w))
	}
	var err error
	if n.node, n.fused, err = op.Apply(n.kernel, b.pass, acts, weights, want); err != nil {
		return fmt.Errorf("nn: adding %T: %w", n.kernel, err)
	}
	b.fused = append(b.fused, n.fused)
	return nil
}

// Remember makes the program keep what its frozen prefix says about every example of a batch
// (batch.Examples) in at most budget bytes, and skip the prefix when all are known. It is called
// after the last Apply; thawing asks for a new program, which begins with an empty memory.
func (b *Builder) Remember(budget int) {
	b.prefix = op.NewPrefix(budget)
}

// weight adds an input node for one use of w. Every use has its own node: a tied weight's
// gradients then meet in Weight.Grad and not in a sum of Gorgonia's.
func (b *Builder) weight(w *op.Weight, thawed bool) *gorgonia.Node {
	b.nodes++
	value := tensor.New(tensor.WithShape(w.Shape...), tensor.WithBacking(w.Value))
	n := gorgonia.NewTensor(b.graph, tensor.Float32, len(w.Shape), gorgonia.WithShape(w.Shape...),
		gorgonia.WithName(fmt.Sprintf("%s#%d", w.Name, b.nodes)), gorgonia.WithValue(value))
	if thawed {
		b.wrt = append(b.wrt, n)
	}
	return n
}

// Build compiles the program that computes loss, its gradients, and the outputs; what none of them
// reads is left out. loss may be nil.
func (b *Builder) Build(loss *Node, outputs ...*Node) (*Program, error) {
	roots := outputs
	if loss != nil {
		roots = append([]*Node{loss}, outputs...)
	}
	b.narrow(roots)
	for _, n := range roots {
		if err := b.place(n); err != nil {
			return nil, err
		}
	}
	p := &Program{pass: b.pass}
	for _, o := range outputs {
		p.outputs = append(p.outputs, o.fused.Keep())
	}
	if loss != nil {
		p.loss = loss.fused.Keep()
	}
	if b.prefix != nil {
		b.prefix.Settle(b.fused)
		b.pass.Prefix = b.prefix
	}
	if loss != nil && loss.live {
		if err := b.differentiate(loss); err != nil {
			return nil, err
		}
	}
	if err := distinctHashes(b.graph); err != nil {
		return nil, err
	}
	return p, p.compile(b.graph)
}

// differentiate adds the backward pass. The seed is a node of this graph: the constant that
// gorgonia.Grad uses is shared by all graphs of the process.
func (b *Builder) differentiate(loss *Node) error {
	seed := gorgonia.NewScalar(b.graph, tensor.Float32, gorgonia.WithName("seed"), gorgonia.WithValue(float32(1)))
	_, err := gorgonia.Backpropagate(gorgonia.Nodes{loss.node}, gorgonia.Nodes{seed}, b.wrt)
	if err != nil {
		return fmt.Errorf("nn: differentiating: %w", err)
	}
	return nil
}

// distinctHashes guards against Gorgonia's elimination of common subexpressions, which compares
// 32-bit hashes only.
func distinctHashes(g *gorgonia.ExprGraph) error {
	seen := map[uint32]*gorgonia.Node{}
	for _, n := range g.AllNodes() {
		if other, ok := seen[n.Hashcode()]; ok && other != n {
			return fmt.Errorf("nn: nodes %v and %v share the hash %x", other, n, n.Hashcode())
		}
		seen[n.Hashcode()] = n
	}
	return nil
}

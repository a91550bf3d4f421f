package tokenizer

import (
	"cmp"
	"container/heap"
	"slices"
)

// A trainer joins the most frequent pair of neighbouring symbols again and
// again (Sennrich et al. 2016, algorithm 1). Counts are kept up to date from
// the words a pair stands in, so a step costs what it changes.
type trainer struct {
	symbols []string // by symbol
	join    func(a, b string) string
	known   map[string]int32 // the symbol of a string
	words   []trainWord
	counts  map[pair]int64
	where   map[pair][]int32 // words that hold the pair, perhaps no longer
	queue   pairQueue
}

// A trainWord is a distinct word as symbols, and how often it was seen.
type trainWord struct {
	symbols []int32
	count   int64
}

// A pair is two neighbouring symbols.
type pair struct{ a, b int32 }

// newTrainer returns a trainer without words; join spells a joined pair.
func newTrainer(join func(a, b string) string) *trainer {
	return &trainer{join: join, known: make(map[string]int32), counts: make(map[pair]int64), where: make(map[pair][]int32)}
}

// symbol returns the number of the symbol s, a new one if need be.
func (t *trainer) symbol(s string) int32 {
	if id, ok := t.known[s]; ok {
		return id
	}
	id := int32(len(t.symbols))
	t.symbols = append(t.symbols, s)
	t.known[s] = id
	return id
}

// add adds one distinct word.
func (t *trainer) add(symbols []int32, count int64) {
	w := int32(len(t.words))
	t.words = append(t.words, trainWord{symbols, count})
	for i := range len(symbols) - 1 {
		t.saw(pair{symbols[i], symbols[i+1]}, count, w)
	}
}

// saw counts one more place of p in word w, or one less.
func (t *trainer) saw(p pair, count int64, w int32) {
	now := t.counts[p] + count
	if now == 0 {
		delete(t.counts, p)
		delete(t.where, p)
		return
	}
	t.counts[p] = now
	if count < 0 {
		return
	}
	if l := t.where[p]; len(l) == 0 || l[len(l)-1] != w {
		t.where[p] = append(l, w)
	}
}

// train joins pairs seen at least atLeast times until there are size symbols.
// It returns the pairs joined, in order; more than one may spell a symbol.
func (t *trainer) train(size int, atLeast int64) []pair {
	t.queue = make(pairQueue, 0, len(t.counts))
	for p, n := range t.counts {
		t.queue = append(t.queue, counted{p, n})
	}
	heap.Init(&t.queue)
	var joined []pair
	for len(t.symbols) < size && len(t.queue) > 0 {
		top := heap.Pop(&t.queue).(counted)
		if now := t.counts[top.pair]; now != top.count {
			if now > 0 {
				heap.Push(&t.queue, counted{top.pair, now})
			}
			continue
		}
		if top.count < max(atLeast, 1) {
			break
		}
		t.apply(top.pair)
		joined = append(joined, top.pair)
	}
	return joined
}

// apply joins p in every word that holds it.
func (t *trainer) apply(p pair) {
	symbol := t.symbol(t.join(t.symbols[p.a], t.symbols[p.b]))
	words := t.where[p]
	delete(t.where, p)
	grown := make(map[pair]bool)
	for _, w := range words {
		t.rewrite(w, p, symbol, grown)
	}
	delete(t.counts, p)
	fresh := make([]pair, 0, len(grown))
	for q := range grown {
		fresh = append(fresh, q)
	}
	slices.SortFunc(fresh, comparePairs)
	for _, q := range fresh {
		if n := t.counts[q]; n > 0 {
			heap.Push(&t.queue, counted{q, n})
		}
	}
}

// rewrite joins p to symbol in word w and notes pairs seen more often now.
func (t *trainer) rewrite(w int32, p pair, symbol int32, grown map[pair]bool) {
	word := &t.words[w]
	s, n := word.symbols, word.count
	out := s[:0]
	for i := 0; i < len(s); i++ {
		if i+1 == len(s) || s[i] != p.a || s[i+1] != p.b {
			out = append(out, s[i])
			continue
		}
		if k := len(out); k > 0 {
			t.saw(pair{out[k-1], p.a}, -n, w)
			t.saw(pair{out[k-1], symbol}, n, w)
			grown[pair{out[k-1], symbol}] = true
		}
		if i+2 < len(s) {
			t.saw(pair{p.b, s[i+2]}, -n, w)
			t.saw(pair{symbol, s[i+2]}, n, w)
			grown[pair{symbol, s[i+2]}] = true
		}
		out = append(out, symbol)
		i++
	}
	word.symbols = out
}

// A counted is a pair and its count when it was queued.
type counted struct {
	pair
	count int64
}

// A pairQueue is a heap: the most frequent pair first, of equals the one of
// the older symbols.
type pairQueue []counted

func (q pairQueue) Len() int      { return len(q) }
func (q pairQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q pairQueue) Less(i, j int) bool {
	if q[i].count != q[j].count {
		return q[i].count > q[j].count
	}
	return comparePairs(q[i].pair, q[j].pair) < 0
}

// Push adds a counted; use heap.Push.
func (q *pairQueue) Push(x any) { *q = append(*q, x.(counted)) }

// Pop removes the last; use heap.Pop.
func (q *pairQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func comparePairs(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) }

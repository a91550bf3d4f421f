package pretrain

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// A word's company counts the more the nearer it stands: 1/d at a distance of d words. Counts are
// kept in units of 1/unitsPerWord, the least common multiple of all distances, so that they are
// whole numbers and the order they are added in is of no account.
const (
	maxWindow    = 16
	unitsPerWord = 720_720
)

// defaultMemory is what counting takes when nobody says otherwise; bytesPerPair is what a pair
// takes in the map of counts, about.
const (
	defaultMemory = 1 << 30
	bytesPerPair  = 48
)

// A tally counts pairs of words until memory is full, then writes what it has, sorted, to a file
// of its own, a run.
type tally struct {
	window int
	limit  int // pairs
	dir    string
	counts map[uint64]uint64
	runs   []string
}

// pairKey is a pair of words without an order; keys sort by the more frequent word.
func pairKey(a, b int32) uint64 { return uint64(min(a, b))<<32 | uint64(max(a, b)) }

// add counts the company of every word of a text, given by their ids. Words outside the
// vocabulary have been taken out: what stood around them moves together.
func (t *tally) add(ids []int32) error {
	for i, id := range ids {
		for d := 1; d <= min(t.window, i); d++ {
			t.counts[pairKey(id, ids[i-d])] += uint64(unitsPerWord / d)
		}
		if len(t.counts) >= t.limit {
			if err := t.spill(); err != nil {
				return err
			}
		}
	}
	return nil
}

// runRecord is the size of a pair in a run: key and count.
const runRecord = 16

// spill writes all counts to a run and forgets them.
func (t *tally) spill() error {
	keys := make([]uint64, 0, len(t.counts))
	for k := range t.counts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	name := filepath.Join(t.dir, fmt.Sprintf("run-%04d", len(t.runs)))
	err := writeBuffered(name, func(w *bufio.Writer) error {
		var record [runRecord]byte
		for _, k := range keys {
			binary.LittleEndian.PutUint64(record[:], k)
			binary.LittleEndian.PutUint64(record[8:], t.counts[k])
			if _, err := w.Write(record[:]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	t.runs = append(t.runs, name)
	clear(t.counts)
	return nil
}

func writeBuffered(name string, write func(*bufio.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<18)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// countPairs counts which words stand near each other and sorts the counts into blocks on disk,
// unless an earlier sitting did.
func (g *glove) countPairs(ctx context.Context) error {
	settings, err := g.settings()
	if err != nil {
		return err
	}
	dir := filepath.Join(g.o.Out, pairsFolder)
	if g.counts, err = openPairCounts(dir, settings); err != nil {
		return err
	}
	if g.counts.Pairs == 0 {
		if err := g.countAnew(ctx, dir, settings); err != nil {
			return err
		}
	}
	g.tell(GloVePairs, 0)
	return nil
}

func (g *glove) countAnew(ctx context.Context, dir, settings string) error {
	if err := os.RemoveAll(dir); err != nil { // of a sitting that did not come to the end
		return fmt.Errorf("pretrain: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	memory := g.o.Memory
	if memory == 0 {
		memory = defaultMemory
	}
	t := &tally{window: g.o.Window, limit: max(memory/bytesPerPair, 1), dir: dir, counts: map[uint64]uint64{}}
	if err := g.eachIDs(ctx, t.add); err != nil {
		return err
	}
	if err := t.spill(); err != nil {
		return err
	}
	pairs, err := t.sortIntoBlocks(g.o.XMax)
	if err != nil {
		return err
	}
	if pairs == 0 {
		return fmt.Errorf("pretrain: no two words of the vocabulary stand near each other, expected running text")
	}
	g.counts = pairCounts{Dir: dir, Settings: settings, Pairs: pairs}
	return g.counts.seal()
}

// eachIDs calls f with the ids of every text, words outside the vocabulary left out.
func (g *glove) eachIDs(ctx context.Context, f func(ids []int32) error) error {
	id := make(map[string]int32, len(g.words))
	for i, w := range g.words {
		id[w] = int32(i)
	}
	var ids []int32
	return eachText(ctx, g.o.Corpus, func(words []string) error {
		ids = ids[:0]
		for _, w := range words {
			if i, known := id[w]; known {
				ids = append(ids, i)
			}
		}
		return f(ids)
	})
}

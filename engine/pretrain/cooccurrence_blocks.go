package pretrain

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// pairBlocks is how many groups the words are dealt into, like cards: word i is of group i modulo
// pairBlocks. Pairs of words of two groups are a block; blocks that share no group can be learnt
// from at the same time (Gemulla et al. 2011), so it bounds the threads that help. Changing it
// changes results.
const pairBlocks = 16

// Files of a run in its folder.
const (
	pairsFolder = "pairs"
	sealFile    = "counted.json"
)

// pairCounts are the counted pairs, in one file per block.
type pairCounts struct {
	Dir      string `json:"-"`
	Settings string // of the run that counted
	Pairs    int
}

// seal says that the counts are whole.
func (c pairCounts) seal() error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Dir, sealFile), data, 0o644); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	return nil
}

// openPairCounts finds the counts of an earlier sitting; without one it has no pairs. Counts with
// other settings are an error.
func openPairCounts(dir, settings string) (pairCounts, error) {
	c := pairCounts{Dir: dir}
	data, err := os.ReadFile(filepath.Join(dir, sealFile))
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("pretrain: %w", err)
	}
	if json.Unmarshal(data, &c) != nil || c.Pairs <= 0 {
		return pairCounts{Dir: dir}, nil // a seal that was cut short seals nothing
	}
	if c.Settings != settings {
		return c, fmt.Errorf("pretrain: %s holds an unfinished run with other settings: expected the same ones, or another folder", filepath.Dir(dir))
	}
	return c, nil
}

func blockName(dir string, a, b int) string {
	return filepath.Join(dir, fmt.Sprintf("block-%02d-%02d", a, b))
}

// A pair is how often two words stood near each other, as learning wants it.
type pair struct {
	row, col int32
	log      float32 // of the count X
	weight   float32 // f(X)
}

// pairRecord is the size of a pair in a block.
const pairRecord = 16

// weightPower is that of the weight f(X) = min(1, (X/xMax)^power): rare pairs, mostly noise, count
// little and frequent ones not too much (Pennington et al., section 3).
const weightPower = 0.75

// newPair is the pair of a key with its row in the lower group; its count is in units. A word
// beside itself was met from both sides.
func newPair(key, units uint64, xMax float64) pair {
	p := pair{row: int32(key >> 32), col: int32(key & math.MaxUint32)}
	if p.row == p.col {
		units *= 2
	}
	if p.row%pairBlocks > p.col%pairBlocks {
		p.row, p.col = p.col, p.row
	}
	x := float64(units) / unitsPerWord
	p.log = float32(math.Log(x))
	p.weight = float32(min(1, math.Pow(x/xMax, weightPower)))
	return p
}

// sortIntoBlocks merges the runs, adds up what the same pair has in several, and writes each pair
// to its block. It returns their number; the runs are removed.
func (t *tally) sortIntoBlocks(xMax float64) (pairs int, err error) {
	blocks, err := createBlocks(t.dir)
	if err != nil {
		return 0, err
	}
	defer blocks.close()
	err = mergeRuns(t.runs, func(key, units uint64) error {
		pairs++
		return blocks.write(newPair(key, units, xMax))
	})
	if err == nil {
		err = blocks.close()
	}
	for _, name := range t.runs {
		err = errors.Join(err, os.Remove(name))
	}
	return pairs, err
}

// blockFiles are the files being written, by group of row and column, rows in the lower group.
type blockFiles struct {
	files   map[[2]int32]*os.File
	writers map[[2]int32]*bufio.Writer
}

func createBlocks(dir string) (*blockFiles, error) {
	b := &blockFiles{map[[2]int32]*os.File{}, map[[2]int32]*bufio.Writer{}}
	for i := range pairBlocks {
		for j := i; j < pairBlocks; j++ {
			file, err := os.Create(blockName(dir, i, j))
			if err != nil {
				b.close()
				return nil, fmt.Errorf("pretrain: %w", err)
			}
			at := [2]int32{int32(i), int32(j)}
			b.files[at], b.writers[at] = file, bufio.NewWriterSize(file, 1<<16)
		}
	}
	return b, nil
}

func (b *blockFiles) write(p pair) error {
	var record [pairRecord]byte
	binary.LittleEndian.PutUint32(record[:], uint32(p.row))
	binary.LittleEndian.PutUint32(record[4:], uint32(p.col))
	binary.LittleEndian.PutUint32(record[8:], math.Float32bits(p.log))
	binary.LittleEndian.PutUint32(record[12:], math.Float32bits(p.weight))
	_, err := b.writers[[2]int32{p.row % pairBlocks, p.col % pairBlocks}].Write(record[:])
	return err
}

// close writes out and closes what is open.
func (b *blockFiles) close() (err error) {
	for at, file := range b.files {
		err = errors.Join(err, b.writers[at].Flush(), file.Close())
	}
	clear(b.files)
	return err
}

// mergeRuns calls f with every key of sorted runs, in order, and the sum of its counts.
func mergeRuns(names []string, f func(key, units uint64) error) error {
	var heads []*runHead
	defer func() {
		for _, h := range heads {
			h.file.Close()
		}
	}()
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("pretrain: %w", err)
		}
		h := &runHead{file: file, r: bufio.NewReaderSize(file, 1<<18)}
		heads = append(heads, h)
		if err := h.next(); err != nil {
			return err
		}
	}
	for {
		key, units, err := takeLeast(heads)
		if err != nil || units == 0 {
			return err
		}
		if err := f(key, units); err != nil {
			return err
		}
	}
}

// A runHead is a run and its next pair; units are 0 at the end.
type runHead struct {
	file       *os.File
	r          *bufio.Reader
	key, units uint64
}

func (h *runHead) next() error {
	var record [runRecord]byte
	_, err := io.ReadFull(h.r, record[:])
	if err == io.EOF {
		h.key, h.units = math.MaxUint64, 0
		return nil
	}
	if err != nil {
		return fmt.Errorf("pretrain: %s: %w", h.file.Name(), err)
	}
	h.key, h.units = binary.LittleEndian.Uint64(record[:]), binary.LittleEndian.Uint64(record[8:])
	return nil
}

// takeLeast removes the least key from the heads, all of it. Runs are few: each is as large as
// the memory.
func takeLeast(heads []*runHead) (key, units uint64, err error) {
	key = math.MaxUint64
	for _, h := range heads {
		key = min(key, h.key)
	}
	for _, h := range heads {
		if h.key == key && h.units > 0 {
			units += h.units
			if err := h.next(); err != nil {
				return 0, 0, err
			}
		}
	}
	return key, units, nil
}

package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// Options says how to read a dataset. The zero value suits most files.
type Options struct {
	TextColumn  string // by name, or by number from 1 when there is no header; found by itself when empty
	PairColumn  string
	LabelColumn string
	Seed        int64   // of the split of a single file, and of the choice of Limit
	DevShare    float64 // of a single file; 0 means DefaultDevShare, below 0 no dev part
	TestShare   float64 // of a single file; 0 means DefaultTestShare, below 0 no test part
	Limit       int     // keep this many training examples, chosen as Subset does; 0 keeps all
	LimitSeed   int64   // of the choice of Limit, where the split's is another; 0 means Seed
	Also        string  // a further set, whose examples outside its dev and test parts join the training part
	Progress    Hearer  // hears how far the reading of a file has come; nil for nobody
	SkipBadRows bool    // list rows with a wrong number of columns as problems instead of failing
}

// A Hearer is told how much of a file was read, in bytes as they lie on disk
// (in rows of a Parquet file), some times each second at least. An error ends
// the reading, and comes back from Open wrapped.
type Hearer func(file string, done, total int64) error

// Shares of a single file that become dev and test parts.
const (
	DefaultDevShare  = 0.1
	DefaultTestShare = 0.2
)

// shares returns the dev and test shares with their defaults.
func (o Options) shares() (dev, test float64) {
	return share(o.DevShare, DefaultDevShare), share(o.TestShare, DefaultTestShare)
}

func share(asked, otherwise float64) float64 {
	if asked == 0 {
		return otherwise
	}
	return max(asked, 0)
}

// A reader turns one open file into examples.
type reader func(*source, Options) (*harvest, error)

// readers are the formats, by file extension. Any of them may be gzipped.
var readers = map[string]reader{
	"csv":   readCSV,
	"tsv":   readTSV,
	"jsonl": readJSONL,
	"json":  readJSON,
	"conll": readCoNLL, "iob": readCoNLL, "iob2": readCoNLL, "bio": readCoNLL,
	"txt":     readText,
	"parquet": readParquet,
}

// extensions lists the readable extensions for an error.
func extensions() string {
	return "." + strings.Join(slices.Sorted(maps.Keys(readers)), " .")
}

// Open reads a dataset: one that ships with Defrost by its name, a file, or a
// folder with train, dev (or validation, valid, val) and test files. Two files
// of parallel lines are given as "corpus.en,corpus.fr". A single
// file is dealt into train, dev and test by a seeded shuffle that keeps the
// share of every label and keeps equal texts together; a folder without a dev
// file gives up DevShare of its training examples.
func Open(nameOrPath string, o Options) (*Dataset, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	d, err := o.open(nameOrPath)
	if err != nil {
		return nil, err
	}
	if o.Also != "" {
		if err := d.join(o.Also, o); err != nil {
			return nil, err
		}
	}
	if o.Limit > 0 {
		d = d.Subset(o.Limit, cmp.Or(o.LimitSeed, o.Seed))
	}
	return d, nil
}

// check refuses shares that leave nothing to train on.
func (o Options) check() error {
	dev, test := o.shares()
	if dev+test >= 1 {
		return fmt.Errorf("datasets: found a dev share of %g and a test share of %g, expected less than 1 together", dev, test)
	}
	if o.Limit < 0 {
		return fmt.Errorf("datasets: found a limit of %d, expected 0 (no limit) or more", o.Limit)
	}
	return nil
}

func (o Options) open(name string) (*Dataset, error) {
	if card, ok := embeddedCard(name); ok {
		return openEmbedded(card)
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if from, to, ok := parallelNames(name); ok {
			return o.deals(name, func() (*harvest, error) { return o.parallelFiles(locate(from), locate(to)) })
		}
		return nil, unknown(name)
	case err != nil:
		return nil, fmt.Errorf("datasets: %s: %w", name, reason(err))
	case info.IsDir():
		return o.folder(location{os.DirFS(name), ".", strings.TrimRight(name, "/\\")})
	}
	return o.deals(name, func() (*harvest, error) { return o.read(locate(name)) })
}

// unknown is the error for a name that is no set and no file.
func unknown(name string) error {
	var names []string
	for _, c := range Embedded() {
		names = append(names, c.Name)
	}
	for _, c := range Catalog() {
		if c.Name == name || c.HubID == name {
			return fmt.Errorf("datasets: %s is a public set that is not on this machine, expected it to be fetched first (data add %s)", name, c.Name)
		}
	}
	return fmt.Errorf("datasets: %s: found no such file or folder, expected one or a set that ships: %s", name, strings.Join(names, ", "))
}

// read reads one file by its extension.
func (o Options) read(l location) (*harvest, error) {
	read, ok := readers[l.extension()]
	if !ok {
		return nil, &Problem{File: l.show, Found: "the extension " + quote(l.extension()), Expected: "one of " + extensions()}
	}
	src, err := l.open(o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	return read(src, o)
}

// deals reads a single file (or two parallel ones) and deals it into parts.
func (o Options) deals(name string, read func() (*harvest, error)) (*Dataset, error) {
	h, err := read()
	if err != nil {
		return nil, err
	}
	d, err := assemble(name, map[Part][]*harvest{Train: {h}})
	if err != nil {
		return nil, err
	}
	dev, test := o.shares()
	d.deal(dev, test, o.Seed)
	return d, nil
}

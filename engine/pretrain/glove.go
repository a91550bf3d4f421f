package pretrain

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// GloVeOptions say how word vectors are made.
type GloVeOptions struct {
	Corpus []string // files of running text, .gz allowed; a line is a paragraph
	Out    string   // folder of the backbone

	Width      int     // D, numbers a word
	Window     int     // words to either side that count as company, at most maxWindow
	Vocabulary int     // at most so many words, the most frequent
	MinCount   int     // words seen less often are left out
	XMax       float64 // count from which all pairs weigh the same, x_max of the paper
	Epochs     int     // walks over all counts
	Seed       int64

	Memory int // bytes that counting may take, about; changes nothing but the time; 0 for 1 GB
}

// GloVeDefaults are those the embedded pocket-glove was made with. The authors took an XMax of 100
// for billions of words; of 25 million words, 10 answers three times as many analogies.
func GloVeDefaults() GloVeOptions {
	return GloVeOptions{Width: 128, Window: 10, Vocabulary: 30_000, MinCount: 5, XMax: 10, Epochs: 15, Seed: 7}
}

// Stages of GloVe, in their order.
const (
	GloVeWords    = "words"    // the vocabulary is counted
	GloVePairs    = "pairs"    // words that stand near each other are counted
	GloVeLearning = "learning" // vectors are fitted to the counts
)

// GloVeProgress is what GloVe reports: after each stage, and after each epoch.
type GloVeProgress struct {
	Stage   string  `json:"stage"`
	Words   int     `json:"words"`  // of the vocabulary
	Tokens  int     `json:"tokens"` // of the corpus, words left out included
	Pairs   int     `json:"pairs"`  // of different words seen near each other
	Epoch   int     `json:"epoch"`
	Loss    float64 `json:"loss"` // mean of the objective over pairs in this epoch
	Seconds float64 `json:"seconds"`
}

// Check reports the first option that cannot work.
func (o GloVeOptions) Check() error {
	for _, r := range []struct {
		name  string
		value any
		want  string
		ok    bool
	}{
		{"corpus", o.Corpus, "one or more files of running text", len(o.Corpus) > 0},
		{"out", o.Out, "a folder", o.Out != ""},
		{"width", o.Width, "1 to 4096", o.Width >= 1 && o.Width <= 4096},
		{"window", o.Window, fmt.Sprintf("1 to %d words", maxWindow), o.Window >= 1 && o.Window <= maxWindow},
		{"vocabulary", o.Vocabulary, "1 word or more", o.Vocabulary >= 1 && o.Vocabulary <= 1<<24},
		{"min_count", o.MinCount, "1 or more", o.MinCount >= 1},
		{"x_max", o.XMax, "a number above 0", o.XMax > 0 && o.XMax < 1e12},
		{"epochs", o.Epochs, "1 or more", o.Epochs >= 1},
		{"memory", o.Memory, "0 (1 GB) or more bytes", o.Memory >= 0},
	} {
		if !r.ok {
			return fmt.Errorf("pretrain: %s is %v, expected %s", r.name, r.value, r.want)
		}
	}
	return nil
}

// A glove is one run.
type glove struct {
	o      GloVeOptions
	report func(GloVeProgress)
	began  time.Time
	before float64 // seconds of earlier sittings

	words  []string
	tokens int
	counts pairCounts
	tables gloveTables
	epoch  int // finished
}

// GloVe learns one vector a word from how often words stand near each other (Pennington, Socher
// and Manning 2014) and writes them to o.Out as a backbone of the vectors family. Its result
// depends on the options and the text alone, not on threads, memory or interruptions: an
// unfinished run in o.Out goes on after its last epoch.
func GloVe(ctx context.Context, o GloVeOptions, report func(GloVeProgress)) error {
	if err := o.Check(); err != nil {
		return err
	}
	if report == nil {
		report = func(GloVeProgress) {}
	}
	g := &glove{o: o, report: report, began: time.Now()}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	for _, stage := range []func(context.Context) error{g.readWords, g.countPairs, g.learn} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return g.finish()
}

// readWords chooses the vocabulary.
func (g *glove) readWords(ctx context.Context) (err error) {
	if g.words, g.tokens, err = frequentWords(ctx, g.o); err != nil {
		return err
	}
	g.tell(GloVeWords, 0)
	return nil
}

// learn walks over the counts until all epochs are done, from where an earlier sitting stopped.
func (g *glove) learn(ctx context.Context) error {
	g.tables = newGloveTables(len(g.words), g.o.Width, g.o.Seed)
	if err := g.restore(); err != nil {
		return err
	}
	for g.epoch < g.o.Epochs {
		loss, err := g.walk(ctx)
		if err != nil {
			return err
		}
		g.epoch++
		if err := g.save(); err != nil {
			return err
		}
		g.tell(GloVeLearning, loss)
	}
	return nil
}

func (g *glove) tell(stage string, loss float64) {
	g.report(GloVeProgress{
		Stage: stage, Words: len(g.words), Tokens: g.tokens, Pairs: g.counts.Pairs, Epoch: g.epoch, Loss: loss, Seconds: g.seconds(),
	})
}

func (g *glove) seconds() float64 { return g.before + time.Since(g.began).Seconds() }

// settings are all that the counts depend on, and with the width and seed all that the vectors do.
// The number of epochs is not among them: no rate depends on it.
func (g *glove) settings() (string, error) {
	type file struct {
		Path string
		Size int64
	}
	var files []file
	for _, path := range g.o.Corpus {
		info, err := os.Stat(path)
		if err != nil {
			return "", fmt.Errorf("pretrain: %w", err)
		}
		files = append(files, file{path, info.Size()})
	}
	data, err := json.Marshal(struct {
		Files                               []file
		Width, Window, Vocabulary, MinCount int
		XMax                                float64
		Seed                                int64
	}{files, g.o.Width, g.o.Window, g.o.Vocabulary, g.o.MinCount, g.o.XMax, g.o.Seed})
	return string(data), err
}

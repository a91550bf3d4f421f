package pretrain

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/gemm"
	"defrost/engine/tokenizer"
)

// gloveText writes a text of two topics whose words never meet, so that each word has a topic.
func gloveText(t *testing.T, lines int) string {
	t.Helper()
	topics := [2][]string{{"cat", "dog", "bird", "fish", "tail", "wing"}, {"tax", "law", "vote", "bill", "state", "judge"}}
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for i := range lines {
		for range 8 {
			b.WriteString(topics[i%2][random.IntN(6)] + " ")
		}
		b.WriteString("The end.\n")
	}
	path := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func smallGloVe(corpus, out string) GloVeOptions {
	o := GloVeDefaults()
	o.Corpus, o.Out, o.Width, o.Window, o.Epochs = []string{corpus}, out, 12, 5, 12
	return o
}

// weightsOf runs GloVe and returns the bytes it wrote and the losses it told.
func weightsOf(t *testing.T, o GloVeOptions) (weights []byte, losses []float64) {
	t.Helper()
	err := GloVe(context.Background(), o, func(p GloVeProgress) {
		if p.Stage == GloVeLearning {
			losses = append(losses, p.Loss)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if weights, err = os.ReadFile(filepath.Join(o.Out, weightsFile)); err != nil {
		t.Fatal(err)
	}
	return weights, losses
}

func TestWordsOfOneTopicEndNearEachOther(t *testing.T) {
	o := smallGloVe(gloveText(t, 400), t.TempDir())
	_, losses := weightsOf(t, o)
	if len(losses) != o.Epochs || losses[o.Epochs-1] > losses[0]/2 {
		t.Errorf("got losses %v, want %d that fall", losses, o.Epochs)
	}
	bb, family, err := backbone.Describe(os.DirFS(o.Out))
	if err != nil {
		t.Fatal(err)
	}
	src, err := checkpoint.Open(os.DirFS(o.Out))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if _, err := backbone.Load(src, family, backbone.Params(bb), 1); err != nil {
		t.Fatal(err)
	}
	tok, err := tokenizer.Open(os.DirFS(o.Out))
	if err != nil {
		t.Fatal(err)
	}
	table := bb.(*backbone.Vectors).Words.W.Value
	cosine := func(a, b string) float64 {
		i, _ := tok.ID(a)
		j, _ := tok.ID(b)
		ab, aa, bb := 0.0, 0.0, 0.0
		for d := range o.Width {
			x, y := float64(table[int(i)*o.Width+d]), float64(table[int(j)*o.Width+d])
			ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
		}
		return ab / math.Sqrt(aa*bb)
	}
	if near, far := cosine("cat", "dog"), cosine("cat", "tax"); near < far+0.3 {
		t.Errorf("got a cosine of %.2f within a topic and %.2f across, want the first far above", near, far)
	}
	if left, _ := filepath.Glob(filepath.Join(o.Out, "*")); len(left) != 3 {
		t.Errorf("got %v, want config.json, the weights and the words alone", left)
	}
}

// TestVectorsDoNotDependOnThreadsOrMemory counts in runs of a few pairs and learns with several
// threads.
func TestVectorsDoNotDependOnThreadsOrMemory(t *testing.T) {
	text, workers := gloveText(t, 60), gemm.Workers()
	defer gemm.SetWorkers(workers)
	gemm.SetWorkers(1)
	want, _ := weightsOf(t, smallGloVe(text, t.TempDir()))
	gemm.SetWorkers(5)
	o := smallGloVe(text, t.TempDir())
	o.Memory = 10 * bytesPerPair
	if got, _ := weightsOf(t, o); !bytes.Equal(got, want) {
		t.Error("got other vectors with five threads and little memory, want the same")
	}
	o.Out, o.Seed = t.TempDir(), o.Seed+1
	if got, _ := weightsOf(t, o); bytes.Equal(got, want) {
		t.Error("got the same vectors from another seed, want others")
	}
}

func TestAnInterruptedRunEndsInTheSameVectors(t *testing.T) {
	text := gloveText(t, 60)
	want, losses := weightsOf(t, smallGloVe(text, t.TempDir()))
	for _, at := range []struct {
		stage string
		epoch int
	}{{GloVeWords, 0}, {GloVePairs, 0}, {GloVeLearning, 1}, {GloVeLearning, 7}} {
		o := smallGloVe(text, t.TempDir())
		ctx, stop := context.WithCancel(context.Background())
		err := GloVe(ctx, o, func(p GloVeProgress) {
			if p.Stage == at.stage && p.Epoch == at.epoch {
				stop()
			}
		})
		if err != context.Canceled {
			t.Fatalf("%v: got %v, want the run stopped", at, err)
		}
		got, rest := weightsOf(t, o)
		if !bytes.Equal(got, want) || !slices.Equal(rest, losses[at.epoch:]) {
			t.Errorf("%v: got losses %v after going on, want %v and the same vectors", at, rest, losses[at.epoch:])
		}
	}
}

func TestAnUnfinishedRunGoesOnWithItsOwnSettingsOnly(t *testing.T) {
	o := smallGloVe(gloveText(t, 60), t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	GloVe(ctx, o, func(p GloVeProgress) {
		if p.Epoch == 2 {
			stop()
		}
	})
	o.Width++
	if err := GloVe(context.Background(), o, nil); err == nil || !strings.Contains(err.Error(), "other settings") {
		t.Errorf("got %v with another width, want an error that says so", err)
	}
}

func TestGloVeRefusesWhatCannotWork(t *testing.T) {
	good := gloveText(t, 4)
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for want, change := range map[string]func(*GloVeOptions){
		"corpus is []":                 func(o *GloVeOptions) { o.Corpus = nil },
		"out is ":                      func(o *GloVeOptions) { o.Out = "" },
		"width is 0":                   func(o *GloVeOptions) { o.Width = 0 },
		"window is 17, expected 1 to":  func(o *GloVeOptions) { o.Window = 17 },
		"vocabulary is 0":              func(o *GloVeOptions) { o.Vocabulary = 0 },
		"min_count is 0":               func(o *GloVeOptions) { o.MinCount = 0 },
		"x_max is 0":                   func(o *GloVeOptions) { o.XMax = 0 },
		"epochs is 0":                  func(o *GloVeOptions) { o.Epochs = 0 },
		"memory is -1":                 func(o *GloVeOptions) { o.Memory = -1 },
		"none.txt":                     func(o *GloVeOptions) { o.Corpus = []string{"none.txt"} },
		"bad.txt:2: found bytes":       func(o *GloVeOptions) { o.Corpus = []string{write("bad.txt", "fine\n\xff\n")} },
		"no.gz":                        func(o *GloVeOptions) { o.Corpus = []string{write("no.gz", "not packed")} },
		"the corpus has 0 words":       func(o *GloVeOptions) { o.Corpus = []string{write("empty.txt", "")} },
		"no two words":                 func(o *GloVeOptions) { o.Corpus = []string{write("col.txt", strings.Repeat("one\ntwo\n", 9))} },
		"expected running text":        func(o *GloVeOptions) { o.Corpus = []string{write("col.txt", strings.Repeat("a\nb\n", 9))} },
		"holds no folder for the text": func(o *GloVeOptions) {},
	} {
		o := smallGloVe(good, t.TempDir())
		if change(&o); want == "holds no folder for the text" {
			o.Out, want = filepath.Join(good, "below"), "text.txt"
		}
		if err := GloVe(context.Background(), o, nil); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "pretrain: ") {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestWordsAreCutAsTheTokenizerCutsThem(t *testing.T) {
	text := "= Chapter one =\nDon\u2019t _stop_, said Mr. Fox\u2014now!\tA second ``text''.\n\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	dir := t.TempDir()
	plain, zipped := filepath.Join(dir, "a.txt"), filepath.Join(dir, "a.txt.gz")
	for path, data := range map[string][]byte{plain: []byte(text), zipped: packed.Bytes()} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"do|n't|stop|,|said|mr.|fox\u2014now|!", `a|second|"|text|"|.`}
	for _, path := range []string{plain, zipped} {
		var got []string
		err := eachText(context.Background(), []string{path}, func(words []string) error {
			got = append(got, strings.Join(words, "|"))
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
}

func TestTheVocabularyIsTheMostFrequentWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(path, []byte("b b b a a c c d d d d e\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	words, tokens, err := frequentWords(context.Background(), GloVeOptions{Corpus: []string{path}, MinCount: 2, Vocabulary: 3})
	if want := []string{"d", "b", "a"}; err != nil || !slices.Equal(words, want) || tokens != 12 {
		t.Errorf("got %v of %d, %v, want %v", words, tokens, err, want)
	}
}

// TestCountsAreThoseOfThePlainWay compares the blocks on disk with two loops over the text.
func TestCountsAreThoseOfThePlainWay(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	texts := make([][]int32, 20)
	for i := range texts {
		for range random.IntN(30) {
			texts[i] = append(texts[i], int32(random.IntN(40)))
		}
	}
	const window, xMax = 4, 3
	counts := map[[2]int32]float64{}
	for _, ids := range texts {
		for i := range ids {
			for j := range ids {
				if d := max(i-j, j-i); d > 0 && d <= window {
					counts[[2]int32{ids[i], ids[j]}] += 1 / float64(d)
				}
			}
		}
	}
	tl := &tally{window: window, limit: 25, dir: t.TempDir(), counts: map[uint64]uint64{}}
	for _, ids := range texts {
		if err := tl.add(ids); err != nil {
			t.Fatal(err)
		}
	}
	if err := tl.spill(); err != nil {
		t.Fatal(err)
	}
	if _, err := tl.sortIntoBlocks(xMax); err != nil {
		t.Fatal(err)
	}
	g := &glove{counts: pairCounts{Dir: tl.dir}}
	for a := range pairBlocks {
		for b := range pairBlocks {
			block, err := g.block(a, b)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range block {
				at := [2]int32{p.row, p.col}
				x := counts[at]
				if math.Abs(math.Exp(float64(p.log))-x) > 1e-5 || math.Abs(float64(p.weight)-min(1, math.Pow(x/xMax, 0.75))) > 1e-6 || int(p.row)%pairBlocks != a || int(p.col)%pairBlocks != b {
					t.Errorf("block %d %d: got %+v, want a count of %v", a, b, p, x)
				}
				delete(counts, at)
			}
		}
	}
	if len(counts) > 0 {
		t.Errorf("got no pairs %v, want all", counts)
	}
}

func TestACutBlockIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(blockName(dir, 0, 3), make([]byte, pairRecord+1), 0o644); err != nil {
		t.Fatal(err)
	}
	g := &glove{counts: pairCounts{Dir: dir}}
	if _, err := g.block(3, 0); err == nil || !strings.Contains(err.Error(), "17 bytes") {
		t.Errorf("got %v, want an error that names the length", err)
	}
}

// TestAStepIsAdaGradOnTheSquaredError compares with the plain formulas in double precision, for
// small changes (the series) and large ones.
func TestAStepIsAdaGradOnTheSquaredError(t *testing.T) {
	for _, p := range []pair{{0, 1, 1.3, 0.4}, {1, 0, 40, 1}, {1, 1, -0.5, 0.01}} {
		tables := newGloveTables(2, 6, 5)
		for i := range tables.main {
			if tables.main[i] != 1 {
				tables.main[i], tables.context[i] = 8*tables.main[i], -6*tables.context[i]
			}
		}
		n, d := tables.stride(), tables.width
		w, c := doubles(tables.main[int(p.row)*n:][:n]), doubles(tables.context[int(p.col)*n:][:n])
		wantW, wantC := slices.Clone(w), slices.Clone(c)
		off := w[d] + c[d] - float64(p.log)
		for i := range d {
			off += w[i] * c[i]
		}
		for i := range d + 1 {
			gw, gc := gloveRate*float64(p.weight)*off, gloveRate*float64(p.weight)*off
			if i < d {
				gw, gc = gw*c[i], gc*w[i]
			}
			wantW[i], wantC[i] = w[i]-gw, c[i]-gc // all sums begin at 1
			wantW[d+1+i], wantC[d+1+i] = 1/math.Sqrt(1+gw*gw), 1/math.Sqrt(1+gc*gc)
		}
		cost := tables.step(p, newGloveScratch(d))
		if want := float64(p.weight) * off * off / 2; math.Abs(cost-want) > 1e-5*want {
			t.Errorf("%+v: got a cost of %v, want %v", p, cost, want)
		}
		gotW, gotC := doubles(tables.main[int(p.row)*n:][:n]), doubles(tables.context[int(p.col)*n:][:n])
		for i := range n {
			if math.Abs(gotW[i]-wantW[i]) > 1e-5 || math.Abs(gotC[i]-wantC[i]) > 1e-5 {
				t.Errorf("%+v: number %d: got %v and %v, want %v and %v", p, i, gotW[i], gotC[i], wantW[i], wantC[i])
			}
		}
	}
}

func doubles(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func TestFreshTablesHaveTheirOwnNumbersAndWholeRates(t *testing.T) {
	a, b := newGloveTables(3, 4, 1), newGloveTables(3, 4, 1)
	if !reflect.DeepEqual(a, b) || slices.Equal(a.main, a.context) {
		t.Error("got tables that differ between two calls or not from each other, want equal seeds to give equal tables")
	}
	for i, x := range a.main {
		if inVector := i%a.stride() <= a.width; inVector != (math.Abs(float64(x)) <= 0.125) || !inVector && x != 1 {
			t.Errorf("number %d: got %v, want below 1/8 in the vector and 1 behind it", i, x)
		}
	}
}

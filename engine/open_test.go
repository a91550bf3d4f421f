package engine

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"defrost/datasets"
	"defrost/engine/backbone"
	"defrost/engine/enginetest"
)

// archive writes a zip file of texts by name.
func archive(t *testing.T, path string, files map[string]string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	enginetest.Write(t, path, b.String())
}

// fewVectors is a text of n words, each with dim numbers: its own.
func fewVectors(dim int, words ...string) string {
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w)
		for range dim {
			fmt.Fprintf(&b, " %d", i+1)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cacheOf makes an empty home of the hub's and returns the folder of files from elsewhere.
func cacheOf(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HF_HOME", home)
	dir := filepath.Join(home, "defrost")
	if err := os.MkdirAll(filepath.Join(dir, "elmo-small"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFetchedVectorsOpenByTheirName(t *testing.T) {
	dir := cacheOf(t)
	if _, err := OpenModel(context.Background(), "glove.6B.50d"); err == nil || !strings.Contains(err.Error(), "defrost pull glove.6B.50d") {
		t.Errorf("got error %v before they are fetched, want one that says how", err)
	}
	archive(t, filepath.Join(dir, "glove.6B.zip"), map[string]string{
		"glove.6B.50d.txt": fewVectors(50, "the", "film"), "glove.6B.100d.txt": fewVectors(100, "the", "film"),
	})
	for name, width := range map[string]int{"glove.6B.50d": 50, "glove.6B.100d": 100} {
		m, err := OpenModel(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Shape(); got.Width != width || got.Vocabulary != 4 {
			t.Errorf("%s: got width %d and %d words, want %d and two words with <unk> and <pad>", name, got.Width, got.Vocabulary, width)
		}
	}
	for _, c := range Backbones() {
		if c.Name == "glove.6B.100d" && !c.Cached {
			t.Errorf("got %s listed as not on this machine, want it there", c.Name)
		}
	}
}

func TestFetchedElmoOpensByItsName(t *testing.T) {
	dir, published := cacheOf(t), filepath.Join(shared, "fixtures", "elmo-allennlp")
	for from, to := range map[string]string{"options.json": "options.json", "lm_weights.hdf5": "weights.hdf5"} {
		data, err := os.ReadFile(filepath.Join(published, from))
		if err != nil {
			t.Skipf("reference files are not here: %v", err)
		}
		enginetest.Write(t, filepath.Join(dir, "elmo-small", to), string(data))
	}
	in, err := Inspect("elmo-small")
	if err != nil {
		t.Fatal(err)
	}
	if fresh := in.Report.Fresh; len(in.Report.Dropped) > 0 || !slices.Equal(fresh, []string{"mix.gamma", "mix.scalars"}) {
		t.Errorf("got dropped %v and fresh %v, want every tensor used and a fresh mix", in.Report.Dropped, fresh)
	}
}

// word2vec is text in the binary format.
func word2vec(dim int, words ...string) []byte {
	b := fmt.Appendf(nil, "%d %d\n", len(words), dim)
	for i, w := range words {
		b = append(b, w+" "...)
		for range dim {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(i+1)))
		}
		b = append(b, '\n')
	}
	return b
}

func TestVectorsOpenFromEveryKindOfFile(t *testing.T) {
	dir := t.TempDir()
	text := fewVectors(4, "the", "good", "film")
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(text))
	z.Close()
	enginetest.Write(t, filepath.Join(dir, "glove.txt"), text)
	enginetest.Write(t, filepath.Join(dir, "fast.vec"), "3 4\n"+text)
	enginetest.Write(t, filepath.Join(dir, "glove.txt.gz"), zipped.String())
	enginetest.Write(t, filepath.Join(dir, "news.bin"), string(word2vec(4, "the", "good", "film")))
	archive(t, filepath.Join(dir, "glove.zip"), map[string]string{"glove.txt": text})
	for _, name := range []string{"glove.txt", "fast.vec", "glove.txt.gz", "news.bin", "glove.zip"} {
		got := valuesOf(t, filepath.Join(dir, name))["embeddings.weight"]
		want := []float32{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 0, 0, 0, 0} // then the mean, then padding
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		tok, err := OpenTokenizer(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := CutText(tok, "the film", nil, true).IDs; !slices.Equal(got, []int32{0, 2}) {
			t.Errorf("%s: got ids %v, want 0 and 2", name, got)
		}
	}
}

func TestARunKeepsTheVectorsOfItsWordsOnly(t *testing.T) {
	r := familyRecipe(t, "vectors")
	d, err := datasets.Open(r.Data, datasets.Options{Seed: r.Seed})
	if err != nil {
		t.Fatal(err)
	}
	all, err := OpenModel(context.Background(), r.Backbone)
	if err != nil {
		t.Fatal(err)
	}
	planned, err := all.again(d)
	if err != nil {
		t.Fatal(err)
	}
	run := trained(t, r)
	saved, err := OpenModel(context.Background(), filepath.Join(run.Dir, checkpointsDir, "best"))
	if err != nil {
		t.Fatal(err)
	}
	if _, known := all.tok.ID("zebra"); !known {
		t.Error("got no zebra among all words, want one")
	}
	for _, m := range []*Model{planned, saved} {
		if _, known := m.tok.ID("zebra"); known {
			t.Errorf("%s: got a vector for zebra, want none: no text has it", m.name)
		}
		for _, part := range datasets.Parts() {
			for _, ex := range d.Part(part) {
				for _, word := range strings.Fields(ex.Text) {
					if _, inFile := all.tok.ID(word); !inFile {
						continue
					}
					if _, known := m.tok.ID(word); !known {
						t.Errorf("%s: got no vector for %q of %s, want one", m.name, word, part)
					}
				}
			}
		}
	}
}

// TestVectorsOfARunGoOnWithOtherData starts from a run whose table has other words on other rows.
func TestVectorsOfARunGoOnWithOtherData(t *testing.T) {
	r := familyRecipe(t, "vectors")
	first := trained(t, r)
	r.From, r.Data, r.Train, r.Epochs = first.Dir, enginetest.Topics(t, 24), "head", 1
	second := trained(t, r)
	for _, e := range of[Evaluated](eventsOf(second)) {
		for _, l := range e.Layers {
			if l.Name == "embeddings" && l.Drift != 0 {
				t.Errorf("got drift %v of the frozen vectors, want 0", l.Drift)
			}
		}
	}
	row := func(run *Run, word string) []float32 {
		dir := filepath.Join(run.Dir, checkpointsDir, "best")
		m, err := OpenModel(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		id, known := m.tok.ID(word)
		if !known {
			t.Fatalf("got no %q in %s", word, dir)
		}
		width := m.Shape().Width
		return valuesOf(t, dir)["embeddings.weight"][int(id)*width : int(id+1)*width]
	}
	for _, word := range []string{"film", "good", "song"} {
		if got, want := row(second, word), row(first, word); !slices.Equal(got, want) {
			t.Errorf("got %v for %s, want the first run's %v", got, word, want)
		}
	}
}

func TestWhatCannotWorkIsRefusedWithItsReason(t *testing.T) {
	gpt := trained(t, familyRecipe(t, "gpt2")).Dir
	for _, c := range []struct {
		family string
		change func(r *Recipe)
		want   []string
	}{
		{"bert", func(r *Recipe) { r.MaxLength = 33 }, []string{"max_length is 33", "at most 32"}},
		{"roberta", func(r *Recipe) { r.MaxLength = 33 }, []string{"max_length is 33", "at most 32"}},
		{"bert", func(r *Recipe) { r.From = gpt }, []string{"from is " + gpt, "a gpt2", "expected a bert"}},
		{"vectors", func(r *Recipe) { r.Train = "last:1" }, []string{"train is last:1", "no layers"}},
		{"vectors", func(r *Recipe) { r.Freeze = "first:1" }, []string{"freeze is first:1", "no layers"}},
		{"vectors", func(r *Recipe) { r.LayerDecay = 0.9 }, []string{"layer_decay is 0.9", "no layers"}},
		{"xlnet", func(r *Recipe) { r.Train = "last:3" }, []string{"last:3", "0 to 2"}},
		{"xlnet", func(r *Recipe) { r.Freeze = "pooler" }, []string{"pooler", "matches no layer"}},
	} {
		r := familyRecipe(t, c.family)
		c.change(&r)
		run, err := Start(context.Background(), r, StartOptions{Dir: filepath.Join(t.TempDir(), "run")})
		if err == nil {
			_, err = run.Wait()
		}
		for _, part := range c.want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got error %v, want %q in it", c.family, err, part)
			}
		}
	}
}

func TestAPoolerThatTheHeadDoesNotReadDoesNotLearn(t *testing.T) {
	for _, family := range []string{"bert", "xlnet"} {
		r := familyRecipe(t, family)
		for head, want := range map[string]bool{"linear": true, "mlp": true, "bilstm": false} {
			r.Head, r.Pool = head, "cls"
			m, err := OpenModel(context.Background(), r.Backbone)
			if err != nil {
				t.Fatal(err)
			}
			layers := layersUnder(t, m, r)
			if got := layers[len(layers)-2].Name == "pooler"; got != want {
				t.Errorf("%s with head %s: got a pooler %v, want %v", family, head, got, want)
			}
		}
	}
}

func TestEveryFamilyStartsAfreshFromItsSeed(t *testing.T) {
	everyFamily(t, func(t *testing.T, family string) {
		r := familyRecipe(t, family)
		r.Scratch, r.Train, r.Epochs = true, "head", 1
		if family == "elmo" {
			r.Freeze = "mix"
		}
		for _, e := range of[Evaluated](eventsOf(trained(t, r))) {
			for _, l := range e.Layers {
				if l.Kind != "head" && l.Drift != 0 {
					t.Errorf("got drift %v of the frozen %s, want 0", l.Drift, l.Name)
				}
			}
		}
	})
}

// shared is where the reference files of the project lie, when they are there.
var shared = filepath.Join("..", "..", "shared")

// TestEveryTensorOfAPublishedFolderIsAccountedFor inspects the reference models.
func TestEveryTensorOfAPublishedFolderIsAccountedFor(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(shared, "golden", "*"))
	if err != nil || len(folders) == 0 {
		t.Skip("reference files are not here")
	}
	for _, dir := range folders {
		in, err := Inspect(dir)
		if err != nil {
			t.Errorf("got error %v, want a report", err)
			continue
		}
		checkAccounting(t, dir, in)
	}
}

// checkAccounting counts tensors and parameters.
func checkAccounting(t *testing.T, dir string, in Inspection) {
	t.Helper()
	m, err := describe(dir)
	if err != nil {
		t.Fatal(err)
	}
	src, err := m.weights()
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	told := slices.Clone(in.Report.Loaded)
	for _, d := range in.Report.Dropped {
		if d.Why == "" {
			t.Errorf("%s: got %s dropped without a reason", dir, d.Name)
		}
		told = append(told, d.Name)
	}
	var file []string
	for _, x := range src.Tensors() {
		file = append(file, x.Name)
	}
	slices.Sort(told)
	slices.Sort(file)
	if !slices.Equal(told, file) {
		t.Errorf("%s: got %d tensors told of, want the file's %d, each once", dir, len(told), len(file))
	}
	params, tensors := 0, 0
	for _, l := range in.Layers {
		params, tensors = params+l.Params, tensors+len(l.Tensors)
	}
	if params != in.Params || tensors != len(backbone.Params(m.bb)) || tensors != len(in.Report.Loaded)+len(in.Report.Fresh) {
		t.Errorf("%s: got %d values in %d tensors of the layer table, want %d in %d loaded and %d fresh",
			dir, params, tensors, in.Params, len(in.Report.Loaded), len(in.Report.Fresh))
	}
}

func TestASavedConfigurationNamesTheClasses(t *testing.T) {
	r := familyRecipe(t, "distilbert")
	r.Epochs = 1
	data, err := os.ReadFile(filepath.Join(trained(t, r).Dir, checkpointsDir, "best", "config.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Dim    int               `json:"dim"`
		Labels map[string]string `json:"id2label"`
		IDs    map[string]int    `json:"label2id"`
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Dim != 16 || len(got.Labels) != 2 || got.Labels["0"] != "no" || got.Labels["1"] != "yes" || got.IDs["yes"] != 1 {
		t.Errorf("got %s, want the sizes, and no and yes as classes 0 and 1", data)
	}
}

func TestHeadsAreSavedUnderThePublishedNames(t *testing.T) {
	for _, c := range []struct{ family, head, want string }{
		{"bert", "linear", "classifier.weight"}, {"roberta", "mlp", "classifier.out_proj.weight"}, {"roberta", "linear", "classifier.weight"},
		{"xlnet", "linear", "logits_proj.weight"}, {"xlnet", "bilstm", "classifier.weight"},
	} {
		r := familyRecipe(t, c.family)
		r.Head, r.Pool, r.Epochs = c.head, "cls", 1
		run := trained(t, r)
		src, err := openFile(filepath.Join(run.Dir, checkpointsDir, "best", weightsFile))
		if err != nil {
			t.Fatal(err)
		}
		var heads []string
		for _, x := range src.Tensors() {
			if strings.HasSuffix(x.Name, c.want) {
				heads = append(heads, x.Name)
			}
		}
		src.Close()
		if len(heads) != 1 {
			t.Errorf("%s with head %s: got %v, want one tensor %s", c.family, c.head, heads, c.want)
		}
		if _, err := OpenPredictor(run.Dir); err != nil {
			t.Errorf("%s with head %s: got error %v, want it to open again", c.family, c.head, err)
		}
	}
}

func TestAModelWithoutAFittingTokenizerCanBeLookedAtOnly(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(vocab string) error
		want   string
	}{
		{"none", os.Remove, "the folder has none of"},
		{"larger", func(vocab string) error {
			return os.WriteFile(vocab, []byte("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"+manyWords(40)), 0o644)
		}, "at most the 29 of the embeddings"},
	} {
		dir := enginetest.Bert(t)
		if err := c.change(filepath.Join(dir, "vocab.txt")); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenModel(context.Background(), dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q in it", c.name, err, c.want)
		}
		if in, err := Inspect(dir); err != nil || len(in.Report.Loaded) == 0 {
			t.Errorf("%s: got error %v and %d tensors of an inspection, want a report", c.name, err, len(in.Report.Loaded))
		}
	}
}

// manyWords is a vocabulary of n lines.
func manyWords(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "word%d\n", i)
	}
	return b.String()
}

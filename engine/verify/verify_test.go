package verify

import (
	"archive/tar"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldenModelsMatchTheirReferences runs every reference folder: the ones in testdata always,
// those beside the checkout when they are there.
func TestGoldenModelsMatchTheirReferences(t *testing.T) {
	dirs := []string{"testdata/bert-seqcls"}
	packed, _ := filepath.Glob("testdata/*.tar.gz")
	for _, archive := range packed {
		dirs = append(dirs, unpack(t, archive))
	}
	shared, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "golden", "*"))
	for _, dir := range append(dirs, shared...) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got, err := Dir(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%+v", got)
			if !got.OK || got.GradsChecked != got.GradsExpected || got.GradsChecked == 0 {
				t.Errorf("got %+v, want ok", got)
			}
		})
	}
}

// TestWrongFormulasAreNotRounding changes one word or number of a configuration: what that moves is
// more than float32 does, in the ill-conditioned references of both GPTs too.
func TestWrongFormulasAreNotRounding(t *testing.T) {
	for _, c := range []struct{ archive, old, wrong string }{
		{"gpt2-lm", `"activation_function": "gelu_new"`, `"activation_function": "gelu"`},
		{"gpt2-lm", `"layer_norm_epsilon": 1e-05`, `"layer_norm_epsilon": 1e-02`},
		{"gpt2-lm", `"n_head": 4`, `"n_head": 2`},
		{"openai-double", `"afn": "gelu"`, `"afn": "relu"`},
		{"distilbert-qa", `"n_heads": 4`, `"n_heads": 8`},
		{"roberta-mlm", `"pad_token_id": 1`, `"pad_token_id": 2`},
		{"roberta-mlm", `"hidden_act": "gelu"`, `"hidden_act": "gelu_new"`},
	} {
		dir := unpack(t, filepath.Join("testdata", c.archive+".tar.gz"))
		path := filepath.Join(dir, "config.json")
		config, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(config), c.old) {
			t.Fatalf("%s has no %s", path, c.old)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(config), c.old, c.wrong, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Dir(dir)
		if err == nil && got.OK {
			t.Errorf("%s with %s: got %+v, want not ok", c.archive, c.wrong, got)
		}
	}
}

// unpack extracts a reference folder and returns where it lies.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for r := tar.NewReader(z); ; {
		entry, err := r.Next()
		if err == io.EOF {
			return filepath.Join(root, strings.TrimSuffix(filepath.Base(archive), ".tar.gz"))
		}
		if err != nil {
			t.Fatal(err)
		}
		extract(t, r, entry, filepath.Join(root, entry.Name))
	}
}

func extract(t *testing.T, r io.Reader, entry *tar.Header, path string) {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if entry.FileInfo().IsDir() {
		err = os.MkdirAll(path, 0o700)
	} else {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

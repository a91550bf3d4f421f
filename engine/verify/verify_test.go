package verify

import (
	"os"
	"path/filepath"
	"testing"
)

// TestGoldenModelsMatchTheirReferences runs every reference folder: the ones in testdata always,
// those beside the checkout when they are there.
func TestGoldenModelsMatchTheirReferences(t *testing.T) {
	dirs, _ := filepath.Glob("testdata/*")
	for _, name := range []string{"bert-seqcls", "xlnet-seqcls", "bert-tokcls", "bert-qa", "xlnet-tokcls", "xlnet-qa-simple", "elmo"} {
		dirs = append(dirs, filepath.Join("..", "..", "..", "shared", "golden", name))
	}
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, goldenFile)); err != nil {
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			got, err := Dir(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%+v", got)
			if !got.OK {
				t.Errorf("got %+v, want ok", got)
			}
		})
	}
}

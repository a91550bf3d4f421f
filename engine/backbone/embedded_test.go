package backbone

import (
	"io/fs"
	"strings"
	"testing"

	"defrost/engine/checkpoint"
)

// largestEmbedded is what one backbone may weigh in the repository.
const largestEmbedded = 12 << 20

// TestEmbeddedBackbonesAreWhatTheirCardsSay reads every weight of each.
func TestEmbeddedBackbonesAreWhatTheirCardsSay(t *testing.T) {
	for _, c := range embeddedCards() {
		t.Run(c.Name, func(t *testing.T) {
			fsys, ok := Embedded(c.Name)
			if !ok {
				t.Fatal("got no folder")
			}
			bb, family, err := Describe(fsys)
			if err != nil {
				t.Fatal(err)
			}
			src, err := checkpoint.Open(fsys)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			report, err := Load(src, family, Params(bb), 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range report.Fresh {
				if !strings.HasPrefix(name, "mix.") { // every task learns its own
					t.Errorf("%s is not in the file", name)
				}
			}
			if len(report.Dropped) > 0 {
				t.Errorf("got %v in the file, want all of it used", report.Dropped)
			}
			n := 0
			for _, p := range Params(bb) {
				n += p.Len()
			}
			shape := bb.Shape()
			if n != c.Params || family.Name != c.Family || shape.Layers != c.Layers || shape.Width != c.Width || shape.Heads != c.Heads {
				t.Errorf("got %d parameters of a %s, %+v, want those of the card: %+v", n, family.Name, shape, c)
			}
			if got := weigh(t, fsys); got > largestEmbedded {
				t.Errorf("got %d bytes, want at most %d", got, largestEmbedded)
			}
			if _, err := fs.Stat(fsys, "README.md"); err != nil {
				t.Errorf("a model card is missing: %v", err)
			}
		})
	}
}

// weigh is the size of all files of a folder.
func weigh(t *testing.T, fsys fs.FS) int64 {
	t.Helper()
	var sum int64
	err := fs.WalkDir(fsys, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		sum += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

package backbone

import (
	"io/fs"
	"testing"

	"defrost/engine/checkpoint"
	"defrost/engine/tokenizer"
)

// TestPocketGloVeIsWholeAndSmall holds the files to each other and to the room there is for them.
func TestPocketGloVeIsWholeAndSmall(t *testing.T) {
	folder, ok := Embedded("pocket-glove")
	if !ok {
		t.Fatal("pocket-glove is not part of this build")
	}
	bb, family, err := Describe(folder)
	if err != nil {
		t.Fatal(err)
	}
	src, err := checkpoint.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	report, err := Load(src, family, Params(bb), 1)
	if err != nil || len(report.Fresh)+len(report.Dropped) > 0 {
		t.Errorf("got %+v, %v, want every number from the file", report, err)
	}
	tok, err := tokenizer.Open(folder)
	if err != nil || tok.Size() != bb.Shape().Vocabulary {
		t.Fatalf("got a tokenizer of %d words (%v), want the table's %d", tok.Size(), err, bb.Shape().Vocabulary)
	}
	if the, _ := tok.ID("the"); the > 3 {
		t.Errorf("got the at row %d, want the commonest words first", the)
	}
	total := int64(0)
	fs.WalkDir(folder, ".", func(_ string, d fs.DirEntry, err error) error {
		if info, e := d.Info(); err == nil && e == nil && !d.IsDir() {
			total += info.Size()
		}
		return nil
	})
	if most := int64(12 << 20); total == 0 || total > most {
		t.Errorf("got %d bytes, want at most %d", total, most)
	}
	for _, c := range Cards() {
		if c.Name == "pocket-glove" && (c.Params != len(Params(bb)[0].Value) || c.Vocabulary != tok.Size() || c.Width != bb.Shape().Width) {
			t.Errorf("got the card %+v, want the sizes of the files", c)
		}
	}
}

package tokenizer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Save writes tokenizer.json and, as older readers expect them, vocab.txt for
// WordPiece or vocab.json with merges.txt for BPE. A file of the same name is
// replaced whole or not at all.
func (c *coder) Save(dir string) error {
	if c.settings.Version != "" { // OpenAI's GPT-1 has no such document
		if err := saveFile(dir, "tokenizer.json", c.writeDocument); err != nil {
			return err
		}
	}
	return c.fields.save(dir)
}

// writeDocument writes tokenizer.json.
func (c *coder) writeDocument(w io.Writer) error {
	d := c.settings
	var err error
	if d.Model, err = marshal(c.fields); err != nil {
		return err
	}
	b, err := marshal(d)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// marshal is json.Marshal without the escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// save writes vocab.txt.
func (f *wordPieceFields) save(dir string) error {
	return saveFile(dir, "vocab.txt", f.Vocab.writeVocabText)
}

// saveFile writes dir/name through a temporary file beside it.
func saveFile(dir, name string, write func(io.Writer) error) (err error) {
	path := filepath.Join(dir, name)
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return fmt.Errorf("tokenizer: save %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("tokenizer: save %s: %w", path, err)
	}
	return nil
}

package pretrain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
)

// glovePosition is where an unfinished run stands.
type glovePosition struct {
	Settings string
	Epoch    int
	Seconds  float64
}

// save keeps all that learning goes on from.
func (g *glove) save() error {
	settings, err := g.settings()
	if err != nil {
		return err
	}
	at, err := json.Marshal(glovePosition{settings, g.epoch, g.seconds()})
	if err != nil {
		return err
	}
	shape := []int{len(g.words), g.tables.stride()}
	return checkpoint.WriteSafetensors(filepath.Join(g.o.Out, optimizerFile), []checkpoint.Tensor{
		{Name: "main", Shape: shape, Data: g.tables.main}, {Name: "context", Shape: shape, Data: g.tables.context},
	}, checkpoint.F32, map[string]string{"position": string(at)})
}

// restore goes on where an unfinished run was saved.
func (g *glove) restore() error {
	file, err := os.Open(filepath.Join(g.o.Out, optimizerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return fmt.Errorf("pretrain: %w", err)
	}
	src, err := checkpoint.OpenSafetensors(file, info.Size(), optimizerFile)
	if err != nil {
		file.Close()
		return err
	}
	return errors.Join(g.restoreFrom(src), src.Close(), file.Close())
}

func (g *glove) restoreFrom(src checkpoint.Source) error {
	settings, err := g.settings()
	if err != nil {
		return err
	}
	var at glovePosition
	if err := json.Unmarshal([]byte(checkpoint.Metadata(src)["position"]), &at); err != nil || at.Settings != settings {
		return fmt.Errorf("pretrain: %s holds an unfinished run with other settings: expected the same ones, or another folder", g.o.Out)
	}
	if err := errors.Join(src.Read("main", g.tables.main), src.Read("context", g.tables.context)); err != nil {
		return err
	}
	g.epoch, g.before = at.Epoch, at.Seconds
	return nil
}

// finish writes the model folder and removes what only learning needed.
func (g *glove) finish() error {
	bb, tok, err := backbone.FromVectors(g.vectors())
	if err != nil {
		return err
	}
	path := func(name string) string { return filepath.Join(g.o.Out, name) }
	if err := tok.Save(g.o.Out); err != nil {
		return err
	}
	if err := os.WriteFile(path("config.json"), bb.Config(), 0o644); err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	if err := checkpoint.WriteSafetensors(path(weightsFile), tensors(backbone.Params(bb)), checkpoint.F16, map[string]string{"format": "pt"}); err != nil {
		return err
	}
	return errors.Join(remove(path(optimizerFile)), os.RemoveAll(g.counts.Dir))
}

// vectors are the sums of both vectors of each word, which the authors found to be better than
// either.
func (g *glove) vectors() *checkpoint.Vectors {
	d, n := g.o.Width, g.tables.stride()
	v := &checkpoint.Vectors{Words: g.words, Dim: d, Data: make([]float32, len(g.words)*d)}
	for i := range g.words {
		for j := range d {
			v.Data[i*d+j] = g.tables.main[i*n+j] + g.tables.context[i*n+j]
		}
	}
	return v
}

package pretrain

import (
	"errors"
	"fmt"
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
	shape := []int{len(g.words), g.tables.stride()}
	return saveUnfinished(g.o.Out, []checkpoint.Tensor{
		{Name: "main", Shape: shape, Data: g.tables.main}, {Name: "context", Shape: shape, Data: g.tables.context},
	}, glovePosition{settings, g.epoch, g.seconds()})
}

// restore goes on where an unfinished run was saved.
func (g *glove) restore() error {
	settings, err := g.settings()
	if err != nil {
		return err
	}
	var at glovePosition
	_, err = openUnfinished(g.o.Out, &at, func(src checkpoint.Source) error {
		if at.Settings != settings {
			return fmt.Errorf("pretrain: %s holds an unfinished run with other settings: expected the same ones, or another folder", g.o.Out)
		}
		g.epoch, g.before = at.Epoch, at.Seconds
		return errors.Join(src.Read("main", g.tables.main), src.Read("context", g.tables.context))
	})
	return err
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

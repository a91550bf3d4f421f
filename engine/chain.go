package engine

import (
	"fmt"
	"os"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/tokenizer"
)

// ofRun opens the best weights of another run, which must be of the same family. Word vectors are
// brought to the rows that this model has their words on.
func (m *Model) ofRun(run string) (checkpoint.Source, error) {
	path, err := bestOf(run)
	if err != nil {
		return nil, err
	}
	bb, family, err := backbone.Describe(os.DirFS(filepath.Dir(path)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", run, err)
	}
	if family.Name != m.family.Name {
		return nil, fmt.Errorf("recipe: from is %s, a %s, expected a %s as %s is", run, family.Name, m.family.Name, m.name)
	}
	src, err := openFile(path)
	if err != nil || family.Name != vectorFamily || bb.Shape().Width != m.Shape().Width {
		return src, err
	}
	rows, err := m.moveRows(src, filepath.Dir(path), bb.Shape())
	if err != nil {
		src.Close()
		return nil, err
	}
	return movedRows{src, rows}, nil
}

// moveRows is this model's table with the rows of all words that the run in dir has too.
func (m *Model) moveRows(src checkpoint.Source, dir string, s backbone.Shape) (checkpoint.Tensor, error) {
	own, theirs := backbone.Params(m.bb)[0], make([]float32, s.Vocabulary*s.Width)
	rows := checkpoint.Tensor{Name: own.Name, Shape: own.Shape, Data: make([]float32, own.Len())}
	words, err := tokenizer.Open(os.DirFS(dir))
	if err == nil {
		err = src.Read(own.Name, theirs)
	}
	if err != nil {
		return rows, err
	}
	if err := m.read(own.Name, rows.Data); err != nil {
		return rows, err
	}
	for id := range m.tok.Size() {
		if row, ok := words.ID(m.tok.Token(int32(id))); ok {
			copy(rows.Data[id*s.Width:(id+1)*s.Width], theirs[int(row)*s.Width:])
		}
	}
	return rows, nil
}

// read fills dst with a tensor of the pre-trained weights.
func (m *Model) read(name string, dst []float32) error {
	src, err := m.weights()
	if err != nil {
		return err
	}
	defer src.Close()
	return src.Read(name, dst)
}

// movedRows is a checkpoint with one tensor replaced.
type movedRows struct {
	checkpoint.Source
	rows checkpoint.Tensor
}

// Tensors lists the new shape.
func (s movedRows) Tensors() []checkpoint.Info {
	list := s.Source.Tensors()
	for i := range list {
		if list[i].Name == s.rows.Name {
			list[i].Shape = s.rows.Shape
		}
	}
	return list
}

// Read copies the new rows.
func (s movedRows) Read(name string, dst []float32) error {
	if name == s.rows.Name {
		return inMemory{s.rows}.Read(name, dst)
	}
	return s.Source.Read(name, dst)
}

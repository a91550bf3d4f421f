// Package checkpoint turns model files into named tensors and writes them back.
// It reads safetensors, pytorch_model.bin, the HDF5 files of ELMo, the npy files
// of GPT-1 and the word vectors of GloVe, word2vec and fastText. It knows
// no architecture: what a tensor is for is the backbone's business.
//
// Walk: Open looks into a model folder and picks the format; each format's file
// turns its index into a list of stored tensors (where the numbers lie, in which
// type and shape), and stored.go reads any of them straight into the caller's
// slice. Every size found in a file is held against the file's own size before
// memory is asked for, so a broken or hostile file is refused with one line.
package checkpoint

// Info describes one tensor of a checkpoint without reading its numbers.
type Info struct {
	Name  string // as the file spells it, e.g. "encoder.layer.0.output.dense.weight"
	DType DType  // the type the numbers are stored in
	Shape []int  // row-major; empty for a scalar
}

// Len is the number of elements: the product of the shape, 1 for a scalar.
func (i Info) Len() int {
	n := 1
	for _, d := range i.Shape {
		n *= d
	}
	return n
}

// A Source is an open checkpoint. Reads may happen from several goroutines
// at once; Close ends them all.
type Source interface {
	// Tensors lists what the checkpoint holds, in file order.
	Tensors() []Info
	// Read fills dst with the named tensor, row-major. F16, BF16 and F64 numbers
	// are converted. len(dst) must equal the tensor's length. Integers are refused.
	Read(name string, dst []float32) error
	// ReadInts returns an integer or boolean tensor. Floats are refused.
	ReadInts(name string) ([]int64, error)
	// Close releases the files.
	Close() error
}

// A Tensor is one named array to be written. Ints, when not nil, is written as
// I64 in place of Data, whatever type the file's floats have.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32 // len is the product of Shape
	Ints  []int64   // len is the product of Shape
}

// Metadata is the free text a safetensors checkpoint carries under
// "__metadata__"; nil for the other formats and when there is none.
func Metadata(s Source) map[string]string {
	if t, ok := s.(*table); ok {
		return t.metadata
	}
	return nil
}

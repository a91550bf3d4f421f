package checkpoint

import (
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Vectors are the word vectors of a GloVe, word2vec or fastText file, or of the part
// of it that was asked for.
type Vectors struct {
	Words []string  // in file order, each once
	Dim   int       // numbers per word
	Data  []float32 // (len(Words), Dim), row-major

	rows map[string]int
}

// Row is the vector of Words[i], a part of Data.
func (v *Vectors) Row(i int) []float32 {
	return v.Data[i*v.Dim : (i+1)*v.Dim : (i+1)*v.Dim]
}

// Find returns a word's row.
func (v *Vectors) Find(word string) (row int, ok bool) {
	row, ok = v.rows[word]
	return row, ok
}

// add appends a word and makes room for its vector, which the caller fills; nil when
// the word is there already: the first one counts.
func (v *Vectors) add(word string) []float32 {
	if _, twice := v.rows[word]; twice {
		return nil
	}
	if v.rows == nil {
		v.rows = map[string]int{}
	}
	v.rows[word] = len(v.Words)
	v.Words = append(v.Words, word)
	v.Data = slices.Grow(v.Data, v.Dim)[:len(v.Data)+v.Dim]
	return v.Row(len(v.Words) - 1)
}

// OpenVectors reads word vectors from a file: text (.txt, .vec and anything else) or
// word2vec's binary format (.bin), either one also gzipped (.gz) or in a zip archive
// (.zip). dim is the numbers per word, 0 to find out; in an archive of several files,
// such as glove.6B.zip, it chooses the one called *.100d.*. Only words keep says yes
// to are kept; a nil keep keeps all.
func OpenVectors(fsys fs.FS, name string, dim int, keep func(word string) bool) (*Vectors, error) {
	r, size, closer, err := openFile(fsys, name)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	inner, text, err := unwrap(io.NewSectionReader(r, 0, size), name, dim)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	read := readText
	if path.Ext(inner) == ".bin" {
		read = readBinary
	}
	v, err := read(text, dim, keep)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	return v, nil
}

// unwrap undoes .gz and .zip and returns the name of what was inside.
func unwrap(file *io.SectionReader, name string, dim int) (string, io.Reader, error) {
	switch path.Ext(name) {
	case ".gz":
		z, err := gzip.NewReader(file)
		return strings.TrimSuffix(name, ".gz"), z, err
	case ".zip":
		z, err := zip.NewReader(file, file.Size())
		if err != nil {
			return "", nil, err
		}
		entry, err := chooseEntry(z, dim)
		if err != nil {
			return "", nil, err
		}
		text, err := entry.Open()
		return entry.Name, text, err
	}
	return name, file, nil
}

// chooseEntry picks the only file of an archive, or the one named after dim.
func chooseEntry(z *zip.Reader, dim int) (*zip.File, error) {
	var files []*zip.File
	var names []string
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if strings.Contains(f.Name, "."+strconv.Itoa(dim)+"d.") {
			return f, nil
		}
		files, names = append(files, f), append(names, f.Name)
	}
	if len(files) == 1 {
		return files[0], nil
	}
	return nil, fmt.Errorf("found no file of %d numbers per word in the archive (%.200s)", dim, strings.Join(names, ", "))
}

// maxDim bounds the numbers per word; published vectors have up to 1024.
const maxDim = 1 << 16

// setDim settles the numbers per word: asked for (0 when not), and stated by the file.
func (v *Vectors) setDim(asked, stated int) error {
	if asked != 0 && asked != stated {
		return fmt.Errorf("found %d numbers per word, expected %d", stated, asked)
	}
	if stated < 1 || stated > maxDim {
		return fmt.Errorf("found %d numbers per word, expected 1 to %d", stated, maxDim)
	}
	v.Dim = stated
	return nil
}

// header reads word2vec's first line "N D": words and numbers per word.
func header(line []byte) (words, dim int, ok bool) {
	const longest = 40 // two numbers of 19 digits, a blank
	first, second, found := strings.Cut(string(line[:min(len(line), longest)]), " ")
	if !found {
		return 0, 0, false
	}
	words, err1 := strconv.Atoi(first)
	dim, err2 := strconv.Atoi(second)
	return words, dim, err1 == nil && err2 == nil && words >= 0 && dim > 0
}

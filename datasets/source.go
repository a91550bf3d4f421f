package datasets

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// bufferSize is the read buffer of one file: large enough that reading is not
// bound by system calls, small beside the examples.
const bufferSize = 256 << 10

// maxLine is how long a line, or a field in quotes, may be, in bytes: a longer
// one is a file of another kind, or a quote that was never closed. A variable
// so that tests need no such file.
var maxLine = 64 << 20

// A source is one open text file, decompressed, without its byte order mark.
type source struct {
	*bufio.Reader
	name    string  // as the user gave it
	file    fs.File // as it lies on disk
	size    int64   // of the file on disk, 0 when it is not known
	passed  int64   // bytes of it that were read
	packed  bool    // by gzip
	hearer  Hearer
	closers []io.Closer
}

// location is a file inside a file system, with the name errors show.
type location struct {
	fsys fs.FS
	path string
	show string
}

// locate turns a path of the operating system into a location.
func locate(p string) location {
	return location{os.DirFS(filepath.Dir(p)), filepath.Base(p), p}
}

// within returns the location of a file below the folder l.
func (l location) within(sub string) location {
	return location{l.fsys, path.Join(l.path, sub), filepath.Join(l.show, filepath.FromSlash(sub))}
}

// extension returns the lower-case extension without a trailing .gz.
func (l location) extension() string {
	name := strings.TrimSuffix(strings.ToLower(l.path), ".gz")
	return strings.TrimPrefix(path.Ext(name), ".")
}

// open opens the file, decompressing gzip whatever its name says.
func (l location) open(o Options) (*source, error) {
	f, err := l.fsys.Open(l.path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", l.show, reason(err))
	}
	s := &source{name: l.show, file: f, closers: []io.Closer{f}, hearer: o.Progress}
	if info, err := f.Stat(); err == nil {
		s.size = info.Size()
	}
	s.Reader = bufio.NewReaderSize(passing{s}, bufferSize)
	if err := s.unwrap(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// passing reads the file of a source and tells how far it has come.
type passing struct{ s *source }

func (p passing) Read(b []byte) (int, error) {
	n, err := p.s.file.Read(b)
	p.s.passed += int64(n)
	if told := p.s.tell(p.s.passed, p.s.size); told != nil {
		return 0, told
	}
	return n, err
}

// tell tells the hearer, if there is one.
func (s *source) tell(done, total int64) error {
	if s.hearer == nil {
		return nil
	}
	return s.hearer(s.name, done, total)
}

// reason is err without the path, which the caller shows already.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// unwrap looks at the first bytes: gzip is decompressed, a UTF-8 byte order
// mark is dropped, UTF-16 is refused.
func (s *source) unwrap() error {
	if head, _ := s.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(s.Reader)
		if err != nil {
			return fmt.Errorf("datasets: %s: found a damaged gzip header: %w", s.name, err)
		}
		s.packed = true
		s.closers = append(s.closers, z)
		s.Reader = bufio.NewReaderSize(z, bufferSize)
	}
	head, err := s.Peek(3)
	if err != nil && err != io.EOF {
		return s.failed(err, 1)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		s.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return &Problem{File: s.name, Line: 1, Found: "UTF-16", Expected: "UTF-8 text"}
	}
	return nil
}

// failed wraps an error of the file itself.
func (s *source) failed(err error, line int) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) {
		return &Problem{File: s.name, Line: line, Found: "a damaged or cut off gzip stream", Expected: "a whole one"}
	}
	return fmt.Errorf("datasets: %s:%d: %w", s.name, line, reason(err))
}

// Close closes the file and its decompressor.
func (s *source) Close() error {
	var err error
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i].Close())
	}
	return err
}

// lines calls fn with every line, its number, and without its line ending.
// The bytes are only good until fn returns. A zero byte is refused: text has none.
func (s *source) lines(fn func(n int, line []byte) error) error {
	var long []byte
	for n := 1; ; {
		chunk, err := s.ReadSlice('\n')
		if len(long)+len(chunk) > maxLine {
			return s.tooLong(n)
		}
		if err == bufio.ErrBufferFull {
			long = append(long, chunk...)
			continue
		}
		line := chunk
		if len(long) > 0 {
			long = append(long, chunk...)
			line = long
		}
		if err != nil && err != io.EOF {
			return s.failed(err, n)
		}
		if i := bytes.IndexByte(line, 0); i >= 0 {
			return &Problem{File: s.name, Line: n, Char: i + 1, Found: "a zero byte", Expected: "text"}
		}
		if len(line) > 0 {
			if err := fn(n, bytes.TrimRight(line, "\r\n")); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		long = long[:0]
		n++
	}
}

// tooLong is the error for line n when it does not end.
func (s *source) tooLong(n int) error {
	return &Problem{File: s.name, Line: n, Found: "more than " + count(maxLine, "byte") + " without an end of line", Expected: "lines of text"}
}

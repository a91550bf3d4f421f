package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"defrost/themes"
)

// A Format is a form that a document can be written in.
type Format string

// Formats.
const (
	SVG      Format = "svg"
	PNG      Format = "png"
	CSV      Format = "csv"
	JSON     Format = "json"
	Markdown Format = "md"
	HTML     Format = "html"
)

// A part is one file of a document.
type part struct {
	suffix string // of its name
	write  func(io.Writer) error
}

// parts are the files that a form needs: one, but of CSV one per table and one for the curves.
func (d Document) parts(f Format, t themes.Theme) []part {
	themed := func(write func(io.Writer, themes.Theme) error) []part {
		return []part{{"." + string(f), func(w io.Writer) error { return write(w, t) }}}
	}
	switch f {
	case SVG:
		return themed(d.SVG)
	case PNG:
		return themed(d.PNG)
	case HTML:
		return themed(d.HTML)
	case JSON:
		return []part{{".json", d.JSON}}
	case Markdown:
		return []part{{".md", d.Markdown}}
	}
	return d.csvParts()
}

// Write writes a document in a form that is one file: all but CSV.
func (d Document) Write(w io.Writer, f Format, t themes.Theme) error {
	if f == CSV {
		return errors.New("report: CSV is several files, expected a form that is one")
	}
	return d.parts(f, t)[0].write(w)
}

func (d Document) csvParts() []part {
	var list []part
	if len(d.Charts) > 0 {
		list = append(list, part{"-curves.csv", d.CurvesCSV})
	}
	taken := map[string]int{}
	for _, t := range d.Tables {
		name := fileName(t.Title)
		if taken[name]++; taken[name] > 1 {
			name += fmt.Sprintf("-%d", taken[name])
		}
		list = append(list, part{"-" + name + ".csv", t.CSV})
	}
	return list
}

// mostNumber bounds the numbers that names are tried with.
const mostNumber = 10000

// Save writes a document into a folder, which it makes, and returns the paths: name-1.svg, or the
// first number under which there is no file yet. Nothing is ever overwritten.
func (d Document) Save(dir, name string, f Format, t themes.Theme) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	parts := d.parts(f, t)
	data := make([][]byte, len(parts))
	for i, p := range parts {
		var b bytes.Buffer
		if err := p.write(&b); err != nil {
			return nil, err
		}
		data[i] = b.Bytes()
	}
	for n := 1; n < mostNumber; n++ {
		base := filepath.Join(dir, fmt.Sprintf("%s-%d", fileName(name), n))
		paths, err := create(base, parts, data)
		if !errors.Is(err, fs.ErrExist) {
			return paths, err
		}
	}
	return nil, fmt.Errorf("report: %s holds %s under every number up to %d", dir, name, mostNumber)
}

// create writes files that must not be there yet; when one of them is, none is left.
func create(base string, parts []part, data [][]byte) (paths []string, err error) {
	for i, p := range parts {
		err = Create(base+p.suffix, data[i])
		if err != nil {
			for _, made := range paths {
				os.Remove(made)
			}
			return nil, err
		}
		paths = append(paths, base+p.suffix)
	}
	return paths, nil
}

// Create writes a file that must not be there yet.
func Create(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(path)
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// longestName bounds the part of a file's name that a title makes.
const longestName = 60

// fileName is a title as part of a file's name: small letters, digits and dashes.
func fileName(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(title) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
			continue
		}
		dash = true
	}
	name := b.String()
	if name = strings.Trim(name[:min(len(name), longestName)], "-"); name == "" {
		return "table"
	}
	return name
}

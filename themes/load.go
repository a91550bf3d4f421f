package themes

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds a theme file; the built-in ones have about 700 bytes.
const maxFile = 64 << 10

// Load reads every *.json of a folder as a theme, in name order. A file that
// cannot be used is left out and gives one error of one line that names the
// file, what was found and what was expected. A missing folder is no error.
func Load(dir string) (found []Theme, errs []error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, []error{fmt.Errorf("themes: %s: %w", dir, err)}
	}
	for _, path := range paths {
		t, err := read(path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		found = append(found, t)
	}
	return found, errs
}

func read(path string) (Theme, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Theme{}, fmt.Errorf("themes: %s: %w", path, cause(err))
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return Theme{}, fmt.Errorf("themes: %s: found %s of %d bytes, expected a file of at most %d", path, info.Mode(), info.Size(), maxFile)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Theme{}, fmt.Errorf("themes: %s: %w", path, cause(err))
	}
	return parse(path, b)
}

// cause is the reason inside a path error, whose path the caller has already named.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// parse reads a user's theme over the theme it is based on.
func parse(path string, b []byte) (Theme, error) {
	var head struct {
		Base string `json:"base"`
		Mono bool   `json:"mono"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return Theme{}, fmt.Errorf("themes: %s: %s", path, where(b, err))
	}
	if head.Mono {
		return decode(path, b, Theme{})
	}
	if head.Base == "" {
		head.Base = order[0]
	}
	base, err := Get(head.Base)
	if err != nil {
		return Theme{}, fmt.Errorf("themes: %s: base: %w", path, err)
	}
	base.About, base.Base, base.Mono = "", head.Base, false
	return decode(path, b, base)
}

// decode reads the roles of a file over those of base and checks them all.
func decode(path string, b []byte, base Theme) (Theme, error) {
	t := base
	t.Name = strings.TrimSuffix(filepath.Base(path), ".json")
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return Theme{}, fmt.Errorf("themes: %s: %s", path, where(b, err))
	}
	for i, c := range t.Series {
		if c == "" {
			t.Series[i] = base.Series[i]
		}
	}
	if err := t.check(path); err != nil {
		return Theme{}, err
	}
	return t, nil
}

// where puts the line number before a JSON error, on one line.
func where(b []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	text := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "json: "), "\n", " ")
	if at < 0 || at > int64(len(b)) {
		return text
	}
	return fmt.Sprintf("line %d: %s", 1+bytes.Count(b[:at], []byte("\n")), text)
}

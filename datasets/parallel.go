package datasets

import (
	"os"
	"slices"
	"strings"
)

// parallelFiles reads two files whose lines are translations of each other.
func (o Options) parallelFiles(from, to location) (*harvest, error) {
	h := newHarvest(from.show, o)
	h.kind = Translate
	source, err := from.wholeLines()
	if err != nil {
		return nil, err
	}
	target, err := to.wholeLines()
	if err != nil {
		return nil, err
	}
	if len(source) != len(target) {
		return nil, &Problem{File: to.show, Found: count(len(target), "line"), Expected: count(len(source), "line") + " as in " + from.show}
	}
	for i := range source {
		if source[i] == "" || target[i] == "" {
			if source[i] != target[i] {
				h.skip(i+1, "", "a line without its translation", "text in both files")
			}
			continue
		}
		h.add(Example{Text: h.utf8(source[i], i+1, ""), Target: h.utf8(target[i], i+1, ""), Line: i + 1})
	}
	return h.finish()
}

// wholeLines returns the trimmed lines of a file.
func (l location) wholeLines() ([]string, error) {
	src, err := l.open()
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var lines []string
	err = src.lines(func(_ int, line []byte) error {
		lines = append(lines, strings.TrimSpace(string(line)))
		return nil
	})
	return lines, err
}

// parallelNames splits "corpus.en,corpus.fr" when both files are there.
func parallelNames(name string) (from, to string, ok bool) {
	from, to, ok = strings.Cut(name, ",")
	if !ok {
		return "", "", false
	}
	for _, p := range []string{from, to} {
		if info, err := os.Stat(p); err != nil || info.IsDir() {
			return "", "", false
		}
	}
	return from, to, true
}

// isLanguage says that an extension may be a language code, as in train.en.
func isLanguage(extension string) bool {
	letters := strings.Trim(extension, "abcdefghijklmnopqrstuvwxyz") == ""
	return letters && len(extension) == 2 && readers[extension] == nil && !slices.Contains([]string{"md", "py", "sh", "go", "gz", "xz"}, extension)
}

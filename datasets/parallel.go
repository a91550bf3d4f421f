package datasets

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"
)

// parallelFiles reads two files whose lines are translations of each other.
func (o Options) parallelFiles(from, to location) (*harvest, error) {
	h := newHarvest(&source{name: from.show}, o)
	h.kind = Translate
	source, err := from.wholeLines(h, o)
	if err != nil {
		return nil, err
	}
	target, err := to.wholeLines(h, o)
	if err != nil {
		return nil, err
	}
	if len(source) != len(target) {
		short, long := from, to
		if len(source) > len(target) {
			short, long = to, from
		}
		few, many := min(len(source), len(target)), max(len(source), len(target))
		return nil, &Problem{File: short.show, Line: few + 1, Found: "the end after " + count(few, "line"), Expected: count(many, "line") + " as in " + long.show}
	}
	for i := range source {
		switch {
		case source[i] == "" && target[i] == "":
			continue
		case source[i] == "" || target[i] == "":
			h.oneSided(i, source[i], from, to)
			continue
		}
		h.add(Example{Text: source[i], Target: target[i], Line: i + 1})
	}
	return h.finish()
}

// oneSided notes line i of two files when one of them has no text there.
func (h *harvest) oneSided(i int, source string, from, to location) {
	file, other := to, from
	if source == "" {
		file, other = from, to
	}
	h.skipped++
	h.noteAt(Problem{File: file.show, Line: i + 1, Found: "an empty line", Expected: "text as in line " + strconv.Itoa(i+1) + " of " + other.show})
}

// wholeLines returns the trimmed lines of a file.
func (l location) wholeLines(h *harvest, o Options) ([]string, error) {
	src, err := l.open(o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var lines []string
	h.file = l.show
	err = src.lines(func(n int, line []byte) error {
		lines = append(lines, h.kept(bytes.TrimSpace(line), n, ""))
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

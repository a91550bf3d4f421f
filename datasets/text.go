package datasets

import "bytes"

// readText reads running text, one example per line that is not blank. A .txt
// file whose lines all have the same number of tabs is a table, and one that
// begins with a document mark is CoNLL.
func readText(src *source, o Options) (*harvest, error) {
	head, _ := src.Peek(64 << 10)
	switch {
	case bytes.HasPrefix(head, []byte("-DOCSTART-")):
		return readCoNLL(src, o)
	case tabular(head):
		return readTSV(src, o)
	}
	h := newHarvest(src, o)
	h.kind = Text
	err := src.lines(func(n int, line []byte) error {
		if text := bytes.TrimSpace(line); len(text) > 0 {
			h.add(Example{Text: h.kept(text, n, ""), Line: n})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(h.examples) == 0 {
		return nil, h.fail(0, "", "an empty file", "text")
	}
	return h.finish()
}

// tabular says that the whole lines of head all have the same tabs.
func tabular(head []byte) bool {
	tabs := 0
	for line := range bytes.Lines(head) {
		n := bytes.Count(line, []byte{'\t'})
		if len(bytes.TrimSpace(line)) == 0 || line[len(line)-1] != '\n' && tabs > 0 {
			continue
		}
		if tabs == 0 {
			tabs = n
		}
		if n == 0 || n != tabs {
			return false
		}
	}
	return tabs > 0
}

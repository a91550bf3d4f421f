package command

import (
	"fmt"
	"path/filepath"
	"time"

	"defrost/datasets"
)

// beat is how long a file is read before anything is said of it, and the least time between two
// words.
const beat = 250 * time.Millisecond

// hearing shows on a terminal how far a large file is read, on standard error; end wipes the line.
func (p Program) hearing() (hear datasets.Hearer, end func()) {
	if !isTerminal(p.Err) {
		return nil, func() {}
	}
	last, open := time.Now(), false
	hear = func(file string, done, total int64) error {
		if now := time.Now(); now.Sub(last) >= beat {
			last, open = now, true
			share := int(1000 * done / max(1, total))
			fmt.Fprintf(p.Err, "%sreading %s %s %d%%%s", lineStart, filepath.Base(file), bar(share, 1000), share/10, clearLine)
		}
		return nil
	}
	return hear, func() {
		if open {
			fmt.Fprint(p.Err, lineStart+clearLine)
		}
	}
}

package enginetest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Tagged writes n sentences of words and IOB2 tags and returns the path of the file. An entity is an
// adjective and what it stands before: GOOD or BAD as the adjective is.
func Tagged(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		kind, j := i%2, i/2
		name := []string{"GOOD", "BAD"}[kind]
		adjective, noun, other := words[kind][j%6], words[2][j/6%6], words[1-kind][j/2%6]
		fmt.Fprintf(&b, "the O\n%s B-%s\n%s I-%s\nwas O\n%s O\n\n", adjective, name, noun, name, other)
	}
	path := filepath.Join(t.TempDir(), "tagged.conll")
	Write(t, path, b.String())
	return path
}

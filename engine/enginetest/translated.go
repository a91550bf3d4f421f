package enginetest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Translated writes n sentences with a translation each, no two alike up to 432 of them, and returns
// the path of the file. Every word has one translation; an adjective goes behind its noun.
func Translated(t testing.TB, n int) string {
	t.Helper()
	told := map[string]string{
		"film": "le film", "book": "le livre", "meal": "le repas", "room": "la chambre", "song": "la chanson", "play": "la pièce",
	}
	adjectives := append(words[0][:6:6], words[1]...)
	var b strings.Builder
	for i := range n {
		one, noun, other := adjectives[i%12], words[2][i/12%6], adjectives[(5*i+i/72)%12]
		fmt.Fprintf(&b, "{\"text\": \"the %s %s was %s\", \"target\": \"%s %sé était %sé\"}\n", one, noun, other, told[noun], one, other)
	}
	path := filepath.Join(t.TempDir(), "translated.jsonl")
	Write(t, path, b.String())
	return path
}

package tokenizer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkEncode measures English and other languages with a warm cache
// ("cached") and the models alone ("model").
func BenchmarkEncode(b *testing.B) {
	texts := readJSON[map[string][]string](b, filepath.Join(shared, "texts.json"))
	for _, c := range published {
		tok, err := Open(os.DirFS(filepath.Join(shared, c.name)))
		if err != nil {
			b.Fatal(err)
		}
		for _, part := range []string{"en", "multi"} {
			size := len(strings.Join(texts[part], ""))
			b.Run(c.name+"/"+part+"/cached", func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					for _, t := range texts[part] {
						tok.Encode(t)
					}
				}
			})
			b.Run(c.name+"/"+part+"/model", func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				m := tok.(*coder).model
				var dst []piece
				for b.Loop() {
					for _, t := range texts[part] {
						dst = encodeUncached(dst, m, t)
					}
				}
			})
		}
	}
}

// encodeUncached appends the pieces of all chunks of text.
func encodeUncached(dst []piece, m model, text string) []piece {
	for at := 0; at < len(text); {
		start, end := m.next(text, at)
		if start == len(text) {
			break
		}
		dst = m.pieces(dst[:0], text[start:end])
		at = end
	}
	return dst
}

// BenchmarkOpen measures how long a published tokenizer takes to be ready.
func BenchmarkOpen(b *testing.B) {
	for _, c := range published {
		dir := filepath.Join(shared, c.name)
		if _, err := os.Stat(dir); err != nil {
			b.Skipf("%s is not here", dir)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(os.DirFS(dir)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

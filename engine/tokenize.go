package engine

import (
	"fmt"
	"os"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/tokenizer"
)

// OpenTokenizer opens the tokenizer of an embedded or pulled backbone, of a folder (weights need
// not be there), of word vectors in the catalogue, or of one vocabulary file.
func OpenTokenizer(nameOrPath string) (tokenizer.Tokenizer, error) {
	if _, embedded := backbone.Embedded(nameOrPath); !embedded {
		if info, err := os.Stat(nameOrPath); err == nil && !info.IsDir() {
			return openTokenizerFile(nameOrPath)
		}
	}
	at, err := locate(nameOrPath)
	if err != nil {
		return nil, err
	}
	if at.vectors != nil {
		return wordsOf(nameOrPath, *at.vectors)
	}
	tok, err := tokenizer.Open(at.folder)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", nameOrPath, err)
	}
	return tok, nil
}

// openTokenizerFile opens a vocabulary, or word vectors. Both are called .txt: vectors have numbers
// behind their words.
func openTokenizerFile(path string) (tokenizer.Tokenizer, error) {
	at, err := placeOf(path, false)
	if err != nil {
		return tokenizer.OpenFile(path)
	}
	tok, err := wordsOf(path, *at.vectors)
	if err != nil && filepath.Ext(path) == ".txt" {
		return tokenizer.OpenFile(path)
	}
	return tok, err
}

// wordsOf is the tokenizer of a file of vectors.
func wordsOf(name string, f vectorFile) (tokenizer.Tokenizer, error) {
	m, err := listVectors(name, f)
	if err != nil {
		return nil, err
	}
	return m.tok, nil
}

// A Cut is a text as a backbone reads it.
type Cut struct {
	IDs     []int32  `json:"ids"`
	Offsets [][2]int `json:"offsets"` // characters of the token's own text; [0, 0] where special
}

// CutText cuts a text, or two when pair is not nil; special adds the tokens the backbone expects
// around them.
func CutText(tok tokenizer.Tokenizer, text string, pair *string, special bool) Cut {
	first := characters(text, tok.Encode(text))
	var second *tokenizer.Encoding
	if pair != nil {
		e := characters(*pair, tok.Encode(*pair))
		second = &e
	}
	if special {
		return cutOf(tok.Wrap(first, second, 0))
	}
	if second != nil {
		first.IDs = append(first.IDs, second.IDs...)
		first.Spans = append(first.Spans, second.Spans...)
	}
	return cutOf(first)
}

// characters counts the spans of e in characters, as the Rust library does, where it had bytes.
func characters(text string, e tokenizer.Encoding) tokenizer.Encoding {
	e.Spans = tokenizer.Runes(text, e.Spans)
	return e
}

func cutOf(e tokenizer.Encoding) Cut {
	c := Cut{IDs: append([]int32{}, e.IDs...), Offsets: make([][2]int, len(e.Spans))}
	for i, s := range e.Spans {
		c.Offsets[i] = [2]int{s.Start, s.End}
	}
	return c
}

package tokenizer

import (
	"encoding/base64"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A tracked is a text being normalised: character i came from the bytes
// from[i] up to to[i] of the text as it was given.
type tracked struct {
	runes    []rune
	from, to []int32
}

func (t *tracked) put(r rune, from, to int32) {
	t.runes = append(t.runes, r)
	t.from = append(t.from, from)
	t.to = append(t.to, to)
}

// newTracked returns an empty text with room for n characters.
func newTracked(n int) *tracked {
	return &tracked{make([]rune, 0, n), make([]int32, 0, n), make([]int32, 0, n)}
}

// track begins with text as it is.
func track(text string) *tracked {
	t := newTracked(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		t.put(r, int32(i), int32(i+size))
		i += size
	}
	return t
}

// A step is one normalizer of a sequence.
type step interface {
	// apply returns the text after the step; in may be reused.
	apply(in *tracked) *tracked
	// plain reports whether the step leaves text alone that is printable
	// ASCII without the byte pairs "  ", "``" and "''".
	plain() bool
}

// readSteps reads the normalizer of a Unigram document.
func readSteps(s *stage) ([]step, error) {
	stages, err := flatten(s, "normalizers")
	if err != nil {
		return nil, fmt.Errorf("normalizer: %w", err)
	}
	var steps []step
	for _, s := range stages {
		one, err := readStep(s)
		if err != nil {
			return nil, fmt.Errorf("normalizer: %w", err)
		}
		steps = append(steps, one)
	}
	return steps, nil
}

func readStep(s *stage) (step, error) {
	switch s.Type {
	case "NFD":
		return decomposition(norm.NFD), nil
	case "NFKD":
		return decomposition(norm.NFKD), nil
	case "StripAccents":
		return stripAccents{}, nil
	case "Lowercase":
		return lowercase{}, nil
	case "Replace":
		return readReplace(s)
	case "Precompiled":
		var f struct {
			Map string `json:"precompiled_charsmap"`
		}
		if err := s.read(&f); err != nil {
			return nil, err
		}
		b, err := base64.StdEncoding.DecodeString(f.Map)
		if err != nil {
			return nil, fmt.Errorf("precompiled_charsmap: %w", err)
		}
		return newCharsmap(b)
	}
	return nil, fmt.Errorf("type %q is not known, expected Sequence, Replace, NFD, NFKD, StripAccents, Lowercase or Precompiled", s.Type)
}

// A decomposition is NFD or NFKD.
type decomposition norm.Form

func (d decomposition) plain() bool { return true }

func (d decomposition) apply(in *tracked) *tracked {
	if !slices.ContainsFunc(in.runes, func(r rune) bool { return r >= 0xA0 }) {
		return in
	}
	out := newTracked(len(in.runes))
	var parts [18]rune // the longest compatibility decomposition
	for i, r := range in.runes {
		for _, c := range decompose(parts[:0], r, norm.Form(d)) {
			out.put(c, in.from[i], in.to[i])
		}
	}
	out.order()
	return out
}

// order puts marks that follow each other into canonical order (UAX #15).
func (t *tracked) order() {
	for i := 1; i < len(t.runes); i++ {
		c := combiningClass(t.runes[i])
		for k := i; c > 0 && k > 0 && combiningClass(t.runes[k-1]) > c; k-- {
			t.runes[k], t.runes[k-1] = t.runes[k-1], t.runes[k]
			t.from[k], t.from[k-1] = t.from[k-1], t.from[k]
			t.to[k], t.to[k-1] = t.to[k-1], t.to[k]
		}
	}
}

func combiningClass(r rune) uint8 {
	if r < 0x300 {
		return 0
	}
	return norm.NFD.PropertiesString(string(r)).CCC()
}

// stripAccents drops all marks.
type stripAccents struct{}

func (stripAccents) plain() bool { return true }

func (stripAccents) apply(in *tracked) *tracked {
	n := 0
	for i, r := range in.runes {
		if r < 0x300 || !unicode.Is(unicode.M, r) {
			in.runes[n], in.from[n], in.to[n] = r, in.from[i], in.to[i]
			n++
		}
	}
	return &tracked{in.runes[:n], in.from[:n], in.to[:n]}
}

// lowercase lower-cases every character by itself.
type lowercase struct{}

func (lowercase) plain() bool { return false }

func (lowercase) apply(in *tracked) *tracked {
	out := newTracked(len(in.runes))
	for i, r := range in.runes {
		if r == 'İ' { // the only character whose lower case is two
			out.put('i', in.from[i], in.to[i])
			r = '\u0307'
		}
		out.put(unicode.ToLower(r), in.from[i], in.to[i])
	}
	return out
}

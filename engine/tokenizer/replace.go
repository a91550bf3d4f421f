package tokenizer

import (
	"fmt"
	"slices"
)

// A replace puts content where pattern stands; content counts as the last
// character it replaces. With repeated, pattern is followed by as many more
// of its last character as there are.
type replace struct {
	pattern, content []rune
	repeated         bool
}

// readReplace reads {"pattern": {"String": "“"}, "content": "\""}. The only
// regular expression in use is / {2,}/.
func readReplace(s *stage) (step, error) {
	var f struct {
		Pattern struct{ String, Regex *string }
		Content string
	}
	if err := s.read(&f); err != nil {
		return nil, err
	}
	r := replace{content: []rune(f.Content)}
	switch p := f.Pattern; {
	case p.String != nil && *p.String != "":
		r.pattern = []rune(*p.String)
	case orEmpty(p.Regex) == " {2,}":
		r.pattern, r.repeated = []rune("  "), true
	default:
		return nil, fmt.Errorf("replace has pattern %q and regular expression %q, expected a pattern or \" {2,}\"", orEmpty(p.String), orEmpty(p.Regex))
	}
	return r, nil
}

func (r replace) plain() bool {
	p := string(r.pattern)
	return p == "  " || p == "``" || p == "''"
}

func (r replace) apply(in *tracked) *tracked {
	found := false
	for i := range in.runes {
		found = found || r.stands(in.runes[i:])
	}
	if !found {
		return in
	}
	out := newTracked(len(in.runes))
	for i := 0; i < len(in.runes); {
		if !r.stands(in.runes[i:]) {
			out.put(in.runes[i], in.from[i], in.to[i])
			i++
			continue
		}
		end := i + len(r.pattern)
		for r.repeated && end < len(in.runes) && in.runes[end] == in.runes[end-1] {
			end++
		}
		for _, c := range r.content {
			out.put(c, in.from[end-1], in.to[end-1])
		}
		i = end
	}
	return out
}

// stands reports whether s begins with the pattern.
func (r replace) stands(s []rune) bool {
	return len(s) >= len(r.pattern) && slices.Equal(s[:len(r.pattern)], r.pattern)
}

package tokenizer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A scanner reads valid JSON value by value. Vocabularies are read with it
// because encoding/json takes several times as long, which shows when a
// program starts.
type scanner struct {
	b []byte // what is left
}

// peek returns the next byte that is not a blank, 0 at the end.
func (s *scanner) peek() byte {
	for len(s.b) > 0 {
		switch s.b[0] {
		case ' ', '\t', '\n', '\r':
			s.b = s.b[1:]
		default:
			return s.b[0]
		}
	}
	return 0
}

// take skips c if it comes next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.b = s.b[1:]
	return true
}

// more reports whether another element comes before the closing bracket,
// skipping the comma before it or the bracket.
func (s *scanner) more(closing byte) bool {
	if s.peek() == 0 || s.take(closing) {
		return false
	}
	s.take(',')
	return true
}

// value returns the bytes of the next value.
func (s *scanner) value() []byte {
	c := s.peek()
	n := 0
	switch c {
	case '"':
		n = stringEnd(s.b)
	case '{', '[':
		n = nestedEnd(s.b)
	default:
		n = bytes.IndexAny(s.b, ",]} \t\r\n")
		if n < 0 {
			n = len(s.b)
		}
	}
	v := s.b[:n]
	s.b = s.b[n:]
	return v
}

// stringEnd returns the length of the string that b begins with.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// nestedEnd returns the length of the object or array that b begins with.
func nestedEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += stringEnd(b[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// text reads a string.
func (s *scanner) text() (string, error) {
	v := s.value()
	if len(v) < 2 || v[0] != '"' {
		return "", fmt.Errorf("found %.40s, expected a string", v)
	}
	if inner := v[1 : len(v)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var text string
	err := json.Unmarshal(v, &text)
	return text, err
}

// number reads a number.
func (s *scanner) number() (float64, error) {
	v := s.value()
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil {
		return 0, fmt.Errorf("found %.40s, expected a number", v)
	}
	return f, nil
}

// eachMember calls f at the value of every member of an object; f must read
// the value.
func (s *scanner) eachMember(f func(name string) error) error {
	if !s.take('{') {
		return fmt.Errorf("found %.40s, expected an object", s.value())
	}
	for s.more('}') {
		name, err := s.text()
		if err != nil {
			return err
		}
		s.take(':')
		if err := f(name); err != nil {
			return err
		}
	}
	return nil
}

// eachElement calls f at every element of an array; f must read it.
func (s *scanner) eachElement(f func(i int) error) error {
	if !s.take('[') {
		return fmt.Errorf("found %.40s, expected an array", s.value())
	}
	for i := 0; s.more(']'); i++ {
		if err := f(i); err != nil {
			return err
		}
	}
	return nil
}

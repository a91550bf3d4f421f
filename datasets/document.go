package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"
)

// A place is where a value stands in a file: its line and the byte of the line
// it begins at, both from 1; char 0 means the whole line.
type place struct{ line, char int }

// past is the place n bytes into text, which begins at p.
func (p place) past(text []byte, n int) place {
	text = text[:max(0, min(n, len(text)))]
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return place{p.line + bytes.Count(text, []byte{'\n'}), len(text) - i}
	}
	return place{p.line, p.char + len(text)}
}

// A document reads one JSON document value by value and knows where each stands.
type document struct {
	src   *source
	d     *json.Decoder
	tail  []byte // what was read and not passed
	start int64  // offset of tail
	at    place  // of tail
}

func newDocument(src *source) *document {
	s := &document{src: src, at: place{1, 1}}
	s.d = json.NewDecoder(s)
	return s
}

// Read is for the decoder.
func (s *document) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	s.tail = append(s.tail, p[:n]...)
	return n, err
}

// pass forgets what stands before offset.
func (s *document) pass(offset int64) {
	n := int(offset - s.start)
	s.at, s.start = s.at.past(s.tail, n), offset
	s.tail = s.tail[n:]
}

// value reads the next value whole; s.at is then where it begins.
func (s *document) value() (json.RawMessage, error) {
	s.pass(s.d.InputOffset())
	var raw json.RawMessage
	if err := s.d.Decode(&raw); err != nil {
		return nil, s.broken(err)
	}
	s.pass(s.d.InputOffset() - int64(len(raw)))
	return raw, nil
}

// token reads the next token; s.at is then its last byte.
func (s *document) token() (json.Token, error) {
	s.pass(s.d.InputOffset())
	t, err := s.d.Token()
	if err != nil {
		return nil, s.broken(err)
	}
	s.pass(s.d.InputOffset() - 1)
	return t, nil
}

// broken is the error for JSON that cannot be read on. The decoder does not
// tell how far into the document it came, so the value is read once more.
func (s *document) broken(err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return s.src.failed(err, s.at.line)
	}
	from := len(s.tail) - len(bytes.TrimLeft(s.tail, " \t\r\n,:"))
	var v any
	again := json.Unmarshal(s.tail[from:], &v)
	offset := len(bytes.TrimRight(s.tail, " \t\r\n")) // cut off
	if describe(err) != cutOff && errors.As(again, &syntax) {
		offset = from + int(syntax.Offset) - 1
	}
	at := s.at.past(s.tail, offset)
	return &Problem{File: s.src.name, Line: at.line, Char: at.char, Found: describe(err), Expected: "JSON"}
}

// into decodes raw, which stands at s.at.
func (s *document) into(raw []byte, v any) *Problem {
	return decodeAt(s.src.name, s.at, raw, v)
}

// object calls fn with every key of the next value; fn reads the key's value.
func (s *document) object(key string, fn func(key string) error) error {
	if err := s.open(key, '{', "an object"); err != nil {
		return err
	}
	for s.d.More() {
		t, err := s.token()
		if err != nil {
			return err
		}
		if err := fn(t.(string)); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

// array calls fn at every element of the next value; fn reads the element.
func (s *document) array(key string, fn func() error) error {
	if err := s.open(key, '[', "a list"); err != nil {
		return err
	}
	for s.d.More() {
		if err := fn(); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

// open reads the bracket that begins the value of key.
func (s *document) open(key string, bracket json.Delim, expected string) error {
	t, err := s.token()
	if err == nil && t != bracket {
		err = &Problem{File: s.src.name, Line: s.at.line, Char: s.at.char, Column: key, Found: tokenKind(t), Expected: expected}
	}
	return err
}

// tokenKind says what kind of value begins with a token.
func tokenKind(t json.Token) string {
	switch t := t.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a bool"
	case json.Delim:
		if t == '[' {
			return "a list"
		}
		return "an object"
	}
	return "a number"
}

// decodeAt decodes raw, which stands at a place, and says what is wrong with it.
func decodeAt(file string, at place, raw []byte, v any) *Problem {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err := d.Decode(v)
	if err == nil {
		end := at.past(raw, int(d.InputOffset()))
		if _, more := d.Token(); more != io.EOF {
			return &Problem{File: file, Line: end.line, Char: end.char, Found: "more text after the object", Expected: "one JSON object"}
		}
		return nil
	}
	p := &Problem{File: file, Found: describe(err), Expected: "a JSON object"}
	offset := len(raw)
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = int(syntax.Offset) - 1
	case errors.As(err, &wrong):
		if offset = int(wrong.Offset) - 1; wrong.Field != "" {
			p.Column, p.Expected = wrong.Field, jsonKind(wrong.Type)
		} else {
			offset = 0
		}
	}
	end := at.past(raw, offset)
	p.Line, p.Char = end.line, end.char
	return p
}

// jsonKind says which JSON value a Go type is read from.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Int:
		return "a whole number"
	}
	return "an object"
}

const cutOff = "JSON that is cut off"

// describe says in plain words what a JSON error found.
func describe(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return "a JSON " + wrong.Value
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || strings.Contains(err.Error(), "unexpected end of JSON") {
		return cutOff
	}
	return "broken JSON (" + err.Error() + ")"
}

// noteEncoding notes the first byte of raw, which stands at a place, that is
// not UTF-8: the decoder puts U+FFFD in its place.
func (h *harvest) noteEncoding(at place, raw []byte) {
	if utf8.Valid(raw) {
		return
	}
	i := 0
	for r, size := rune(0), 0; ; i += size {
		if r, size = utf8.DecodeRune(raw[i:]); r == utf8.RuneError && size == 1 {
			break
		}
	}
	bad := at.past(raw, i)
	h.noteAt(Problem{File: h.file, Line: bad.line, Char: bad.char, Found: fmt.Sprintf("the byte %#x, which is not UTF-8 (shown as \uFFFD)", raw[i]), Expected: "UTF-8 text"})
}

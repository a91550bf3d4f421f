package tokenizer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
)

// maxHoles is how many unused ids a vocabulary may have beyond one per token:
// a damaged id must not make us allocate gigabytes.
const maxHoles = 4096

// A vocabulary gives tokens their ids: tokens[id] is the token, "" where an id
// is not in use. As JSON it is the object {"token": id, ...}.
type vocabulary struct {
	tokens []string
	ids    map[string]int32
}

// newVocabulary numbers tokens in the order given. Of equal tokens the last
// one keeps the name, as in the Python readers of vocab.txt.
func newVocabulary(tokens []string) *vocabulary {
	v := &vocabulary{tokens: tokens, ids: make(map[string]int32, len(tokens))}
	for i, t := range tokens {
		if t != "" {
			v.ids[t] = int32(i)
		}
	}
	return v
}

// UnmarshalJSON reads {"token": id, ...}; of equal tokens the last counts.
func (v *vocabulary) UnmarshalJSON(b []byte) error {
	v.ids = make(map[string]int32, len(b)/20)
	s := scanner{b}
	err := s.eachMember(func(token string) error {
		id, err := s.number()
		if err == nil && (id != math.Trunc(id) || math.Abs(id) > math.MaxInt32) {
			err = fmt.Errorf("id %v is not a whole number of 32 bits", id)
		}
		v.ids[token] = int32(id)
		return err
	})
	if err != nil {
		return err
	}
	return v.order()
}

// order fills tokens from ids.
func (v *vocabulary) order() error {
	top := int32(-1)
	for t, id := range v.ids {
		if id < 0 || int(id) >= 2*len(v.ids)+maxHoles {
			return fmt.Errorf("id %d of token %q does not fit a vocabulary of %d tokens", id, t, len(v.ids))
		}
		top = max(top, id)
	}
	v.tokens = make([]string, top+1)
	for t, id := range v.ids {
		if was := v.tokens[id]; was != "" {
			return fmt.Errorf("tokens %q and %q have the same id %d", min(was, t), max(was, t), id)
		}
		v.tokens[id] = t
	}
	return nil
}

// MarshalJSON writes {"token": id, ...} in the order of the ids.
func (v *vocabulary) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	sep := byte('{')
	for i, t := range v.tokens {
		if id, ok := v.ids[t]; !ok || int(id) != i {
			continue
		}
		b.WriteByte(sep)
		b.Write(quote(t))
		fmt.Fprintf(&b, ":%d", i)
		sep = ','
	}
	if sep == '{' {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// quote writes s as a JSON string without escaping < > and &.
func quote(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// put gives token the id, making room for it when it lies just behind the end.
func (v *vocabulary) put(token string, id int32) error {
	if id < 0 || int(id) >= len(v.tokens)+maxHoles {
		return fmt.Errorf("id %d of added token %q does not fit a vocabulary of %d tokens", id, token, len(v.tokens))
	}
	for int(id) >= len(v.tokens) {
		v.tokens = append(v.tokens, "")
	}
	v.tokens[id] = token
	v.ids[token] = id
	return nil
}

// id returns the id of token, -1 when it is not in the vocabulary.
func (v *vocabulary) id(token string) int32 {
	if id, ok := v.ids[token]; ok {
		return id
	}
	return -1
}

// Token returns the token with this id, "" when there is none.
func (v *vocabulary) Token(id int32) string {
	if id < 0 || int(id) >= len(v.tokens) {
		return ""
	}
	return v.tokens[id]
}

// ID returns the id of token.
func (v *vocabulary) ID(token string) (int32, bool) {
	id, ok := v.ids[token]
	return id, ok
}

// Size is the number of ids.
func (v *vocabulary) Size() int { return len(v.tokens) }

// readVocabText reads vocab.txt: one token a line, the line number is the id.
func readVocabText(b []byte) (*vocabulary, error) {
	text := strings.TrimSuffix(string(b), "\n")
	if text == "" {
		return nil, fmt.Errorf("the file is empty, expected one token a line")
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return newVocabulary(lines), nil
}

// writeVocabText writes vocab.txt.
func (v *vocabulary) writeVocabText(w io.Writer) error {
	_, err := io.WriteString(w, strings.Join(v.tokens, "\n")+"\n")
	return err
}

// writeJSON writes vocab.json.
func (v *vocabulary) writeJSON(w io.Writer) error {
	b, err := v.MarshalJSON()
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

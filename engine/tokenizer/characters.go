package tokenizer

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
)

// The characters of ELMo (ELMoCharacterMapper of AllenNLP): bytes 0 to 255,
// then these; in a word all are one higher, and 0 is padding.
const (
	sentenceBegins = 256
	sentenceEnds   = 257
	wordBegins     = 258
	wordEnds       = 259
	wordPads       = 260
)

// WordLength is the number of characters of a word for ELMo.
const WordLength = 50

// charactersFile is where Characters are saved.
const charactersFile = "characters.json"

// The words that stand at the ends of a sentence.
const (
	beginWord = "<S>"
	endWord   = "</S>"
)

// Characters is the Tokenizer of ELMo: a token is a whole word, which the
// model reads by its characters. There is no vocabulary; a word gets the next
// free id when it is first seen, and Token gives the word back, so ids mean
// something only together with the Characters they come from. Text is cut as
// the Penn Treebank is.
type Characters struct {
	mu    sync.RWMutex
	words []string
	ids   map[string]int32
}

// The ids that every Characters has.
const (
	charactersPad = iota
	charactersBegin
	charactersEnd
)

// NewCharacters returns a tokenizer that has seen no words.
func NewCharacters() *Characters {
	c := &Characters{ids: make(map[string]int32)}
	for _, w := range []string{"<pad>", beginWord, endWord} {
		c.ids[w] = int32(len(c.words))
		c.words = append(c.words, w)
	}
	return c
}

// Chars returns the character ids of a word as ELMo reads it: its first 48
// bytes of UTF-8 between marks for begin and end. "<S>" and "</S>" are the
// ends of a sentence.
func (c *Characters) Chars(word string) [WordLength]int32 {
	switch word {
	case beginWord:
		return chars(sentenceBegins)
	case endWord:
		return chars(sentenceEnds)
	}
	var room [WordLength - 2]int32
	n := min(len(word), len(room))
	for i := range n {
		room[i] = int32(word[i])
	}
	return chars(room[:n]...)
}

func chars(of ...int32) (out [WordLength]int32) {
	for i := range out {
		out[i] = wordPads + 1
	}
	out[0] = wordBegins + 1
	for i, c := range of {
		out[i+1] = c + 1
	}
	out[len(of)+1] = wordEnds + 1
	return out
}

// id returns the id of a word, a new one if need be.
func (c *Characters) id(word string) int32 {
	if id, ok := c.ID(word); ok {
		return id
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.ids[word]; ok {
		return id
	}
	id, word := int32(len(c.words)), strings.Clone(word)
	c.words = append(c.words, word)
	c.ids[word] = id
	return id
}

// Encode cuts text into words.
func (c *Characters) Encode(text string) Encoding { return encodeWhole(text, c.id) }

// EncodeWords takes every word as a token.
func (c *Characters) EncodeWords(words []string) Encoding { return encodeGiven(words, c.id) }

// Wrap puts <S> and </S> around each text.
func (c *Characters) Wrap(a Encoding, pair *Encoding, max int) Encoding {
	return template{
		single: []slot{{id: charactersBegin}, {text: 1}, {id: charactersEnd}},
		pair: []slot{{id: charactersBegin}, {text: 1}, {id: charactersEnd},
			{id: charactersBegin, kind: 1}, {text: 2, kind: 1}, {id: charactersEnd, kind: 1}},
	}.wrap(a, pair, max)
}

// Decode returns the words with blanks where people put them.
func (c *Characters) Decode(ids []int32) string {
	return decodeWhole(ids, c.Token, charactersPad, charactersBegin, charactersEnd)
}

// Token returns the word with this id.
func (c *Characters) Token(id int32) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if id < 0 || int(id) >= len(c.words) {
		return ""
	}
	return c.words[id]
}

// ID returns the id of a word that was seen.
func (c *Characters) ID(word string) (int32, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, ok := c.ids[word]
	return id, ok
}

// Size is the number of words seen, and 3.
func (c *Characters) Size() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.words)
}

// Specials has PAD, BOS and EOS.
func (c *Characters) Specials() Specials {
	return Specials{CLS: -1, SEP: -1, PAD: charactersPad, MASK: -1, UNK: -1, BOS: charactersBegin, EOS: charactersEnd}
}

// Save writes characters.json, which only says what kind of tokenizer it is.
func (c *Characters) Save(dir string) error {
	return saveFile(dir, charactersFile, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "{\"type\": \"ELMo characters\", \"word_length\": %d}\n", WordLength)
		return err
	})
}

// openCharacters reads characters.json.
func openCharacters(f folder) (Tokenizer, error) {
	var file struct {
		WordLength int `json:"word_length"`
	}
	return charactersOf(f, charactersFile, &file, func() int { return file.WordLength })
}

// openElmo reads the options.json that ELMo is published with.
func openElmo(f folder) (Tokenizer, error) {
	var file struct {
		CNN struct {
			Max int `json:"max_characters_per_token"`
		} `json:"char_cnn"`
	}
	return charactersOf(f, "options.json", &file, func() int { return file.CNN.Max })
}

// charactersOf reads a file that says how long words are.
func charactersOf(f folder, name string, into any, length func() int) (Tokenizer, error) {
	b, err := f.read(name)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err == nil && length() != WordLength {
		err = fmt.Errorf("words have %d characters, expected %d", length(), WordLength)
	}
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	return NewCharacters(), nil
}

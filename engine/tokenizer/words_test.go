package tokenizer

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

var (
	_ Tokenizer = (*Words)(nil)
	_ Tokenizer = (*Characters)(nil)
	_ Tokenizer = (*coder)(nil)
)

func TestTextIsCutAsTheTreebankIs(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"The well-known Smith's film, isn't it?", "The|well-known|Smith|'s|film|,|is|n't|it|?"},
		{"  He paid $3.50 -- \u201ctoo much\u201d (really)...  ", "He|paid|$|3.50|--|\u201c|too|much|\u201d|(|really|)|..."},
		{"U.S. and/or Mr. O'Neil.", "U.S.|and/or|Mr.|O'Neil|."},
		{"\xff\xfe", "\xff|\xfe"},
	} {
		var got []string
		for _, s := range NewCharacters().Encode(c.text).Spans {
			got = append(got, c.text[s.Start:s.End])
		}
		if got := strings.Join(got, "|"); got != c.want {
			t.Errorf("%q is cut %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWordsAreLookedUpAsTheyStandThenInLowerCase(t *testing.T) {
	w := NewWords([]string{"the", "apple", "Apple", "."})
	e := w.Encode("The Apple APPLE pear.")
	if want := []int32{0, 2, 1, 4, 3}; !slices.Equal(e.IDs, want) {
		t.Errorf("ids %v, want %v", e.IDs, want)
	}
	if s := w.Specials(); s.UNK != 4 || s.PAD != 5 || w.Size() != 6 {
		t.Errorf("unk %d, pad %d of %d, want 4, 5 of 6", s.UNK, s.PAD, w.Size())
	}
	if got, want := w.Decode(e.IDs), "the Apple apple <unk>."; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
}

func TestWordsAndCharactersOpenAfterSaving(t *testing.T) {
	for _, first := range []Tokenizer{NewWords([]string{"a", "b c", "<pad>"}), NewCharacters()} {
		dir := t.TempDir()
		if err := first.Save(dir); err != nil {
			t.Fatal(err)
		}
		second, err := Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		a, b := first.EncodeWords([]string{"b c", "z"}), second.EncodeWords([]string{"b c", "z"})
		if fmt.Sprint(a) != fmt.Sprint(b) || first.Specials() != second.Specials() {
			t.Errorf("%T: after saving %v, want %v", first, b, a)
		}
	}
}

func TestElmoReadsTheBytesOfAWord(t *testing.T) {
	pads := func(n int) []int32 { return slices.Repeat([]int32{261}, n) }
	long := make([]int32, 48)
	for i := range long {
		long[i] = 'a' + 1
	}
	for _, c := range []struct {
		word string
		want []int32
	}{
		{"cat", append([]int32{259, 100, 98, 117, 260}, pads(45)...)},
		{"\u00e9", append([]int32{259, 0xC4, 0xAA, 260}, pads(46)...)},
		{"", append([]int32{259, 260}, pads(48)...)},
		{"<S>", append([]int32{259, 257, 260}, pads(47)...)},
		{"</S>", append([]int32{259, 258, 260}, pads(47)...)},
		{strings.Repeat("a", 60), slices.Concat([]int32{259}, long, []int32{260})},
	} {
		if got := NewCharacters().Chars(c.word); !slices.Equal(got[:], c.want) {
			t.Errorf("%q has characters %v, want %v", c.word, got, c.want)
		}
	}
}

func TestCharactersAgreeWithAllenNLP(t *testing.T) {
	dir := filepath.Join(shared, "..", "golden", "elmo")
	sentences := readJSON[[][]string](t, filepath.Join(dir, "sentences.json"))
	want := goldenChars(t, filepath.Join(dir, "golden.safetensors"))
	tok, err := Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	c := tok.(*Characters)
	const words = 7 // of the longest sentence
	for i, s := range sentences {
		for k, id := range c.EncodeWords(s).IDs {
			got := c.Chars(c.Token(id))
			for j, g := range got {
				if w := want[(i*words+k)*WordLength+j]; int64(g) != w {
					t.Fatalf("character %d of %q is %d, want %d", j, s[k], g, w)
				}
			}
		}
	}
}

// goldenChars reads the tensor char_ids, int64, of a safetensors file.
func goldenChars(t *testing.T, path string) []int64 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.Uint64(b)
	var header map[string]struct {
		Offsets [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(b[8:8+size], &header); err != nil {
		t.Fatal(err)
	}
	data := b[8+size:]
	var out []int64
	for at := header["char_ids"].Offsets[0]; at < header["char_ids"].Offsets[1]; at += 8 {
		out = append(out, int64(binary.LittleEndian.Uint64(data[at:])))
	}
	return out
}

func TestSentencesForElmoHaveWordsAtTheirEnds(t *testing.T) {
	c := NewCharacters()
	e := c.Wrap(c.Encode("A film."), nil, 0)
	if got, want := strings.Join(tokens(c, e.IDs), "|"), "<S>|A|film|.|</S>"; got != want {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if got, want := c.Decode(e.IDs), "A film."; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
}

func TestManyGoroutinesAgreeOnTheWordsOfCharacters(t *testing.T) {
	c := NewCharacters()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range 500 {
				w := fmt.Sprint("w", i%100)
				if got := c.Token(c.EncodeWords([]string{w}).IDs[0]); got != w {
					t.Errorf("the id of %q gives %q", w, got)
				}
			}
		})
	}
	wait.Wait()
	if c.Size() != 103 {
		t.Errorf("%d words, want 103", c.Size())
	}
}

func TestWordsOfAnotherLengthAreRefused(t *testing.T) {
	_, err := Open(fstest.MapFS{"options.json": {Data: []byte(`{"char_cnn": {"max_characters_per_token": 30}}`)}})
	if err == nil || !strings.Contains(err.Error(), "options.json: words have 30 characters, expected 50") {
		t.Errorf("error %v, want one that names options.json and both lengths", err)
	}
}

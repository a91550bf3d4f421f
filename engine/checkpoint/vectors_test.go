package checkpoint

import (
	"archive/zip"
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWordVectorsRead(t *testing.T) {
	tests := []struct {
		what, text string
		dim        int
		words      []string
		want       []float32
	}{
		{"GloVe", "the 0.1 -2\n, 3 4.5\n", 0, []string{"the", ","}, []float32{0.1, -2, 3, 4.5}},
		{"no last line end", "a 1\nb 2", 1, []string{"a", "b"}, []float32{1, 2}},
		{"words with blanks", "a 1 2\n. . . 3 4\nat name@domain.com 5 6\n", 2, []string{"a", ". . .", "at name@domain.com"}, []float32{1, 2, 3, 4, 5, 6}},
		{"other blanks in words", "a\u00a0b 1 2\nc\u2028 3 4\n", 2, []string{"a\u00a0b", "c\u2028"}, []float32{1, 2, 3, 4}},
		{"header", "2 3\na 1 2 3\nb 4 5 6\n", 0, []string{"a", "b"}, []float32{1, 2, 3, 4, 5, 6}},
		{"fastText ends lines with a blank", "1 2\na 1 2 \n", 2, []string{"a"}, []float32{1, 2}},
		{"carriage returns", "a 1 2\r\nb 3 4\r\n", 0, []string{"a", "b"}, []float32{1, 2, 3, 4}},
		{"a number as word", "7 1\n8 2\n", 1, []string{"7", "8"}, []float32{1, 2}},
		{"the first of two counts", "a 1\na 2\n", 1, []string{"a"}, []float32{1}},
		{"exponents", "a 1e-3 2E2\n", 0, []string{"a"}, []float32{1e-3, 200}},
	}
	for _, tt := range tests {
		v, err := ReadVectors(strings.NewReader(tt.text), tt.dim, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
			continue
		}
		if !slices.Equal(v.Words, tt.words) || !slices.Equal(v.Data, tt.want) {
			t.Errorf("%s: read %q %v, want %q %v", tt.what, v.Words, v.Data, tt.words, tt.want)
		}
	}
}

func TestBrokenWordVectorsAreRefused(t *testing.T) {
	tests := []struct {
		text string
		dim  int
		want string
	}{
		{"", 0, "line 1: found no words"},
		{"a 1 2\nb 3\n", 2, "line 2: found 1 numbers, expected 2"},
		{"a 1 2\n\nb 3 x\n", 2, `line 3: found "x", expected a number`},
		{"a 1 nan\n", 2, `found "nan", expected a number`},
		{"a 1 1e99\n", 2, `found "1e99", expected a number`},
		{"a 1  2\n", 2, `found "", expected a number`},
		{"2 3\na 1 2 3\n", 0, "found 1 words, expected the 2 of the header"},
		{"2 3\na 1 2 3\n", 4, "line 1: found 3 numbers per word, expected 4"},
		{"2 99999999\na 1\n", 0, "found 99999999 numbers per word, expected 1 to 65536"},
		{"word\n", 0, "found 0 numbers per word"},
		{strings.Repeat("x", maxLine+1), 3, "found no end of line"},
	}
	for _, tt := range tests {
		_, err := ReadVectors(strings.NewReader(tt.text), tt.dim, nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "checkpoint: word vectors: ") {
			t.Errorf("%.20q: got %v, want an error with %q", tt.text, err, tt.want)
		}
	}
}

func TestOnlyTheVocabularyIsKept(t *testing.T) {
	keep := func(w string) bool { return w == "b" || w == "d" }
	text := "a 1 bad\nb 2 3\nc bad 4\nd 5 6\n" // what is not kept is not parsed
	v, err := ReadVectors(strings.NewReader(text), 2, keep)
	if err != nil || !slices.Equal(v.Words, []string{"b", "d"}) || !slices.Equal(v.Data, []float32{2, 3, 5, 6}) {
		t.Fatalf("read %+v, %v, want b and d", v, err)
	}
	if row, ok := v.Find("d"); !ok || !slices.Equal(v.Row(row), []float32{5, 6}) {
		t.Errorf("d is row %d, %v, want [5 6]", row, ok)
	}
	if _, ok := v.Find("a"); ok {
		t.Error("found a word that was not kept")
	}
}

func TestWord2VecBinaryReads(t *testing.T) {
	for _, end := range []string{"", "\n"} {
		file := "2 2\nin " + string(floatBytes(1, 2)) + end + "the " + string(floatBytes(3, -4)) + end
		v, err := ReadWord2Vec(strings.NewReader(file), 0, nil)
		if err != nil || !slices.Equal(v.Words, []string{"in", "the"}) || !slices.Equal(v.Data, []float32{1, 2, 3, -4}) {
			t.Errorf("line end %q: read %+v, %v", end, v, err)
		}
		if _, err := ReadWord2Vec(strings.NewReader(file[:len(file)-2]), 0, nil); err == nil || !strings.Contains(err.Error(), `word 2 of 2: "the": found `) {
			t.Errorf("truncated: got %v", err)
		}
	}
}

func TestArchivesOpenByDimension(t *testing.T) {
	two := zipFile(t, zip.Deflate, "glove.6B.50d.txt", "a 1\n", "glove.6B.100d.txt", "b 2 3\n")
	one := zipFile(t, zip.Deflate, "crawl.vec", "1 2\nc 4 5\n")
	folder := fstest.MapFS{"two.zip": {Data: two}, "one.zip": {Data: one}, "v.bin": {Data: append([]byte("1 1\nd "), floatBytes(6)...)}}
	for name, want := range map[string]string{"two.zip": "", "one.zip": "c", "v.bin": "d"} {
		v, err := OpenVectors(folder, name, 0, nil)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "two.zip: found no file of 0 numbers per word in the archive (glove.6B.50d.txt, glove.6B.100d.txt)") {
				t.Errorf("%s: got %v, want the archive's files listed", name, err)
			}
			continue
		}
		if err != nil || v.Words[0] != want {
			t.Errorf("%s: read %+v, %v, want %s", name, v, err, want)
		}
	}
}

func TestPublishedGloVeReads(t *testing.T) {
	dir := shared(t, "fixtures", "glove")
	for file, dim := range map[string]int{"glove.6B.100d.sample.txt.gz": 100, "glove.6B.300d.sample.txt.gz": 300} {
		v, err := OpenVectors(os.DirFS(path.Clean(dir)), file, 0, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if v.Dim != dim || len(v.Words) != 100 || len(v.Data) != 100*dim || v.Words[0] != "the" {
			t.Errorf("%s: %d words of %d numbers, first %q, want 100 of %d, the", file, len(v.Words), v.Dim, v.Words[0], dim)
		}
	}
}

// sameAsStrconv reports a number that parseFloat and strconv read differently.
func sameAsStrconv(t *testing.T, s string) {
	t.Helper()
	got, ok := parseFloat([]byte(s))
	want64, err := strconv.ParseFloat(s, 32)
	want := float32(want64)
	if wantOK := err == nil && finite(want); ok != wantOK || ok && math.Float32bits(got) != math.Float32bits(want) {
		t.Errorf("%q = %v (%08x), %v, want %v (%08x), %v", s, got, math.Float32bits(got), ok, want, math.Float32bits(want), wantOK)
	}
}

func TestNumbersParseToTheBitsOfStrconv(t *testing.T) {
	for _, s := range []string{"", "-", ".", "-.", "0", "-0", "-0.0", "+1.5", "1.", ".5", "1..2", "1e5", "1e-46", "1e39", "inf", "NaN", "0x1p3", "1_0",
		"16777217", "16777219", "16777217.0000001", "0.000000000000001", "999999999999999", "9999999999999999", "00000000000000000001", "12a", " 1", "1 "} {
		sameAsStrconv(t, s)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		middle := (random.Float32() - 0.5) * float32(math.Pow(10, float64(random.IntN(12)-6)))
		for digits := range 10 {
			sameAsStrconv(t, strconv.FormatFloat(float64(middle), 'f', digits, 64))
		}
		exact := float64(middle)/2 + float64(math.Nextafter32(middle, 1))/2 // a tie to break
		sameAsStrconv(t, strconv.FormatFloat(exact, 'f', -1, 64))
	}
}

func BenchmarkParseFloat(b *testing.B) {
	text := []byte("-0.038194")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		parseFloat(text)
	}
}

func BenchmarkReadVectors(b *testing.B) {
	var text bytes.Buffer
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		text.WriteString("word" + strconv.Itoa(i))
		for range 100 {
			text.WriteString(" " + strconv.FormatFloat(random.NormFloat64()/2, 'f', 5, 64))
		}
		text.WriteByte('\n')
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadVectors(bytes.NewReader(text.Bytes()), 100, nil); err != nil {
			b.Fatal(err)
		}
	}
}

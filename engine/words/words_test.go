package words

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// family is a space of people by sex, age and a third thing, and of what they are not.
func family(t *testing.T) *Space {
	t.Helper()
	return space(t, map[string][]float32{
		"man": {1, 0, 1, 0}, "woman": {-1, 0, 1, 0}, "boy": {1, -1, 1, 0}, "girl": {-1, -1, 1, 0},
		"king": {1, 0, 1, 2}, "queen": {-1, 0, 1, 2}, "stone": {0, 3, -2, 0},
	})
}

func space(t *testing.T, vectors map[string][]float32) *Space {
	t.Helper()
	var list []string
	for w := range vectors {
		list = append(list, w)
	}
	slices.Sort(list)
	var data []float32
	for _, w := range list {
		data = append(data, vectors[w]...)
	}
	s, err := New(list, data, len(data)/len(list))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// scattered is n random words of d numbers.
func scattered(t *testing.T, n, d int) *Space {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	list, data := make([]string, n), make([]float32, n*d)
	for i := range list {
		list[i] = fmt.Sprintf("word%d", i)
	}
	for i := range data {
		data[i] = float32(random.NormFloat64())
	}
	s, err := New(list, data, d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func names(list []Neighbour) string {
	var parts []string
	for _, n := range list {
		parts = append(parts, n.Word)
	}
	return strings.Join(parts, " ")
}

func TestWordsAreComparedByAngleNotByLength(t *testing.T) {
	s := space(t, map[string][]float32{"near": {10, 1}, "far": {1, 1}, "here": {1, 0}, "back": {-3, 0}, "nowhere": {0, 0}})
	for word, want := range map[string]float64{"near": 10 / math.Sqrt(101), "far": math.Sqrt(0.5), "here": 1, "back": -1, "nowhere": 0} {
		if got, err := s.Cosine("here", word); err != nil || math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: got %v, %v, want %v", word, got, err, want)
		}
	}
	near, err := s.Near("Here", 9)
	if err != nil || names(near) != "near far nowhere back" {
		t.Errorf("got %v, %v, want all but the word itself, the nearest first", near, err)
	}
}

func TestAnalogiesLeaveTheWordsOfTheQuestionOut(t *testing.T) {
	s := family(t)
	for question, want := range map[[3]string]string{
		{"man", "woman", "king"}: "queen", {"man", "woman", "boy"}: "girl", {"girl", "boy", "queen"}: "king", {"woman", "girl", "man"}: "boy",
	} {
		got, err := s.Analogy(question[0], question[1], question[2], 7)
		if err != nil || got[0].Word != want || len(got) != len(s.Words)-3 {
			t.Errorf("%v: got %v, %v, want %s first of the 4 other words", question, got, err, want)
		}
	}
	near, err := s.NearVector([]float32{-2, 0, 2, 4}, 1)
	if err != nil || near[0].Word != "queen" || math.Abs(near[0].Cosine-1) > 1e-6 {
		t.Errorf("got %v, %v near twice the queen, want the queen", near, err)
	}
}

// TestAnalogiesAre3CosAdd works out of the definition, in float64, what lies nearest to b - a + c.
func TestAnalogiesAre3CosAdd(t *testing.T) {
	const n, d = 40, 6
	s := scattered(t, n, d)
	for from := range n - 2 {
		question := []int{from, from + 1, from + 2}
		var point [d]float64
		length := 0.0
		for i := range point {
			point[i] = float64(s.row(from + 1)[i]) - float64(s.row(from)[i]) + float64(s.row(from + 2)[i])
			length += point[i] * point[i]
		}
		var want []Neighbour
		for row := range n {
			cosine := 0.0
			for i, x := range s.row(row) {
				cosine += float64(x) * point[i] / math.Sqrt(length)
			}
			if !slices.Contains(question, row) {
				want = append(want, Neighbour{s.Words[row], cosine})
			}
		}
		slices.SortFunc(want, func(a, b Neighbour) int { return cmp.Compare(b.Cosine, a.Cosine) })
		got, err := s.Analogy(s.Words[from], s.Words[from+1], s.Words[from+2], 3)
		if err != nil || names(got) != names(want[:3]) || math.Abs(got[0].Cosine-want[0].Cosine) > 1e-6 {
			t.Errorf("word%d: got %v, %v, want %v", from, got, err, want[:3])
		}
	}
}

// TestBatchesAnswerAsOneByOne holds the matrix product to the plain way.
func TestBatchesAnswerAsOneByOne(t *testing.T) {
	s, random := scattered(t, 300, 5), rand.New(rand.NewPCG(5, 6))
	word := func() string { return s.Words[random.IntN(len(s.Words))] }
	section, right := Section{Name: "random"}, 0
	for i := range 150 {
		q := [4]string{word(), word(), word(), word()}
		best, err := s.Analogy(q[0], q[1], q[2], 1)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 > 0 {
			q[3] = best[0].Word
		}
		if q[3] == best[0].Word {
			right++
		}
		section.Questions = append(section.Questions, q, [4]string{q[0], q[1], q[2], "elsewhere"})
	}
	got, err := s.Analogies(context.Background(), []Section{section, {Name: "empty"}})
	want := []SectionScore{{"random", 300, 150, right}, {Name: "empty"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if total := Total(got); total != (SectionScore{"total", 300, 150, right}) || total.Accuracy() != float64(right)/150 {
		t.Errorf("got total %v, want the sum", total)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Analogies(stopped, []Section{section}); err != context.Canceled {
		t.Errorf("got %v after a stop, want %v", err, context.Canceled)
	}
}

func TestSimilarityIsTheRankCorrelationOfTheCoveredPairs(t *testing.T) {
	s := space(t, map[string][]float32{"a": {1, 0}, "b": {3, 1}, "c": {1, 2}, "d": {-1, 1}})
	pairs := []Pair{{"a", "b", 9}, {"A", "c", 5}, {"a", "nothing", 3}, {"a", "d", 1}}
	if got, want := s.Similarity(pairs), (SimilarityScore{4, 3, 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	pairs[0].Score, pairs[1].Score = 2, 9
	if got := s.Similarity(pairs).Spearman; math.Abs(got-0.5) > 1e-12 {
		t.Errorf("got %v after two pairs changed places, want 0.5", got)
	}
}

func TestUnknownWordsAndBadRequestsAreRefused(t *testing.T) {
	s := family(t)
	for what, call := range map[string]func() error{
		`"dog" is not among the 7 words`:    func() error { _, err := s.Near("dog", 1); return err },
		`"cat" is not among`:                func() error { _, err := s.Analogy("man", "woman", "cat", 1); return err },
		`"cow" is not among`:                func() error { _, err := s.Cosine("man", "cow"); return err },
		`"hen" is not among`:                func() error { _, err := s.Vector("hen"); return err },
		"asked for 0 neighbours":            func() error { _, err := s.Near("man", 0); return err },
		"a vector of 1 numbers, expected 4": func() error { _, err := s.NearVector([]float32{1}, 1); return err },
		"found 2 words and 3 numbers":       func() error { _, err := New([]string{"a", "b"}, make([]float32, 3), 2); return err },
		"found 0 words":                     func() error { _, err := New(nil, nil, 2); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), what) || !strings.HasPrefix(err.Error(), "words: ") {
			t.Errorf("got %v, want an error with %q", err, what)
		}
	}
}

func TestPairsReadWithAnySeparator(t *testing.T) {
	want := []Pair{{"tiger", "cat", 7.35}, {"book", "paper", 7}}
	for _, text := range []string{"tiger\tcat\t7.35\nbook\tpaper\t7\n", "Word 1,Word 2,Human\ntiger,cat,7.35\r\nbook,paper,7", "# by people\n\ntiger cat 7.35\n\nbook;paper;7"} {
		if got, err := ReadPairs(strings.NewReader(text)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestBrokenBenchmarksAreRefusedWithTheirLine(t *testing.T) {
	pairs := func(text string) error { _, err := ReadPairs(strings.NewReader(text)); return err }
	questions := func(text string) error { _, err := ReadQuestions(strings.NewReader(text)); return err }
	for _, c := range []struct {
		read       func(string) error
		text, want string
	}{
		{pairs, "", "found no pairs"},
		{pairs, "word word score\n", "found no pairs"},
		{pairs, "a b 1\na b\n", `line 2: found "a b", expected two words and a number`},
		{pairs, "a b 1\n\na b high\n", `line 3: found "high", expected a number`},
		{pairs, "a b 1\na b NaN\n", `line 2: found "NaN"`},
		{pairs, strings.Repeat("x", 1<<17), "words: "},
		{questions, "", "found no questions"},
		{questions, ": capitals\n", "found no questions"},
		{questions, ": capitals\nAthens Greece Oslo\n", "line 2: found 3 words, expected 4"},
	} {
		if err := c.read(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q: got %v, want an error with %q", c.text, err, c.want)
		}
	}
}

func TestQuestionsReadBySection(t *testing.T) {
	got, err := ReadQuestions(strings.NewReader("a b c d\n: capitals\nAthens Greece Oslo Norway\n:family\n"))
	want := []Section{{"all", [][4]string{{"a", "b", "c", "d"}}}, {"capitals", [][4]string{{"Athens", "Greece", "Oslo", "Norway"}}}, {"family", nil}}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func FuzzBenchmarksNeverPanic(f *testing.F) {
	f.Add("a b 1\n")
	f.Add(": x\na b c d\n")
	f.Fuzz(func(t *testing.T, text string) {
		pairs, err := ReadPairs(strings.NewReader(text))
		if err == nil && len(pairs) == 0 {
			t.Error("got no pairs and no error")
		}
		ReadQuestions(strings.NewReader(text))
	})
}

package datasets

import (
	"maps"
	"strconv"
	"strings"
	"testing"
)

func TestEmbeddedSetsAreWhatTheirCardsSay(t *testing.T) {
	cards := Embedded()
	if len(cards) != 7 {
		t.Fatalf("found %d cards, want 7", len(cards))
	}
	for _, c := range cards {
		d, err := Open(c.Name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		sizes := map[Part]int{}
		for _, p := range Parts() {
			if n := len(d.Part(p)); n > 0 {
				sizes[p] = n
			}
		}
		if !maps.Equal(sizes, c.Sizes) || d.Kind != c.Kind || len(d.Labels) != c.Labels {
			t.Errorf("%s: found %v %s %d labels, want %v %s %d", c.Name, sizes, d.Kind, len(d.Labels), c.Sizes, c.Kind, c.Labels)
		}
		if len(d.Problems) != 0 {
			t.Errorf("%s: found %v, want no problems", c.Name, d.Problems)
		}
		if leaks := d.Leaks(); len(leaks) != 0 {
			t.Errorf("%s: found leaks %v, want none", c.Name, leaks)
		}
		if c.Licence != "CC0-1.0" || c.Description == "" {
			t.Errorf("%s: card lacks licence or description", c.Name)
		}
	}
}

func TestEmbeddedPartsNeverShareABlock(t *testing.T) {
	const block = 20 // see embedded/README.md
	for _, name := range []string{"films", "restaurants", "gadgets", "helpdesk", "ner", "enfr"} {
		d, err := Open(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		owner := map[int]Part{}
		for _, p := range []Part{Train, Dev, Test} {
			for _, e := range d.Part(p) {
				n, err := strconv.Atoi(strings.TrimPrefix(e.ID, name+"-"))
				if err != nil {
					t.Fatalf("%s: id %q does not hold a line number", name, e.ID)
				}
				b := (n - 1) / block
				if name == "enfr" && n > 1350 {
					b = -1 // written as the test part
				}
				if was, ok := owner[b]; ok && was != p {
					t.Fatalf("%s: block %d is in %s and %s", name, b, was, p)
				}
				owner[b] = p
			}
		}
	}
}

func TestEmbeddedAnswersStandInTheirContext(t *testing.T) {
	d, err := Open("qa", Options{})
	if err != nil {
		t.Fatal(err)
	}
	impossible := 0
	d.each(func(e *Example) {
		if e.Impossible {
			impossible++
		}
		if e.Impossible != (len(e.Answers) == 0) {
			t.Errorf("%s: impossible %v with %d answers", e.ID, e.Impossible, len(e.Answers))
		}
		for _, a := range e.Answers {
			if got := e.Context[a.Start : a.Start+len(a.Text)]; got != a.Text {
				t.Errorf("%s: found %q at %d, want %q", e.ID, got, a.Start, a.Text)
			}
		}
	})
	if impossible != 96 {
		t.Errorf("found %d impossible questions, want 96", impossible)
	}
}

func BenchmarkOpenEmbedded(b *testing.B) {
	for _, c := range Embedded() {
		b.Run(c.Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Open(c.Name, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

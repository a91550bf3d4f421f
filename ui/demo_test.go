package ui

import (
	"os"
	"strings"
	"testing"
)

// TestDemo plays testdata/demo.keys, so that the demonstration cannot rot.
func TestDemo(t *testing.T) {
	script, err := os.ReadFile("testdata/demo.keys")
	if err != nil {
		t.Fatal(err)
	}
	d := drive(t)
	for n, line := range strings.Split(strings.TrimSpace(string(script)), "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "#", "pause":
		case "see":
			d.Expect(rest)
		case "type":
			d.Type(rest)
		case "key":
			d.Press(strings.ReplaceAll(rest, "space", " "))
		default:
			t.Fatalf("demo.keys:%d: found %q, expected key, type, see or pause", n+1, verb)
		}
	}
}

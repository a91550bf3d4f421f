package background

import (
	"strings"
	"testing"
)

func TestAnswersOfTerminalsAreRead(t *testing.T) {
	tests := []struct {
		name, answer string
		dark, known  bool
	}{
		{"xterm, dark", "\x1b]11;rgb:1616/1818/1d1d\x1b\\\x1b[?64;1;2c", true, true},
		{"bell at the end, light", "\x1b]11;rgb:fbfb/fbfb/f8f8\x07\x1b[?1;2c", false, true},
		{"two digits", "\x1b]11;rgb:00/00/00\x1b\\", true, true},
		{"attributes only", "\x1b[?1;2c", true, false},
		{"nothing", "", true, false},
		{"cut short", "\x1b]11;rgb:16", true, false},
		{"no digits", "\x1b]11;rgb:///\x1b\\", true, false},
		{"too many digits", "\x1b]11;rgb:11111/1/1\x1b\\", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if dark, known := fromAnswer([]byte(tt.answer)); dark != tt.dark || known != tt.known {
				t.Errorf("got dark %v known %v, want %v %v", dark, known, tt.dark, tt.known)
			}
		})
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte("\x1b]11;rgb:1616/1818/1d1d\x1b\\"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if dark, known := fromAnswer(answer); !known && !dark {
			t.Errorf("an unknown background is light, want dark")
		}
	})
}

func TestListeningEndsWithTheAttributes(t *testing.T) {
	r := strings.NewReader("\x1b]11;rgb:0/0/0\x1b\\\x1b[?62c")
	if got := string(listen(r)); !strings.HasSuffix(got, "c") || r.Len() > 0 {
		t.Errorf("got %q, %d bytes left", got, r.Len())
	}
}

func TestColourVariableIsBelieved(t *testing.T) {
	tests := []struct {
		v           string
		dark, known bool
	}{{"15;0", true, true}, {"0;15", false, true}, {"0;default;7", false, true}, {"12;8", true, true}, {"", true, false}, {"0;default", true, false}, {"0;99", true, false}}
	for _, tt := range tests {
		if dark, known := fromVariable(tt.v); dark != tt.dark || known != tt.known {
			t.Errorf("%q: got dark %v known %v, want %v %v", tt.v, dark, known, tt.dark, tt.known)
		}
	}
}

func TestMultiplexersAndSlowLinesAreNotAsked(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want bool
	}{
		{"xterm", map[string]string{"TERM": "xterm-256color"}, true},
		{"tmux", map[string]string{"TERM": "tmux-256color"}, false},
		{"screen", map[string]string{"TERM": "screen.xterm"}, false},
		{"inside tmux", map[string]string{"TERM": "xterm", "TMUX": "/run/1"}, false},
		{"far away", map[string]string{"TERM": "xterm", "SSH_CONNECTION": "a b"}, false},
		{"no terminal", map[string]string{}, false},
	}
	for _, tt := range tests {
		if got := safe(func(k string) string { return tt.env[k] }); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

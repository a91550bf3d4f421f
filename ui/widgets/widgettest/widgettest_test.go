package widgettest

import "testing"

func TestExactFindsEveryWrongCell(t *testing.T) {
	tests := []struct {
		name, got string
		w, h      int
		ok        bool
	}{
		{"right", "ab\ncd", 2, 2, true},
		{"escape codes have no width", "\x1b[1mab\x1b[0m", 2, 1, true},
		{"wide glyphs have two", "日", 2, 1, true},
		{"nothing for no size", "", 0, 5, true},
		{"something for no size", "a", 0, 5, false},
		{"short line", "ab\nc", 2, 2, false},
		{"long line", "ab\ncde", 2, 2, false},
		{"missing line", "ab", 2, 2, false},
		{"extra line", "ab\ncd\n", 2, 2, false},
	}
	for _, tt := range tests {
		if err := exact(tt.got, tt.w, tt.h); (err == nil) != tt.ok {
			t.Errorf("%s: error %v", tt.name, err)
		}
	}
}

//go:build !(linux || darwin || windows)

package engine

// systemMemory is not known here.
func systemMemory() (bytes int, ok bool) { return 0, false }

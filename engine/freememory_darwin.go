package engine

import "golang.org/x/sys/unix"

// systemMemory is what is installed: macOS does not say what it could free.
func systemMemory() (bytes int, ok bool) {
	n, err := unix.SysctlUint64("hw.memsize")
	return int(n), err == nil
}

package engine

import "os"

// systemMemory is what Linux can give without swapping.
func systemMemory() (bytes int, ok bool) {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	return availableIn(string(data))
}

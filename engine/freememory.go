package engine

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// availableIn reads MemAvailable of a text like /proc/meminfo's, in bytes.
func availableIn(text string) (bytes int, ok bool) {
	for _, line := range strings.Split(text, "\n") {
		value, found := strings.CutPrefix(line, "MemAvailable:")
		if !found {
			continue
		}
		kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
		return kb << 10, err == nil
	}
	return 0, false
}

// containerMemory is what the control groups (version 2, or 1) leave to this process.
func containerMemory() (bytes int, ok bool) {
	for _, files := range [][2]string{
		{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
		{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
	} {
		limit, limited := numberIn(files[0])
		used, told := numberIn(files[1])
		if limited && told {
			return max(0, limit-used+reclaimable(filepath.Dir(files[0]))), true
		}
	}
	return 0, false
}

// reclaimable is what of a group's use are files that the system can drop.
func reclaimable(group string) int {
	data, err := os.ReadFile(filepath.Join(group, "memory.stat"))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(data), "\n") {
		if value, found := strings.CutPrefix(line, "inactive_file "); found {
			n, _ := strconv.Atoi(value)
			return n
		}
	}
	return 0
}

// numberIn reads a file that holds one; "max" is none.
func numberIn(file string) (n int, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	n, err = strconv.Atoi(strings.TrimSpace(string(data)))
	return n, err == nil
}

package engine

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// peakRSS is the most memory the process ever held, in bytes; where the system does not tell, what
// the Go runtime took from it.
func peakRSS() int { return procStatus("VmHWM:") }

func procStatus(field string) int {
	data, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for _, line := range strings.Split(string(data), "\n") {
			if value, ok := strings.CutPrefix(line, field); ok {
				kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")))
				return kb << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.Sys)
}

package engine

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// peakRSS is the most memory the process held since resetPeak, in bytes; where the system does not
// tell, what the Go runtime took from it.
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

// resetPeak makes peakRSS count from here. Only Linux can; elsewhere a peak is that of the process, and
// of several measurements only the first one's is its own.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

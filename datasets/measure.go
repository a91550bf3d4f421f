package datasets

import "strings"

// columnStats is what a sample says about one column.
type columnStats struct {
	rows     int     // fields that are not blank
	numbers  int     // of them, how many are numbers
	flags    int     // of them, how many are 0 or 1
	on       int     // of them, how many are 1
	distinct int     // different values
	length   float64 // mean length in bytes
	words    float64 // mean number of words
}

// prose says that the column holds sentences rather than labels.
func (c columnStats) prose() bool {
	return c.rows > 0 && c.words >= 2 && 2*c.distinct > c.rows
}

// flag reads a cell that says whether something holds, 0 or 1.
func flag(cell string) (on, ok bool) {
	switch strings.TrimSpace(cell) {
	case "0", "0.0":
		return false, true
	case "1", "1.0":
		return true, true
	}
	return false, false
}

// measure takes the statistics of n columns.
func measure(n int, sample [][]string) []columnStats {
	stats := make([]columnStats, n)
	for i := range stats {
		seen := map[string]bool{}
		for _, row := range sample {
			if i >= len(row) || strings.TrimSpace(row[i]) == "" {
				continue
			}
			stats[i].rows++
			if isNumber(row[i]) {
				stats[i].numbers++
			}
			if on, is := flag(row[i]); is {
				stats[i].flags++
				if on {
					stats[i].on++
				}
			}
			stats[i].length += float64(len(row[i]))
			stats[i].words += float64(len(strings.Fields(row[i])))
			seen[row[i]] = true
		}
		stats[i].distinct = len(seen)
		if stats[i].rows > 0 {
			stats[i].length /= float64(stats[i].rows)
			stats[i].words /= float64(stats[i].rows)
		}
	}
	return stats
}

package datasets

import "strings"

// columnStats is what a sample says about one column.
type columnStats struct {
	rows     int     // fields that are not blank
	numbers  int     // of them, how many are numbers
	distinct int     // different values
	length   float64 // mean length in bytes
	words    float64 // mean number of words
}

// prose says that the column holds sentences rather than labels.
func (c columnStats) prose() bool {
	return c.rows > 0 && c.words >= 2 && 2*c.distinct > c.rows
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

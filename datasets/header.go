package datasets

import (
	"slices"
	"strconv"
	"strings"
)

// header splits the sample into column names and rows. Without a header the
// columns are called 1, 2, 3.
func header(sample []row, o Options) ([]string, []row) {
	first := sample[0].fields
	names := make([]string, len(first))
	known := knownHeader(first, o)
	if known >= min(2, len(first)) || looksLikeHeader(values(sample), known) {
		for i, f := range first {
			names[i] = strings.TrimSpace(f)
		}
		return names, sample[1:]
	}
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return names, sample
}

// looksLikeHeader compares the first row with the others. A header is made of
// short words, and either one of them stands over numbers only, or, in the
// column with the fewest values (the labels), it is a value that never comes
// again. That proves something when the values below repeat, or when one field
// of the row is a known name.
func looksLikeHeader(rows [][]string, known int) bool {
	if len(rows) < 2 || len(rows[0]) < 2 || !allShort(rows[0]) {
		return false
	}
	stats := measure(len(rows[0]), rows[1:])
	fewest := 0
	for i, name := range rows[0] {
		if stats[i].numbers == stats[i].rows && stats[i].rows > 0 && !isNumber(name) {
			return true
		}
		if stats[i].distinct < stats[fewest].distinct {
			fewest = i
		}
	}
	again := slices.ContainsFunc(rows[1:], func(r []string) bool {
		return fewest < len(r) && normal(r[fewest]) == normal(rows[0][fewest])
	})
	repeats := 2*stats[fewest].distinct <= stats[fewest].rows
	return !again && !isNumber(rows[0][fewest]) && (repeats || known > 0)
}

// isNumber says that s is written as a number.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return err == nil
}

// allShort says that no field is longer than a column name would be.
func allShort(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return len(strings.Fields(f)) > 3 })
}

// knownHeader counts the fields of a first row that are names of columns: those
// in the lists above. A column the user asked for by name settles it.
func knownHeader(row []string, o Options) int {
	if slices.ContainsFunc([]string{o.TextColumn, o.PairColumn, o.LabelColumn}, isName) {
		return len(row)
	}
	known := 0
	for _, f := range row {
		f = normal(f)
		if f != "" && (slices.Contains(textNames, f) || slices.Contains(labelNames, f) || slices.Contains(idNames, f) || inPairs(f)) {
			known++
		}
	}
	return known
}

// isName says that a column was asked for by name, not by number.
func isName(s string) bool {
	_, err := strconv.Atoi(s)
	return s != "" && err != nil
}

// inPairs says that f is half of a known pair of names.
func inPairs(f string) bool {
	for _, p := range slices.Concat(pairNames, translationNames) {
		if f == p[0] || f == p[1] {
			return true
		}
	}
	return false
}

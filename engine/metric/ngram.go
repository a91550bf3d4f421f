package metric

import (
	"regexp"
	"strings"
	"unicode"
)

// steps13a are the substitutions of the 13a tokenizer (mteval-v13a.pl of NIST),
// in order: space around punctuation other than ' , - . ; a period or comma is
// cut off unless digits stand on both sides; a dash is cut off after a digit.
var steps13a = []struct {
	find    *regexp.Regexp
	replace string
}{
	{regexp.MustCompile("[{-~\\[-` -&(-+:-@/]"), " ${0} "},
	{regexp.MustCompile(`([^0-9])([.,])`), "${1} ${2} "},
	{regexp.MustCompile(`([.,])([^0-9])`), " ${1} ${2}"},
	{regexp.MustCompile(`([0-9])(-)`), "${1} ${2} "},
}

// before13a are plain replacements that come before those, one after another.
var before13a = [...][2]string{
	{"<skipped>", ""}, {"-\n", ""}, {"\n", " "},
	{"&quot;", `"`}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"},
}

// tokens13a cuts a sentence into the words that BLEU counts.
func tokens13a(s string) []string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for _, r := range before13a {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	s = " " + s + " "
	for _, step := range steps13a {
		s = step.find.ReplaceAllString(s, step.replace)
	}
	return strings.Fields(s)
}

// grams counts the n-grams of words, joined by spaces.
func grams(words []string, n int) map[string]int {
	counts := make(map[string]int, len(words))
	for i := 0; i+n <= len(words); i++ {
		counts[strings.Join(words[i:i+n], " ")]++
	}
	return counts
}

// charGrams counts the character n-grams of a text without white space.
func charGrams(runes []rune, n int) map[string]int {
	counts := make(map[string]int, len(runes))
	for i := 0; i+n <= len(runes); i++ {
		counts[string(runes[i:i+n])]++
	}
	return counts
}

// overlap is how many of a's items are also in b, each as often as it is there.
func overlap(a, b map[string]int) int {
	sum := 0
	for g, n := range a {
		sum += min(n, b[g])
	}
	return sum
}

package tokenizer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// englishWords cuts a run of characters between blanks into words and returns
// their lengths. Runs of one of the marks stand alone; in treebank style a
// single hyphen is part of its word.
func englishWords(s []rune, marks string, treebank bool) (lengths []int) {
	for at := 0; at < len(s); {
		if n := runOfMark(s[at:], marks, treebank); n > 0 {
			lengths = append(lengths, n)
			at += n
			continue
		}
		end := at + 1
		for end < len(s) && runOfMark(s[end:], marks, treebank) == 0 {
			end++
		}
		for _, n := range cutEnglish(s[at:end]) {
			lengths = append(lengths, n)
			at += n
		}
	}
	return lengths
}

// runOfMark returns the length of the run of one mark that s begins with.
func runOfMark(s []rune, marks string, treebank bool) int {
	if s[0] >= utf8.RuneSelf || strings.IndexByte(marks, byte(s[0])) < 0 {
		return 0
	}
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	if treebank && s[0] == '-' && n == 1 {
		return 0
	}
	return n
}

// cutEnglish cuts a run of characters between blanks into words by the rules
// of spaCy's English tokenizer that matter after text_standardize: special
// cases first, then marks at the front, then marks at the end, over and over;
// what is left is cut within. It returns the lengths of the words.
func cutEnglish(s []rune) []int {
	var front, back []int
	for len(s) > 0 {
		if cuts := specialCase(s); cuts != nil {
			front = append(front, cuts...)
			s = nil
		} else if n := prefixLength(s); n > 0 && n < len(s) {
			front = append(front, n)
			s = s[n:]
		} else if n := suffixLength(s); n > 0 && n < len(s) {
			back = append(back, n)
			s = s[:len(s)-n]
		} else {
			front = append(front, cutWithin(s)...)
			s = nil
		}
	}
	slices.Reverse(back)
	return append(front, back...)
}

// A set of strings.
type set map[string]bool

func setOf(list string) set {
	s := make(set)
	for _, w := range strings.Fields(list) {
		s[w] = true
	}
	return s
}

var (
	// abbreviations keep their full stop.
	abbreviations = setOf(`mr. mrs. ms. dr. prof. st. mt. jr. sr. gen. col. sgt. lt. capt. rev. gov. sen. rep. messrs. adm. co. corp. inc. ltd. bros.
		e.g. i.e. etc. vs. v.s. v. a.m. p.m. ph.d. no. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. u.s. u.k. d.c. n.y. calif. mass. pa. va.`)
	// negated are the verbs that n't is cut from.
	negated = setOf("ai are ca could did do does had has have is might must need ought sha should was were wo would dare may")
	// shortened are the words that 'll, 've, 'd, 're and 'm are cut from.
	shortened = setOf("i you he she it we they who what when where why how there that this these those would could should might must not")
	// tails stand for themselves when they were cut off before.
	tails = setOf("'s 'll 've 're 'd 'm 'em 'cause 'til 'bout n't")
	// joined are words of two, and where the second begins.
	joined = map[string]int{"cannot": 3, "gonna": 3, "gotta": 3, "lemme": 3, "gimme": 3, "wanna": 3}
)

// specialCase returns the lengths of the words of a special case, nil when s
// is none.
func specialCase(s []rune) []int {
	w := strings.ToLower(string(s))
	if abbreviations[w] {
		return []int{len(s)}
	}
	if n, ok := joined[w]; ok {
		return []int{n, len(s) - n}
	}
	if head, ok := strings.CutSuffix(w, "n't"); ok && negated[head] {
		return []int{len(s) - 3, 3}
	}
	for _, tail := range []string{"'ll", "'ve", "'re", "'d", "'m", "'s"} {
		if head, ok := strings.CutSuffix(w, tail); ok && (shortened[head] || w == "let's") {
			return []int{len(s) - len(tail), len(tail)}
		}
	}
	if tails[w] {
		return []int{len(s)}
	}
	return nil
}

// isMark reports characters that are cut from either end of a word.
func isMark(r rune) bool {
	return r < 0x80 && strings.ContainsRune("'`:<>#&$%=", r) || r >= 0x80 && (unicode.IsPunct(r) || unicode.Is(unicode.Sc, r) || unicode.Is(unicode.So, r))
}

// prefixLength returns how many characters at the front are a mark.
func prefixLength(s []rune) int {
	if n := dots(s); n > 1 {
		return n
	}
	if isMark(s[0]) {
		return 1
	}
	return 0
}

// dots returns how many full stops s begins with.
func dots(s []rune) int {
	n := 0
	for n < len(s) && s[n] == '.' {
		n++
	}
	return n
}

// suffixLength returns how many characters at the end are a mark, a
// possessive, an ellipsis or the full stop of a sentence.
func suffixLength(s []rune) int {
	n := len(s)
	if n > 2 && s[n-2] == '\'' && (s[n-1] == 's' || s[n-1] == 'S') {
		return 2
	}
	k := 0
	for k < n && s[n-1-k] == '.' {
		k++
	}
	switch {
	case k > 1, k == 1 && endsSentence(s[:n-1]):
		return k
	case k == 0 && isMark(s[n-1]):
		return 1
	}
	return 0
}

// endsSentence reports whether a full stop after s is not part of the word:
// after a small letter, a digit, a mark, or two capitals.
func endsSentence(s []rune) bool {
	n := len(s)
	if n == 0 {
		return false
	}
	last := s[n-1]
	return unicode.IsLower(last) || unicode.IsDigit(last) || isMark(last) ||
		n > 1 && unicode.IsUpper(last) && unicode.IsUpper(s[n-2])
}

// cutWithin cuts at an ellipsis, at a full stop between a small letter and a
// capital, and at : < > = between letters.
func cutWithin(s []rune) []int {
	var cuts []int
	start := 0
	for i := 1; i < len(s)-1; {
		n := infixLength(s, i)
		if n == 0 || i+n >= len(s) {
			i++
			continue
		}
		if i > start {
			cuts = append(cuts, i-start)
		}
		cuts = append(cuts, n)
		i += n
		start = i
	}
	return append(cuts, len(s)-start)
}

// infixLength returns the length of the mark at i, 0 when there is no cut.
func infixLength(s []rune, i int) int {
	if n := dots(s[i:]); n > 1 {
		return n
	}
	before, after := s[i-1], s[i+1]
	switch s[i] {
	case '.':
		if unicode.IsLower(before) && unicode.IsUpper(after) {
			return 1
		}
	case ':', '<', '>', '=':
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return 1
		}
	}
	return 0
}

package tokenizer

import "strings"

// joinWordPieces puts pieces that begin with prefix to the piece before, and
// punctuation to its word.
func joinWordPieces(prefix string) func([]string) string {
	return func(tokens []string) string {
		var b strings.Builder
		for i, t := range tokens {
			tail, within := strings.CutPrefix(t, prefix)
			if within && i > 0 && prefix != "" {
				b.WriteString(tail)
				continue
			}
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t)
		}
		return tidy(b.String())
	}
}

// joinSuffixed ends a word at each piece that ends with suffix.
func joinSuffixed(suffix string) func([]string) string {
	return func(tokens []string) string {
		var b strings.Builder
		for _, t := range tokens {
			head, last := strings.CutSuffix(t, suffix)
			b.WriteString(head)
			if last {
				b.WriteByte(' ')
			}
		}
		return tidy(strings.TrimSuffix(b.String(), " "))
	}
}

// tidy undoes the blanks that splitting at punctuation put into English text.
func tidy(s string) string { return unsplit.Replace(s) }

var unsplit = strings.NewReplacer(
	" .", ".", " ,", ",", " ?", "?", " !", "!", " ;", ";", " :", ":", " )", ")", " ]", "]", "( ", "(", "[ ", "[",
	" ' ", "'", " n't", "n't", " 's", "'s", " 'm", "'m", " 've", "'ve", " 're", "'re",
)

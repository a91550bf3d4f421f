package data

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"defrost/datasets"
	"defrost/ui/shared"
	"defrost/ui/widgets/canvas"
)

// written draws running text: the title over the first paragraphs. Of a passage that breaks off at a
// word, as those of LAMBADA do, the end is shown, with the word that is to be foreseen in brackets.
func written(text string, s *shared.Styles, w, h int) string {
	c := canvas.New(w, h)
	title, body := titled(text)
	ex := datasets.Example{Context: body}
	if i := open(body); i >= 0 {
		ex.Answers = []datasets.Answer{{Text: body[i:], Start: i}}
	}
	var above []string
	if title != "" {
		above = shared.Wrap(title, w)
	}
	passage(c, above, ex, s, w, h)
	return c.String()
}

// titled parts the title of an article of WikiText from its text, in which other headings lose their
// marks and blank lines go.
func titled(text string) (title, body string) {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name := strings.Trim(line, "= ")
		heading := strings.HasPrefix(line, "= ") && strings.HasSuffix(line, " =") && name != ""
		switch {
		case line == "":
		case heading && title == "" && lines == nil:
			title = name
		case heading:
			lines = append(lines, name)
		default:
			lines = append(lines, line)
		}
	}
	return title, strings.Join(lines, "\n")
}

// open is where the last word of a text begins that ends without a stop, -1 of any other text.
func open(text string) int {
	last, _ := utf8.DecodeLastRuneInString(text)
	if !unicode.IsLetter(last) && !unicode.IsDigit(last) {
		return -1
	}
	i := strings.LastIndexAny(text, " \n\t")
	if i < 0 {
		return -1
	}
	return i + 1
}

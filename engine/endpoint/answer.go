package endpoint

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"
)

// A reply is an answer, or a piece of one that is sent as it is written.
type reply struct {
	Choices []choice `json:"choices"`
	Usage   *usage   `json:"usage"`
	Error   *failure `json:"error"`
}

// A choice is one of several answers; one is asked for. Which field holds the text depends on the
// address and on whether it is a piece.
type choice struct {
	Message *content `json:"message"`
	Delta   *content `json:"delta"`
	Text    *string  `json:"text"`
	Finish  string   `json:"finish_reason"`
}

type content struct {
	Content words `json:"content"`
}

// words are text as one string, or as a list of parts; nil where there is none.
type words struct{ text *string }

// UnmarshalJSON reads either form.
func (w *words) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '[' {
		return json.Unmarshal(data, &w.text)
	}
	var parts []struct {
		Text string `json:"text"`
	}
	err := json.Unmarshal(data, &parts)
	joined := ""
	for _, p := range parts {
		joined += p.Text
	}
	w.text = &joined
	return err
}

type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
}

// A failure is what a server says went wrong.
type failure struct {
	Message string `json:"message"`
	Type    string `json:"type"`
	Code    any    `json:"code"`
	Param   any    `json:"param"` // the field that is refused
}

// UnmarshalJSON also reads a failure that is a message alone, as some local servers send it.
func (f *failure) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &f.Message)
	}
	type fields failure
	return json.Unmarshal(data, (*fields)(f))
}

// readWhole reads an answer that is one JSON object.
func (c *Client) readWhole(body io.Reader) (Answer, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return Answer{}, torn(err)
	}
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
		return Answer{}, &brokenError{fmt.Errorf("found an answer that is no JSON: %w", err)}
	}
	var a Answer
	if said, err := c.take(&a, r); err != nil || !said {
		return a, errors.Join(err, unsaid(said, a))
	}
	return a, nil
}

// unsaid is nil where an answer ended without text for a reason of its own, such as its length.
func unsaid(said bool, a Answer) error {
	if said || a.Finish != "" {
		return nil
	}
	return &brokenError{errors.New("found an answer without choices or text")}
}

// take adds a reply to an answer and says whether it had text.
func (c *Client) take(a *Answer, r reply) (said bool, err error) {
	if r.Error != nil {
		return false, &brokenError{fmt.Errorf("found the error %q", c.brief(r.Error.Message))}
	}
	if r.Usage != nil {
		a.Prompt, a.Completion = r.Usage.Prompt, r.Usage.Completion
	}
	if len(r.Choices) == 0 {
		return false, nil
	}
	first := r.Choices[0]
	if first.Finish != "" {
		a.Finish = printable(first.Finish)
	}
	text := first.Text
	for _, part := range []*content{first.Message, first.Delta} {
		if part != nil && part.Content.text != nil {
			text = part.Content.text
		}
	}
	if text != nil {
		a.Text += *text
	}
	return text != nil, nil
}

// Marks around what a model says to itself before it answers.
const thinks, hasThought = "<think>", "</think>"

// concluded is an answer without the thoughts before it, which some servers leave in the text.
func concluded(text string) string {
	if i := strings.LastIndex(text, hasThought); i >= 0 {
		return text[i+len(hasThought):]
	}
	if strings.HasPrefix(strings.TrimSpace(text), thinks) {
		return "" // it was cut before it came to an answer
	}
	return text
}

// torn tells an answer that ended early from one that is too long.
func torn(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) || errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("found an answer of more than %d bytes, expected a short one", mostBytes)
	}
	return &brokenError{err}
}

// printable is text without what moves a terminal's cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "�"))
}

// briefly is how much of a server's message is repeated.
const briefly = 300

// brief is a message on one short line. The key is taken out before it is cut, or half would be left.
func (c *Client) brief(text string) string {
	text = c.without(strings.Join(strings.Fields(printable(text)), " "))
	if runes := []rune(text); len(runes) > briefly {
		text = string(runes[:briefly]) + "..."
	}
	return text
}

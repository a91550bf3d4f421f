package endpoint

import (
	"errors"
	"strings"
)

// hidden stands where a key was.
const hidden = "(key)"

// leastKey is the length from which a key is also looked for in answers: a shorter one is a word.
const leastKey = 8

// without is text with the key taken out.
func (c *Client) without(text string) string {
	if key := c.key(); key != "" {
		return strings.ReplaceAll(text, key, hidden)
	}
	return text
}

// clean is err without the key, which a server may repeat to say that it is wrong.
func (c *Client) clean(err error) error {
	text := err.Error()
	if safe := c.without(text); safe != text {
		return errors.New(safe) // the cause would still tell it
	}
	return err
}

// hide is an answer without the key.
func (c *Client) hide(text string) string {
	if len(c.key()) < leastKey {
		return text
	}
	return c.without(text)
}

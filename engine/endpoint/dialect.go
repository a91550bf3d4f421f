package endpoint

import (
	"errors"
	"net/http"
	"strings"
)

// A dialect is what a server has said of the fields it takes. The zero value is what most take.
type dialect struct {
	ownWarmth  bool // no temperature is named: models that reason refuse 0
	completion bool // the limit is called max_completion_tokens, as newer models want it
	uncounted  bool // no stream_options: older servers do not know them
}

// Warm says that the model refused a temperature of 0 and is asked with its own, so that the same
// question may be answered otherwise.
func (c *Client) Warm() bool { return c.spoken().ownWarmth }

// spoken is what the server has said so far.
func (c *Client) spoken() dialect {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dialect
}

// learn says whether a request that was refused is worth another try in other words, for itself or
// because another request has learnt them since. What is learnt holds for all that follow.
func (c *Client) learn(cause error, sent dialect) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dialect != sent {
		return true
	}
	var status *statusError
	if !errors.As(cause, &status) || status.code != http.StatusBadRequest && status.code != http.StatusUnprocessableEntity {
		return false
	}
	c.dialect = sent.without(status)
	return c.dialect != sent
}

// without leaves out, or calls otherwise, what a refusal names.
func (d dialect) without(e *statusError) dialect {
	names := func(field string) bool { return e.param == field || strings.Contains(e.message, field) }
	switch {
	case names("stream_options"):
		d.uncounted = true
	case names("max_completion_tokens") || e.param == "max_tokens" && strings.HasPrefix(e.reason, "unsupported"):
		d.completion = true
	case names("temperature"):
		d.ownWarmth = true
	}
	return d
}

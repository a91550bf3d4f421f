// Package endpoint asks a language model that somebody else runs, through the HTTP interface that
// OpenAI's service and most local servers speak: POST {base}/chat/completions.
//
// Walk: New checks the address; Ask sends one request (request.go), reads the answer whole
// (answer.go) or as it is written (stream.go), and asks again where that may help (retry.go), in
// other words where a server does not take the usual fields (dialect.go). All asks many, a few at
// once (all.go), and a Cache (cache.go) keeps every answer on disk, so that nothing is paid twice.
// The key is in no error and no file (redact.go).
package endpoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A Client asks one model. The zero value of what New leaves open works.
type Client struct {
	Plain  bool // continues text (POST {base}/completions) instead of chatting
	Stream bool // has the answer sent as it is written

	HTTP    *http.Client  // nil: one that honours the proxy variables
	Timeout time.Duration // of one attempt; 0: a minute
	Grace   time.Duration // for what is under way when ctx ends, as it is paid already; 0: ten seconds
	Tries   int           // attempts at one request; 0: six

	Told  func(wait time.Duration, why error)              // hears of every wait; nil does not
	Sleep func(ctx context.Context, d time.Duration) error // nil waits
	Now   func() time.Time                                 // nil is time.Now

	base, model string
	key         func() string // a function, so that a printed Client has no key in it

	mu      sync.Mutex
	until   time.Time // the server wants nothing before
	dialect dialect
}

// New returns a client for a model at an address such as https://api.example.org/v1. The key may be
// empty, as many local servers want none; it is sent to that address only.
func New(base, model, key string) (*Client, error) {
	u, err := url.Parse(base)
	switch {
	case base == "":
		return nil, fmt.Errorf("endpoint: no address, expected one such as http://localhost:8080/v1")
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("endpoint: the address cannot be read, expected one such as http://localhost:8080/v1")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("endpoint: the address of %s holds a user name, a question mark or a hash sign, expected none: a key belongs into the environment", u.Host)
	case strings.TrimSpace(model) == "":
		return nil, fmt.Errorf("endpoint: no model is named, expected the name by which %s knows it", u.Host)
	}
	key = strings.TrimSpace(key)
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, fmt.Errorf("endpoint: the key holds blanks or characters that no key has")
	}
	return &Client{base: strings.TrimRight(base, "/"), model: model, key: func() string { return key }}, nil
}

// Host is where requests go.
func (c *Client) Host() string {
	u, _ := url.Parse(c.base) // New has read it
	return u.Host
}

// local are the names of this machine.
var local = regexp.MustCompile(`^(localhost|127\.\d+\.\d+\.\d+|::1)$`)

// Exposed says that the key goes to another machine where everybody on the way can read it.
func (c *Client) Exposed() bool {
	u, _ := url.Parse(c.base)
	return c.key() != "" && u.Scheme == "http" && !local.MatchString(u.Hostname())
}

// A Request is one question.
type Request struct {
	Prompt string
	Tokens int // most that the answer may have
}

// An Answer is what a model said.
type Answer struct {
	Text       string `json:"answer"`
	Finish     string `json:"finish,omitempty"` // why it ended: stop, or length when it was cut
	Prompt     int    `json:"prompt_tokens"`    // 0 where the server does not count
	Completion int    `json:"completion_tokens"`
}

// Hash names a request to this client's model: everything that the answer depends on.
func (c *Client) Hash(q Request) string {
	sum := sha256.Sum256(c.body(q, false, dialect{}))
	return hex.EncodeToString(sum[:])
}

// A message is a turn of a chat.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// body is the request as JSON. A temperature of 0 takes the likeliest word every time.
func (c *Client) body(q Request, stream bool, d dialect) []byte {
	fields := map[string]any{"model": c.model}
	if !d.ownWarmth {
		fields["temperature"] = 0
	}
	if d.completion {
		fields["max_completion_tokens"] = q.Tokens
	} else {
		fields["max_tokens"] = q.Tokens
	}
	if c.Plain {
		fields["prompt"] = q.Prompt
	} else {
		fields["messages"] = []message{{"user", q.Prompt}}
	}
	if stream {
		fields["stream"] = true
	}
	if stream && !d.uncounted {
		fields["stream_options"] = map[string]bool{"include_usage": true}
	}
	data, err := json.Marshal(fields)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return data
}

// Ask sends a request, again where that may help, and returns the answer. When ctx ends, what is
// under way still has Grace to come in.
func (c *Client) Ask(ctx context.Context, q Request) (Answer, error) {
	for try := 1; ; try++ {
		if err := c.hold(ctx); err != nil {
			return Answer{}, fmt.Errorf("endpoint: %w", err)
		}
		sent := c.spoken()
		a, err := c.attempt(ctx, q, sent)
		if err == nil {
			return a, nil
		}
		if c.learn(err, sent) {
			try-- // it was not the server's trouble
			continue
		}
		if passing(err) && try < c.tries() {
			err = c.wait(ctx, err, try)
		}
		if err != nil {
			return Answer{}, c.clean(fmt.Errorf("endpoint: %s: %w", c.Host(), err))
		}
	}
}

package endpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"time"
)

// Limits of one attempt.
const (
	usualTimeout = time.Minute
	usualGrace   = 10 * time.Second
	mostBytes    = 1 << 20 // of an answer: labels, spans and words are short
)

// transport honours the proxy variables and gives up on a machine that does not pick up.
var transport = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	return t
}()

// client follows no redirects: a key goes where the person said and nowhere else.
func (c *Client) client() *http.Client {
	h := http.Client{Transport: transport}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &h
}

// address is where a request goes.
func (c *Client) address() string {
	if c.Plain {
		return c.base + "/completions"
	}
	return c.base + "/chat/completions"
}

// attempt sends a request once.
func (c *Client) attempt(ctx context.Context, q Request, d dialect) (Answer, error) {
	ctx, cancel := c.patience(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address(), bytes.NewReader(c.body(q, c.Stream, d)))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "defrost")
	if key := c.key(); key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := c.client().Do(req)
	if err != nil {
		return Answer{}, c.late(ctx, err)
	}
	defer resp.Body.Close()
	resp.Body = http.MaxBytesReader(nil, resp.Body, mostBytes)
	if resp.StatusCode != http.StatusOK {
		return Answer{}, c.refusal(resp)
	}
	a, err := c.read(resp)
	if err != nil {
		return a, c.late(ctx, err)
	}
	a.Text = c.hide(printable(concluded(a.Text)))
	return a, nil
}

// read takes the answer as it is sent, whatever was asked for.
func (c *Client) read(resp *http.Response) (Answer, error) {
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "text/event-stream" {
		return c.readStream(resp.Body)
	}
	return c.readWhole(resp.Body)
}

// patience is the context of one attempt: it outlives ctx a little, for what was sent is paid.
func (c *Client) patience(ctx context.Context) (context.Context, context.CancelFunc) {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), or(c.Timeout, usualTimeout))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-own.Done():
		case <-time.After(or(c.Grace, usualGrace)):
			cancel()
		}
	})
	return own, func() { stop(); cancel() }
}

// late puts the end of an attempt's time into words.
func (c *Client) late(ctx context.Context, err error) error {
	var network net.Error
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &brokenError{fmt.Errorf("found no whole answer within %v", or(c.Timeout, usualTimeout))}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &network):
		return &brokenError{err}
	}
	return err
}

func or(d, usual time.Duration) time.Duration {
	if d == 0 {
		return usual
	}
	return d
}

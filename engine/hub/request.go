package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxWait bounds a wait a server asks for: past it, a person decides.
const maxWait = 5 * time.Minute

// A statusError is an answer other than the one hoped for.
type statusError struct {
	code  int
	kind  string        // the hub's X-Error-Code, e.g. "EntryNotFound"
	after time.Duration // Retry-After; 0 when not said
	url   string        // without its query, which may hold a signature
}

// Error names the address and the status.
func (e *statusError) Error() string {
	return fmt.Sprintf("%s: found status %d %s", e.url, e.code, http.StatusText(e.code))
}

// refusal turns an answer into a statusError.
func refusal(resp *http.Response) *statusError {
	return &statusError{
		code: resp.StatusCode, kind: resp.Header.Get("X-Error-Code"),
		after: retryAfter(resp.Header.Get("Retry-After"), time.Now()), url: withoutQuery(resp.Request.URL.String()),
	}
}

// withoutQuery is an address fit for a message: without signatures and passwords.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the address"
	}
	u.RawQuery, u.User = "", nil
	return u.String()
}

// retryAfter reads the header's seconds or date.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 {
		return min(time.Duration(n), 24*3600) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// passing says whether an error may be gone when asked again: a busy server or a
// broken connection.
func passing(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		return status.code == http.StatusTooManyRequests || status.code == http.StatusRequestTimeout || status.code >= 500
	}
	return unreachable(err)
}

// unreachable says whether the network, not the server, failed.
func unreachable(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var broken *brokenError
	var network net.Error
	return errors.As(err, &broken) || errors.As(err, &network)
}

// A brokenError is a connection that ended or stalled in the middle of an answer.
type brokenError struct{ cause error }

// Error says what ended it.
func (e *brokenError) Error() string { return "the connection broke: " + e.cause.Error() }

// Unwrap returns the cause.
func (e *brokenError) Unwrap() error { return e.cause }

// wait sleeps before attempt number tries (1, 2, ...) is repeated: as long as the
// server asked for, else 1, 2, 4, 8 seconds. It returns the error when that is too long.
func (c *Client) wait(ctx context.Context, err error, tries int) error {
	d := time.Second << min(tries-1, 3)
	var status *statusError
	if errors.As(err, &status) && status.after > 0 {
		d = status.after
	}
	if d > maxWait {
		return fmt.Errorf("%w: try again in %v", err, d)
	}
	if c.pause != nil {
		c.pause(d)
		return ctx.Err()
	}
	return sleep(ctx, d)
}

// request makes a request for the bytes as stored. The token goes along only when the
// address has the endpoint's scheme, host and port.
func (c *Client) request(ctx context.Context, method, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity")
	req.Header.Set("User-Agent", "defrost")
	if endpoint, err := url.Parse(c.Endpoint); err == nil && c.Token != "" && sameOrigin(endpoint, req.URL) {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	return req, nil
}

// sameOrigin compares scheme, host and port. (net/http keeps a header on redirects
// within a host name, whatever the port.)
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && a.Hostname() == b.Hostname() && port(a) == port(b)
}

// port is the address's port, spelt out.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}

// maxRedirects is net/http's own bound.
const maxRedirects = 10

// defaultTransport honours the proxy variables and gives up on a silent server.
var defaultTransport = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: defaultTimeout, KeepAlive: 30 * time.Second}).DialContext
	t.ResponseHeaderTimeout = 30 * time.Second
	return t
}()

// client returns an HTTP client with our rule for redirects: at another origin the
// token is dropped, or, when stay is set, the redirect itself is the answer.
func (c *Client) client(stay bool) *http.Client {
	h := http.Client{Transport: defaultTransport}
	if c.HTTP != nil {
		h = *c.HTTP
	}
	h.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		switch {
		case len(via) >= maxRedirects:
			return fmt.Errorf("found more than %d redirects", maxRedirects)
		case sameOrigin(req.URL, via[0].URL):
			return nil
		case stay:
			return http.ErrUseLastResponse
		}
		req.Header.Del("Authorization")
		return nil
	}
	return &h
}

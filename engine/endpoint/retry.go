package endpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Limits of asking again.
const (
	usualTries = 6
	mostWait   = 5 * time.Minute // longer, a person decides
)

// A statusError is an answer other than 200.
type statusError struct {
	code    int
	message string        // the server's, short
	param   string        // the field of the request that is refused, where the server names it
	reason  string        // the server's code for that
	path    string        // that was asked, of a server that does not know it
	spent   bool          // the account has no money left: waiting does not help
	after   time.Duration // that the server asks to wait; negative when it does not say
}

// Error names the status and what the server says.
func (e *statusError) Error() string {
	text := fmt.Sprintf("found status %d %s", e.code, http.StatusText(e.code))
	if e.message != "" {
		text += ": " + e.message
	}
	if e.path != "" {
		text += "; asked " + e.path + ", while the addresses of most servers end in /v1"
	}
	return text
}

// refusal turns an answer into a statusError.
func (c *Client) refusal(resp *http.Response) *statusError {
	e := &statusError{code: resp.StatusCode, after: retryAfter(resp.Header.Get("Retry-After"), c.now())}
	if resp.StatusCode == http.StatusNotFound && !strings.HasSuffix(c.base, "/v1") {
		e.path = resp.Request.URL.Path
	}
	data, _ := io.ReadAll(resp.Body) // what came of it has to do
	var r reply
	if json.Unmarshal(data, &r) == nil && r.Error != nil {
		e.message = c.brief(r.Error.Message)
		e.spent = r.Error.Type == "insufficient_quota" || r.Error.Code == "insufficient_quota"
		e.param, _ = r.Error.Param.(string)
		e.reason, _ = r.Error.Code.(string)
	} else {
		e.message = c.brief(string(data))
	}
	return e
}

// retryAfter reads the header's seconds or date; negative without one.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return -1
}

// A brokenError is an answer that did not come, or not whole.
type brokenError struct{ cause error }

// Error is its cause.
func (e *brokenError) Error() string { return e.cause.Error() }

// Unwrap returns the cause.
func (e *brokenError) Unwrap() error { return e.cause }

// passing says whether an error may be gone when asked again.
func passing(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		busy := status.code == http.StatusTooManyRequests && !status.spent
		return busy || status.code == http.StatusRequestTimeout || status.code >= 500
	}
	var broken *brokenError
	return errors.As(err, &broken)
}

// wait is the pause after failure number try: as long as the server asked for, else 1, 2, 4, 8, 16
// seconds. A server that is asked too often is left alone by all requests of the client. It returns
// an error when that is too long.
func (c *Client) wait(ctx context.Context, cause error, try int) error {
	d := time.Second << min(try-1, 4)
	var status *statusError
	refused := errors.As(cause, &status)
	if refused && status.after >= 0 {
		d = status.after
	}
	if d > mostWait {
		return fmt.Errorf("%w: the server asks to wait %v", cause, d)
	}
	if c.Told != nil {
		c.Told(d, c.clean(cause))
	}
	if refused && status.code == http.StatusTooManyRequests {
		c.mu.Lock()
		defer c.mu.Unlock()
		if at := c.now().Add(d); at.After(c.until) {
			c.until = at
		}
		return nil // the next attempt holds
	}
	return c.sleep(ctx, d)
}

// hold waits until the server wants to be asked again.
func (c *Client) hold(ctx context.Context) error {
	for ctx.Err() == nil {
		c.mu.Lock()
		d := c.until.Sub(c.now())
		c.mu.Unlock()
		if d <= 0 {
			return nil
		}
		if err := c.sleep(ctx, d); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) tries() int {
	if c.Tries == 0 {
		return usualTries
	}
	return c.Tries
}

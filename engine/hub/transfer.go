package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// transferTries is how often in a row a download may fail without getting further.
const transferTries = 5

// reportEvery is how many bytes pass between two reports.
const reportEvery = 256 << 10

// A transfer brings one address into one file, going on where an earlier one stopped.
type transfer struct {
	url       string
	path      string // ends in .incomplete; its length is how far we are
	size      int64  // expected; -1 when not known
	validator string // strong ETag or date the part on disk belongs to; "" when its name says so
	report    func(done, total int64)
}

// run downloads until the file is whole. What it has stays on disk when it fails.
func (c *Client) run(ctx context.Context, t *transfer) error {
	var furthest int64
	for tries := 1; ; tries++ {
		before, err := t.start()
		if err != nil {
			return err
		}
		furthest = max(furthest, before)
		if t.size >= 0 && before == t.size {
			return nil
		}
		err = c.transferOnce(ctx, t, before)
		if err == nil {
			err = t.whole()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil || !passing(err) {
			return err
		}
		if n := t.length(); n > furthest { // new bytes came, so there is hope
			tries, furthest = 1, n
		}
		if tries == transferTries {
			return fmt.Errorf("%w (%d bytes are kept; the next attempt goes on from there)", err, t.length())
		}
		if err := c.wait(ctx, err, tries); err != nil {
			return err
		}
	}
}

// start makes sure the file is there and returns its length, 0 after dropping a part
// that is too long.
func (t *transfer) start() (int64, error) {
	f, err := os.OpenFile(t.path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	n := t.length()
	if t.size < 0 || n <= t.size {
		return n, nil
	}
	return 0, os.Truncate(t.path, 0)
}

// length is the size of the part on disk, 0 when there is none.
func (t *transfer) length() int64 {
	info, err := os.Stat(t.path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// whole checks the length once the server has said it is done.
func (t *transfer) whole() error {
	if n := t.length(); t.size >= 0 && n != t.size {
		return &brokenError{fmt.Errorf("found %d bytes, expected %d", n, t.size)}
	}
	return nil
}

// errStalled is why a download without a byte for too long is given up.
var errStalled = errors.New("no data came for too long")

// transferOnce makes one request for what follows byte from.
func (c *Client) transferOnce(ctx context.Context, t *transfer, from int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := c.DownloadTimeout
	if limit == 0 {
		limit = defaultTimeout
	}
	patience := time.AfterFunc(limit, func() { cancel(errStalled) })
	defer patience.Stop()
	req, err := c.request(ctx, http.MethodGet, t.url)
	if err != nil {
		return err
	}
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		if t.validator != "" {
			req.Header.Set("If-Range", t.validator)
		}
	}
	resp, err := c.client(false).Do(req)
	if err == nil {
		defer resp.Body.Close()
		if from, err = t.accept(resp, from); err == nil {
			err = t.receive(resp.Body, from, func() { patience.Reset(limit) })
		}
	}
	if err != nil && context.Cause(ctx) == errStalled {
		return &brokenError{errStalled}
	}
	return err
}

// accept settles at which byte the answer begins. A server may send the whole file
// although a part was asked for.
func (t *transfer) accept(resp *http.Response, from int64) (int64, error) {
	switch {
	case resp.StatusCode == http.StatusOK:
		if t.size < 0 {
			t.size = resp.ContentLength
		}
		return 0, nil
	case resp.StatusCode == http.StatusPartialContent && strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", from)):
		if t.size < 0 && resp.ContentLength >= 0 {
			t.size = from + resp.ContentLength
		}
		return from, nil
	case resp.StatusCode == http.StatusPartialContent, resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		// What is on disk does not fit what is served: begin again.
		if err := os.Truncate(t.path, 0); err != nil {
			return 0, err
		}
		return 0, &brokenError{fmt.Errorf("found range %q, expected it from byte %d", resp.Header.Get("Content-Range"), from)}
	}
	return 0, refusal(resp)
}

// receive writes body into the file from an offset on and calls alive as data comes.
func (t *transfer) receive(body io.Reader, from int64, alive func()) error {
	f, err := os.OpenFile(t.path, os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	err = t.copy(f, body, from, alive)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// copy cuts f at from and appends body.
func (t *transfer) copy(f *os.File, body io.Reader, from int64, alive func()) error {
	if err := f.Truncate(from); err != nil {
		return err
	}
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return err
	}
	t.report(from, t.size)
	buffer := make([]byte, 64<<10)
	for done, told := from, from; ; {
		n, err := body.Read(buffer)
		if _, err := f.Write(buffer[:n]); err != nil {
			return err
		}
		alive()
		if done += int64(n); done-told >= reportEvery || err == io.EOF {
			told = done
			t.report(done, t.size)
		}
		switch {
		case t.size >= 0 && done > t.size:
			return fmt.Errorf("%s: found more than the expected %d bytes", withoutQuery(t.url), t.size)
		case err == io.EOF:
			return nil
		case err != nil:
			return &brokenError{err}
		}
	}
}

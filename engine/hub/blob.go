package hub

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// fetchBlob brings a file's content into the cache, once, and puts it into the
// snapshot. A second client waits for the first and finds the work done.
func (c *Client) fetchBlob(ctx context.Context, f folder, r remote, report func(done, total int64)) error {
	unlock, err := lock(ctx, f.lock(r.etag))
	if err != nil {
		return err
	}
	defer unlock()
	fresh := false
	if f.has(r.commit, r.name) || f.holds(r) {
		report(r.size, r.size)
	} else {
		if err := c.downloadBlob(ctx, f, r, report); err != nil {
			return err
		}
		fresh = true
	}
	return f.place(r.etag, r.commit, r.name, fresh, !c.NoSymlinks)
}

// holds says whether the blob is there in full length.
func (f folder) holds(r remote) bool {
	info, err := os.Stat(f.blob(r.etag))
	return err == nil && info.Mode().IsRegular() && (r.size < 0 || info.Size() == r.size)
}

// downloadBlob fetches until the checksum is right; a damaged file gets one more try
// from the start.
func (c *Client) downloadBlob(ctx context.Context, f folder, r remote, report func(done, total int64)) error {
	blob := f.blob(r.etag)
	if err := os.MkdirAll(filepath.Dir(blob), 0o755); err != nil {
		return err
	}
	t := &transfer{url: r.url, path: blob + ".incomplete", size: r.size, report: report}
	var damaged *checksumError
	for again := true; ; again = false {
		if err := c.run(ctx, t); err != nil {
			return err
		}
		err := verify(t.path, r.etag)
		if err == nil {
			return os.Rename(t.path, blob)
		}
		if !errors.As(err, &damaged) {
			return err
		}
		if err := os.Remove(t.path); err != nil {
			return fmt.Errorf("removing a damaged download: %w", err)
		}
		if !again {
			return err
		}
	}
}

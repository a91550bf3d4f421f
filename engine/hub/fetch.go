package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// ELMo's weights and options, as AllenNLP publishes them; %s is a model's name: see
// ELMoFiles.
const elmoAddress = "https://allennlp.s3.amazonaws.com/models/elmo/%[1]s/elmo_%[1]s_%[2]s"

// ELMoFiles are the addresses of a model's options and weights. Names are the paper's
// sizes: "2x4096_512_2048cnn_2xhighway" (original), the same with "_5.5B",
// "2x2048_256_2048cnn_1xhighway" (medium), "2x1024_128_2048cnn_1xhighway" (small).
func ELMoFiles(name string) (options, weights string) {
	return fmt.Sprintf(elmoAddress, name, "options.json"), fmt.Sprintf(elmoAddress, name, "weights.hdf5")
}

// GloVe6B is the archive of the 50, 100, 200 and 300 wide vectors of 400,000 words.
const GloVe6B = "https://nlp.stanford.edu/data/glove.6B.zip"

// folderOfOthers lies beside the hub's cache, for files from other addresses.
const folderOfOthers = "defrost"

// Fetch downloads a file that is on no hub, once, and returns its path,
// Home/defrost/name. A file that is there is not asked for again. An interrupted
// download goes on, unless the server's file has changed since.
func (c *Client) Fetch(ctx context.Context, address, name string, progress func(Progress)) (path string, err error) {
	if err := checkName(name); err != nil {
		return "", fmt.Errorf("hub: %w", err)
	}
	path = filepath.Join(c.Home, folderOfOthers, filepath.FromSlash(name))
	if err := c.fetchFile(ctx, address, path, name, progress); err != nil {
		return "", fmt.Errorf("hub: %s: %w", name, err)
	}
	return path, nil
}

// there says whether a file has been downloaded: it gets its name when it is whole.
func there(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (c *Client) fetchFile(ctx context.Context, address, path, name string, progress func(Progress)) error {
	if there(path) {
		return nil
	}
	if c.Offline {
		return fmt.Errorf("found no %s, and offline mode is on", path)
	}
	unlock, err := lock(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if there(path) { // another process was faster
		return nil
	}
	t := &transfer{url: address, path: path + ".incomplete", size: -1, report: func(done, total int64) {
		if progress != nil {
			progress(Progress{File: name, Done: done, Total: total})
		}
	}}
	if err := c.prepare(ctx, t); err != nil {
		return err
	}
	if err := c.run(ctx, t); err != nil {
		return err
	}
	os.Remove(t.path + ".version")
	return os.Rename(t.path, path)
}

// prepare asks for the file's size and version. A part on disk that belongs to another
// version, or to an unknown one, is dropped.
func (c *Client) prepare(ctx context.Context, t *transfer) error {
	req, err := c.request(ctx, http.MethodHead, t.url)
	if err != nil {
		return err
	}
	resp, err := c.client(false).Do(req)
	if err != nil {
		return err
	}
	resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusOK:
		t.size = resp.ContentLength
		t.validator = validator(resp.Header)
	case resp.StatusCode == http.StatusNotFound, resp.StatusCode == http.StatusGone:
		return refusal(resp)
	} // other servers may refuse HEAD only: the download will tell
	version := t.path + ".version"
	if kept, err := os.ReadFile(version); err != nil || string(kept) != t.validator || t.validator == "" {
		if err := os.Remove(t.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return writeWhole(version, t.validator)
}

// validator is what If-Range may hold: a strong ETag, else the date.
func validator(h http.Header) string {
	if etag := h.Get("ETag"); etag != "" && !strings.HasPrefix(etag, "W/") {
		return etag
	}
	return h.Get("Last-Modified")
}

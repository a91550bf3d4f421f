package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// remote is what the hub says about one file.
type remote struct {
	name   string
	url    string
	etag   string // sha256 (64 hex digits) or git's blob sha1 (40); names the blob
	size   int64  // -1 when not said
	commit string
}

// etagPattern is what may name a blob: checksums, and tags of other servers that are
// safe as file names.
var etagPattern = regexp.MustCompile(`^[A-Za-z0-9][\w.-]{0,200}$`)

// headTries is how often a busy hub is asked about a file.
const headTries = 3

// head asks about a file. A missing file is a statusError of kind EntryNotFound, whose
// commit is still filled in.
func (c *Client) head(ctx context.Context, repo Repo, revision, name string) (remote, error) {
	for tries := 1; ; tries++ {
		r, err := c.headOnce(ctx, repo, revision, name)
		var status *statusError
		if err == nil || tries == headTries || !errors.As(err, &status) || !passing(err) {
			return r, err
		}
		if err := c.wait(ctx, err, tries); err != nil {
			return r, err
		}
	}
}

func (c *Client) headOnce(ctx context.Context, repo Repo, revision, name string) (remote, error) {
	timeout := c.HeadTimeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := remote{name: name, url: c.address(repo, revision, name), size: -1}
	req, err := c.request(ctx, http.MethodHead, r.url)
	if err != nil {
		return r, err
	}
	resp, err := c.client(true).Do(req)
	if err != nil {
		return r, err
	}
	resp.Body.Close()
	if commit := said(resp, "X-Repo-Commit"); commitPattern.MatchString(commit) {
		r.commit = commit
	}
	if resp.StatusCode >= 400 {
		return r, refusal(resp)
	}
	return r, r.describe(resp)
}

// said returns a header of the hub's answer, or else of the redirects within the hub
// that led to it.
func said(resp *http.Response, header string) string {
	for ; resp != nil; resp = resp.Request.Response {
		if v := resp.Header.Get(header); v != "" {
			return v
		}
	}
	return ""
}

// describe reads checksum and size. A file that lies elsewhere (a redirect) is
// described by the X-Linked headers of the hub's own answer.
func (r *remote) describe(resp *http.Response) error {
	r.etag = strings.Trim(strings.TrimPrefix(first(said(resp, "X-Linked-Etag"), resp.Header.Get("ETag")), "W/"), `"`)
	size := said(resp, "X-Linked-Size")
	if size == "" && resp.StatusCode == http.StatusOK {
		size = resp.Header.Get("Content-Length")
	}
	if n, err := strconv.ParseInt(size, 10, 64); err == nil && n >= 0 {
		r.size = n
	}
	if r.commit == "" {
		return fmt.Errorf("%s: found an answer without X-Repo-Commit, expected a hub in the manner of Hugging Face", r.url)
	}
	if !etagPattern.MatchString(r.etag) {
		return fmt.Errorf("%s: found the checksum %.80q, expected letters and digits", r.url, r.etag)
	}
	return nil
}

// address is where a file is served.
func (c *Client) address(repo Repo, revision, name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return c.Endpoint + "/" + repo.ID + "/resolve/" + url.PathEscape(revision) + "/" + strings.Join(parts, "/")
}

// maxListing bounds the list of a repository's files, in bytes.
const maxListing = 32 << 20

// Files lists the names of a repository's files, as they are on the hub now.
func (c *Client) Files(ctx context.Context, repo Repo) ([]string, error) {
	repo, err := repo.check()
	if err != nil {
		return nil, err
	}
	names, err := c.list(ctx, repo, repo.Revision)
	if err != nil {
		return nil, c.explain(repo, err)
	}
	return names, nil
}

// list asks for the names of a repository's files.
func (c *Client) list(ctx context.Context, repo Repo, revision string) ([]string, error) {
	kind := "models/"
	if strings.HasPrefix(repo.ID, datasetPrefix) {
		kind = ""
	}
	req, err := c.request(ctx, http.MethodGet, c.Endpoint+"/api/"+kind+repo.ID+"/revision/"+url.PathEscape(revision))
	if err != nil {
		return nil, err
	}
	resp, err := c.client(false).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(resp)
	}
	var listing struct {
		Siblings []struct {
			Name string `json:"rfilename"`
		} `json:"siblings"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxListing)).Decode(&listing); err != nil {
		return nil, &brokenError{err}
	}
	var names []string
	for _, s := range listing.Siblings {
		if checkName(s.Name) == nil {
			names = append(names, s.Name)
		}
	}
	return names, nil
}

// missing says whether the hub has the repository but not the file.
func missing(err error) bool {
	var status *statusError
	return errors.As(err, &status) && status.code == http.StatusNotFound &&
		(status.kind == "EntryNotFound" || status.kind == "")
}

// explain turns a refusal into a sentence that says what to do.
func (c *Client) explain(repo Repo, err error) error {
	var status *statusError
	if !errors.As(err, &status) {
		return fmt.Errorf("hub: %s: %w", repo, err)
	}
	token := "set HF_TOKEN if it is private"
	if c.Token != "" {
		token = "the token that was sent gives no access to it"
	}
	switch {
	case status.code == http.StatusUnauthorized, status.kind == "RepoNotFound":
		return fmt.Errorf("hub: %s: found no such repository at %s (status %d): check the name; %s", repo.ID, c.Endpoint, status.code, token)
	case status.code == http.StatusForbidden:
		return fmt.Errorf("hub: %s: access is restricted (status 403): accept its terms at %s/%s; %s", repo.ID, c.Endpoint, repo.ID, token)
	case status.kind == "RevisionNotFound":
		return fmt.Errorf("hub: %s: found no revision %q, expected a branch, tag or commit (status 404)", repo.ID, repo.Revision)
	case status.code == http.StatusTooManyRequests:
		return fmt.Errorf("hub: %s: the hub asks to slow down (status 429): try again later: %w", repo, err)
	}
	return fmt.Errorf("hub: %s: %w", repo, err)
}

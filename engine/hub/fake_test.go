package hub

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	someCommit  = "0123456789abcdef0123456789abcdef01234567"
	otherCommit = "89abcdef0123456789abcdef0123456789abcdef"
)

// fakeHub serves the files of one repository the way huggingface.co does, and lets
// a test get in the way.
type fakeHub struct {
	*httptest.Server
	cdn *httptest.Server // another port, where large files lie

	mu     sync.Mutex
	commit string
	files  map[string]string
	large  map[string]bool // served from the cdn
	asked  []string        // "METHOD path range"
	tokens []string        // Authorization of every request to the cdn

	before func(w http.ResponseWriter, r *http.Request) bool // true: the request is answered
	serve  func(w http.ResponseWriter, r *http.Request, content string)
}

func newFakeHub(t *testing.T, files map[string]string) *fakeHub {
	h := &fakeHub{commit: someCommit, files: files, large: map[string]bool{}}
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
	}
	h.Server = httptest.NewServer(http.HandlerFunc(h.answer))
	h.cdn = httptest.NewServer(http.HandlerFunc(h.answerCDN))
	t.Cleanup(h.Server.Close)
	t.Cleanup(h.cdn.Close)
	return h
}

// client returns a client of this hub with an empty cache and no patience.
func (h *fakeHub) client(t *testing.T) *Client {
	home := t.TempDir()
	return &Client{Endpoint: h.URL, Home: home, Cache: filepath.Join(home, "hub"), pause: func(time.Duration) {}}
}

// requests counts what was asked for with a method.
func (h *fakeHub) requests(method string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, a := range h.asked {
		if strings.HasPrefix(a, method+" ") {
			n++
		}
	}
	return n
}

func (h *fakeHub) answer(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.asked = append(h.asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Range"))
	before, commit := h.before, h.commit
	h.mu.Unlock()
	if before != nil && before(w, r) {
		return
	}
	if strings.HasPrefix(r.URL.Path, "/api/models/") {
		var names []string
		for name := range h.files {
			names = append(names, fmt.Sprintf(`{"rfilename":%q}`, name))
		}
		fmt.Fprintf(w, `{"sha":%q,"siblings":[%s]}`, commit, strings.Join(names, ","))
		return
	}
	_, rest, _ := strings.Cut(r.URL.Path, "/resolve/")
	_, name, _ := strings.Cut(rest, "/")
	content, ok := h.files[name]
	w.Header().Set("X-Repo-Commit", commit)
	if !ok {
		w.Header().Set("X-Error-Code", "EntryNotFound")
		http.Error(w, "Entry not found", http.StatusNotFound)
		return
	}
	if h.large[name] {
		w.Header().Set("X-Linked-Etag", `"`+sha256Of(content)+`"`)
		w.Header().Set("X-Linked-Size", fmt.Sprint(len(content)))
		http.Redirect(w, r, h.cdn.URL+"/"+name+"?signature=secret", http.StatusFound)
		return
	}
	w.Header().Set("ETag", `"`+gitSHA1Of(content)+`"`)
	h.serve(w, r, content)
}

func (h *fakeHub) answerCDN(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.tokens = append(h.tokens, r.Header.Get("Authorization"))
	h.asked = append(h.asked, "CDN "+r.URL.Path+" "+r.Header.Get("Range"))
	h.mu.Unlock()
	h.serve(w, r, h.files[strings.TrimPrefix(r.URL.Path, "/")])
}

func sha256Of(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }

func gitSHA1Of(content string) string {
	return fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content)))
}

// contains checks a pulled file.
func contains(t *testing.T, dir, name, want string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil || string(got) != want {
		t.Errorf("%s has %d bytes, %v, want %d", name, len(got), err, len(want))
	}
}

// refused checks that an error is one line with the words in it.
func refused(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want one", what)
		return
	}
	for _, w := range append(words, "hub: ") {
		if !strings.Contains(err.Error(), w) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %q, want one line with %q", what, err, w)
		}
	}
}

package hub

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// plainServer serves one file with an ETag, and notes the ranges asked for.
func plainServer(t *testing.T, content *string, version *string) (*httptest.Server, *[]string) {
	asked := &[]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Method+" "+r.Header.Get("Range"))
		w.Header().Set("ETag", *version)
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(*content))
	}))
	t.Cleanup(s.Close)
	return s, asked
}

func TestAPlainFileIsFetchedOnce(t *testing.T) {
	content, version := "weights", `"1"`
	s, asked := plainServer(t, &content, &version)
	c := &Client{Home: t.TempDir()}
	for range 2 {
		path, err := c.Fetch(t.Context(), s.URL, "elmo/weights.hdf5", nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(c.Home, "defrost", "elmo", "weights.hdf5"); path != want {
			t.Errorf("path is %s, want %s", path, want)
		}
		contains(t, c.Home, "defrost/elmo/weights.hdf5", content)
	}
	if len(*asked) != 2 {
		t.Errorf("asked %q, want one HEAD and one GET", *asked)
	}
	c.Offline = true
	if _, err := c.Fetch(t.Context(), s.URL, "elmo/weights.hdf5", nil); err != nil {
		t.Errorf("offline: %v, want the file that is here", err)
	}
	_, err := c.Fetch(t.Context(), s.URL, "other", nil)
	refused(t, "offline", err, "other: found no ", "offline mode is on")
	_, err = c.Fetch(t.Context(), s.URL, "../x", nil)
	refused(t, "escape", err, "expected a path")
}

func TestAPartOfTheSameVersionGoesOn(t *testing.T) {
	for _, tt := range []struct {
		kept string // version of the part on disk
		want string // range of the download
	}{{`"1"`, "GET bytes=3-"}, {`"0"`, "GET "}, {"", "GET "}} {
		content, version := "0123456789", `"1"`
		s, asked := plainServer(t, &content, &version)
		c := &Client{Home: t.TempDir()}
		part := filepath.Join(c.Home, "defrost", "f.incomplete")
		os.MkdirAll(filepath.Dir(part), 0o755)
		os.WriteFile(part, []byte("012"), 0o644)
		os.WriteFile(part+".version", []byte(tt.kept), 0o644)
		if _, err := c.Fetch(t.Context(), s.URL, "f", nil); err != nil {
			t.Fatal(err)
		}
		contains(t, c.Home, "defrost/f", content)
		if got := (*asked)[len(*asked)-1]; got != tt.want {
			t.Errorf("part of version %s: asked %q, want %q", tt.kept, got, tt.want)
		}
		if left, _ := filepath.Glob(part + "*"); len(left) != 0 {
			t.Errorf("left %v, want nothing", left)
		}
	}
}

func TestACutPlainFileIsNotWhole(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		if r.Method == http.MethodGet {
			w.Write([]byte("012"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	}))
	defer s.Close()
	c := &Client{Home: t.TempDir(), pause: func(time.Duration) {}}
	path, err := c.Fetch(t.Context(), s.URL, "f", nil)
	refused(t, "cut", err, "f: the connection broke", "3 bytes are kept")
	if path != "" || there(filepath.Join(c.Home, "defrost", "f")) {
		t.Error("a cut download got the name of a whole file")
	}
}

func TestAMissingPlainFileIsExplained(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	c := &Client{Home: t.TempDir()}
	_, err := c.Fetch(t.Context(), s.URL+"/x", "f", nil)
	refused(t, "missing", err, fmt.Sprintf("f: %s/x: found status 404 Not Found", s.URL))
}

func TestPublishedAddressesAreSpeltOut(t *testing.T) {
	options, weights := ELMoFiles("2x1024_128_2048cnn_1xhighway")
	const base = "https://allennlp.s3.amazonaws.com/models/elmo/2x1024_128_2048cnn_1xhighway/elmo_2x1024_128_2048cnn_1xhighway_"
	if options != base+"options.json" || weights != base+"weights.hdf5" {
		t.Errorf("got %s and %s", options, weights)
	}
}

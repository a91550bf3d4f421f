package hub

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cutAfter serves n bytes of the content asked for, then breaks the connection, once.
func (h *fakeHub) cutAfter(n int) {
	whole, done := h.serve, false
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		if done || r.Method == http.MethodHead {
			whole(w, r, content)
			return
		}
		done = true
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write([]byte(content[:n]))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestADownloadCutAtAnyByteGoesOn(t *testing.T) {
	const content = "twenty bytes of file"
	for n := range content {
		h := newFakeHub(t, map[string]string{"m": content})
		h.large["m"] = true
		h.cutAfter(n)
		dir, err := h.pullInto(t, "m")
		if err != nil {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		contains(t, dir, "m", content)
		last := h.asked[len(h.asked)-1]
		if want := fmt.Sprintf("bytes=%d-", n); n > 0 && !strings.HasSuffix(last, want) {
			t.Errorf("cut after %d bytes: last request is %q, want %q: what came is kept", n, last, want)
		}
	}
}

func TestWhatAFailedPullLeftIsUsedByTheNext(t *testing.T) {
	const content = "0123456789"
	for name, onDisk := range map[string]string{"part": content[:4], "whole": content, "too long": content + "xx", "damaged": "01x3"} {
		h := newFakeHub(t, map[string]string{"m": content})
		h.large["m"] = true
		c := h.client(t)
		part := filepath.Join(c.Cache, "models--org--bert", "blobs", sha256Of(content)+".incomplete")
		os.MkdirAll(filepath.Dir(part), 0o755)
		os.WriteFile(part, []byte(onDisk), 0o644)
		var firstDone int64 = -1
		dir, err := c.Pull(t.Context(), bert, []string{"m"}, func(p Progress) {
			if firstDone < 0 {
				firstDone = p.Done
			}
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		contains(t, dir, "m", content)
		if name == "part" && firstDone != 4 {
			t.Errorf("%s: progress begins at %d, want 4", name, firstDone)
		}
		if name == "whole" && h.requests("CDN") != 0 {
			t.Errorf("%s: downloaded again", name)
		}
		if _, err := os.Stat(part); err == nil {
			t.Errorf("%s: the incomplete file is left", name)
		}
	}
}

func TestAServerThatIgnoresRangesIsReadFromTheStart(t *testing.T) {
	const content = "0123456789"
	h := newFakeHub(t, map[string]string{"m": content})
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		r.Header.Del("Range")
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
	}
	h.cutAfter(4)
	dir, err := h.pullInto(t, "m")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "m", content)
}

func TestAWrongChecksumIsFetchedAgainThenRefused(t *testing.T) {
	for _, large := range []bool{true, false} {
		h := newFakeHub(t, map[string]string{"m": "right"})
		h.large["m"] = large
		whole, lies := h.serve, 1
		h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
			if r.Method == http.MethodGet && lies > 0 {
				lies--
				content = "wrong"
			}
			whole(w, r, content)
		}
		dir, err := h.pullInto(t, "m")
		if err != nil {
			t.Fatal(err)
		}
		contains(t, dir, "m", "right")
		lies = 100
		c := h.client(t)
		_, err = c.Pull(t.Context(), bert, []string{"m"}, nil)
		refused(t, "wrong twice", err, "m: found checksum ", "the download is damaged and was thrown away")
		if left, _ := filepath.Glob(filepath.Join(c.Cache, "models--org--bert", "*", "*")); len(left) != 0 {
			t.Errorf("left %v, want nothing", left)
		}
	}
}

func TestALongerAnswerIsRefused(t *testing.T) {
	h := newFakeHub(t, map[string]string{"m": "short"})
	h.large["m"] = true
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		w.Write([]byte(strings.Repeat(content, 1000)))
	}
	_, err := h.pullInto(t, "m")
	refused(t, "too long", err, "found more than the expected 5 bytes")
}

func TestABrokenDownloadIsGivenUpAndKept(t *testing.T) {
	h := newFakeHub(t, map[string]string{"m": "0123456789"})
	h.large["m"] = true
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		if r.Header.Get("Range") != "" {
			http.Error(w, "", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Length", "10")
		w.Write([]byte(content[:3]))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	_, err := h.pullInto(t, "m")
	refused(t, "gives up", err, "m: ", "status 502", "3 bytes are kept")
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%q shows the address's signature", err)
	}
}

func TestAStalledDownloadIsTriedAgain(t *testing.T) {
	h := newFakeHub(t, map[string]string{"m": "0123456789"})
	h.large["m"] = true
	whole, stalled := h.serve, false
	h.serve = func(w http.ResponseWriter, r *http.Request, content string) {
		if stalled {
			whole(w, r, content)
			return
		}
		stalled = true
		w.Header().Set("Content-Length", "10")
		w.Write([]byte(content[:3]))
		w.(http.Flusher).Flush()
		<-r.Context().Done() // until the client gives up
	}
	c := h.client(t)
	c.DownloadTimeout = 200 * time.Millisecond
	dir, err := c.Pull(t.Context(), bert, []string{"m"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "m", "0123456789")
}

func TestProgressReachesTheEnd(t *testing.T) {
	content := strings.Repeat("x", 3*reportEvery+5)
	h := newFakeHub(t, map[string]string{"a": content, "b": content, "empty": ""})
	last := map[string]Progress{}
	c := h.client(t)
	dir, err := c.Pull(t.Context(), bert, []string{"a", "b", "empty"}, func(p Progress) {
		if p.Done < last[p.File].Done || p.Total != int64(len(h.files[p.File])) {
			t.Errorf("%s went from %d to %d of %d", p.File, last[p.File].Done, p.Done, p.Total)
		}
		last[p.File] = p
	})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "empty", "")
	for _, name := range []string{"a", "b"} {
		if got := last[name].Done; got != int64(len(content)) {
			t.Errorf("%s ends at %d, want %d", name, got, len(content))
		}
	}
}

package command

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"defrost/engine/enginetest"
)

// hubOf serves a model folder as org/tiny.
func hubOf(t *testing.T, dir string) *httptest.Server {
	t.Helper()
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Repo-Commit", strings.Repeat("ab", 20))
		data, err := os.ReadFile(filepath.Join(dir, path.Base(r.URL.Path)))
		if err != nil || !strings.HasPrefix(r.URL.Path, "/org/tiny/resolve/") {
			w.Header().Set("X-Error-Code", "EntryNotFound")
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(data))))
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(data)))
	}))
	t.Cleanup(hub.Close)
	return hub
}

func TestPulledBackboneIsUsedByItsNameWithoutTheNetwork(t *testing.T) {
	home(t)
	hub := hubOf(t, enginetest.Bert(t))
	t.Setenv("HF_HOME", t.TempDir())
	t.Setenv("HF_ENDPOINT", hub.URL)
	refusal{"not there yet", []string{"inspect", "org/tiny"}, exitFailed, []string{"org/tiny"}}.check(t)
	r := do(t, "", "pull", "org/tiny")
	if r.code != exitOK || !strings.Contains(r.err, "model.safetensors") {
		t.Fatalf("got code %d and %q, want the files named", r.code, r.err)
	}
	if _, err := os.Stat(filepath.Join(strings.TrimSpace(r.out), "config.json")); err != nil {
		t.Errorf("got %q on standard output: %v", r.out, err)
	}
	hub.Close()
	succeeded(t, "", "inspect", "org/tiny")
	if got := succeeded(t, "the film", "tokenize", "org/tiny"); got != "[23,17]\n" {
		t.Errorf("got %q, want [23,17]", got)
	}
	succeeded(t, "", append(small(t), "--backbone", "org/tiny")...)
}

package hub

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTheTokenStaysAtItsHostAndPort(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}", "m": "weights"})
	h.large["m"] = true
	var seen []string
	h.before = func(_ http.ResponseWriter, r *http.Request) bool {
		seen = append(seen, r.Header.Get("Authorization"))
		return false
	}
	c := h.client(t)
	c.Token = "hf_secret"
	if _, err := c.Pull(t.Context(), bert, []string{"config.json"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Pull(t.Context(), bert, []string{"m"}, nil); err != nil {
		t.Fatal(err)
	}
	for i, got := range seen {
		if got != "Bearer hf_secret" {
			t.Errorf("request %d to the hub carries %q, want the token", i, got)
		}
	}
	if len(h.tokens) != 1 || h.tokens[0] != "" {
		t.Errorf("requests to the other port carry %q, want one without a token", h.tokens)
	}
	if _, err := c.Fetch(t.Context(), h.cdn.URL+"/config.json", "a", nil); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(h.tokens, "Bearer hf_secret") {
		t.Error("the token went to another server")
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	tests := []struct {
		code        int
		kind, token string
		want        []string
	}{
		{401, "RepoNotFound", "", []string{"org/bert: found no such repository", "status 401", "set HF_TOKEN if it is private"}},
		{401, "", "hf_x", []string{"found no such repository", "the token that was sent gives no access"}},
		{403, "GatedRepo", "", []string{"access is restricted (status 403)", "accept its terms at ", "/org/bert"}},
		{404, "RepoNotFound", "", []string{"found no such repository", "status 404"}},
		{404, "RevisionNotFound", "", []string{`found no revision "main", expected a branch`}},
		{404, "EntryNotFound", "", []string{"found no config.json in the repository"}},
		{404, "", "", []string{"found no config.json in the repository"}},
		{429, "", "", []string{"found nothing in the cache", "429"}},
		{500, "", "", []string{"found nothing in the cache", "status 500"}},
		{418, "", "", []string{"status 418"}},
	}
	for _, tt := range tests {
		h := newFakeHub(t, nil)
		h.before = func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Error-Code", tt.kind)
			w.WriteHeader(tt.code)
			return true
		}
		c := h.client(t)
		c.Token = tt.token
		_, err := c.Pull(t.Context(), bert, []string{"config.json"}, nil)
		refused(t, http.StatusText(tt.code), err, tt.want...)
	}
}

func TestABusyHubIsAskedAgainWhenItSays(t *testing.T) {
	for _, code := range []int{429, 503} {
		h := newFakeHub(t, map[string]string{"m": "weights"})
		answers := map[string]int{}
		h.before = func(w http.ResponseWriter, r *http.Request) bool {
			if answers[r.Method]++; answers[r.Method] > 1 {
				return false
			}
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(code)
			return true
		}
		var waits []time.Duration
		c := h.client(t)
		c.pause = func(d time.Duration) { waits = append(waits, d) }
		dir, err := c.Pull(t.Context(), bert, []string{"m"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		contains(t, dir, "m", "weights")
		if want := []time.Duration{7 * time.Second, 7 * time.Second}; !slices.Equal(waits, want) {
			t.Errorf("status %d: waited %v, want %v", code, waits, want)
		}
	}
}

func TestWaitsGrowAndEnd(t *testing.T) {
	var waits []time.Duration
	c := &Client{pause: func(d time.Duration) { waits = append(waits, d) }}
	for tries := 1; tries <= 5; tries++ {
		if err := c.wait(t.Context(), errors.New("x"), tries); err != nil {
			t.Fatal(err)
		}
	}
	if want := []time.Duration{1e9, 2e9, 4e9, 8e9, 8e9}; !slices.Equal(waits, want) {
		t.Errorf("waited %v, want %v", waits, want)
	}
	if err := c.wait(t.Context(), &statusError{code: 429, after: time.Hour}, 1); err == nil || !strings.Contains(err.Error(), "try again in 1h") {
		t.Errorf("an hour's wait gives %v, want an error that says so", err)
	}
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"": 0, "12": 12 * time.Second, "-3": 0, "soon": 0, "99999999999": 24 * time.Hour,
		"Wed, 01 Jan 2020 00:01:00 GMT": time.Minute, "Tue, 31 Dec 2019 00:00:00 GMT": 0,
	}
	for header, want := range tests {
		if got := retryAfter(header, now); got != want {
			t.Errorf("Retry-After %q = %v, want %v", header, got, want)
		}
	}
}

func TestAMovedRepositoryIsFollowedWithinTheHub(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}"})
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/org/") {
			return false
		}
		w.Header().Set("Location", strings.Replace(r.URL.Path, "/org/", "/new-org/", 1))
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	dir, err := h.pullInto(t, "config.json")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "config.json", "{}")
}

func TestAnAnswerThatIsNoHubIsRefused(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello")) }))
	defer s.Close()
	c := &Client{Endpoint: s.URL, Cache: t.TempDir()}
	_, err := c.Pull(t.Context(), bert, []string{"config.json"}, nil)
	refused(t, "no hub", err, "without X-Repo-Commit")

	h := newFakeHub(t, nil)
	h.before = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("X-Repo-Commit", someCommit)
		w.Header().Set("ETag", `"../../escape"`)
		return true
	}
	_, err = h.pullInto(t, "config.json")
	refused(t, "hostile checksum", err, `found the checksum "../../escape"`)
}

func TestTheEnvironmentIsReadAsPythonReadsIt(t *testing.T) {
	home := t.TempDir()
	clear := []string{"HF_HOME", "XDG_CACHE_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_ENDPOINT", "HF_HUB_OFFLINE",
		"TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_SYMLINKS", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"}
	tests := []struct {
		set   map[string]string
		check func(c *Client) bool
	}{
		{nil, func(c *Client) bool {
			return c.Cache == filepath.Join(home, ".cache/huggingface/hub") && c.Endpoint == "https://huggingface.co" && !c.Offline
		}},
		{map[string]string{"XDG_CACHE_HOME": "/x"}, func(c *Client) bool { return c.Home == filepath.FromSlash("/x/huggingface") }},
		{map[string]string{"XDG_CACHE_HOME": "/x", "HF_HOME": "~/hf"}, func(c *Client) bool { return c.Cache == filepath.Join(home, "hf/hub") }},
		{map[string]string{"HF_HUB_CACHE": "/a", "HUGGINGFACE_HUB_CACHE": "/b"}, func(c *Client) bool { return c.Cache == "/a" }},
		{map[string]string{"HUGGINGFACE_HUB_CACHE": "/b"}, func(c *Client) bool { return c.Cache == "/b" }},
		{map[string]string{"HF_TOKEN": " hf_x\n"}, func(c *Client) bool { return c.Token == "hf_x" }},
		{map[string]string{"HF_TOKEN_PATH": filepath.Join(home, "tok")}, func(c *Client) bool { return c.Token == "hf_file" }},
		{map[string]string{"HF_ENDPOINT": "https://mirror/"}, func(c *Client) bool { return c.Endpoint == "https://mirror" }},
		{map[string]string{"HF_HUB_OFFLINE": "yes"}, func(c *Client) bool { return c.Offline }},
		{map[string]string{"TRANSFORMERS_OFFLINE": "1"}, func(c *Client) bool { return c.Offline }},
		{map[string]string{"HF_HUB_OFFLINE": "0"}, func(c *Client) bool { return !c.Offline }},
		{map[string]string{"HF_HUB_DISABLE_SYMLINKS": "True"}, func(c *Client) bool { return c.NoSymlinks }},
		{map[string]string{"HF_HUB_ETAG_TIMEOUT": "2.5"}, func(c *Client) bool { return c.HeadTimeout == 2500*time.Millisecond }},
	}
	if err := writeWhole(filepath.Join(home, "tok"), "hf_file\n"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for _, tt := range tests {
		for _, name := range clear {
			t.Setenv(name, tt.set[name])
		}
		if c := New(); !tt.check(c) {
			t.Errorf("%v: got %+v", tt.set, c)
		}
	}
}

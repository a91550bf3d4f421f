package hub

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// New returns a client set up by the environment variables huggingface_hub reads:
// HF_HOME (else XDG_CACHE_HOME/huggingface, else ~/.cache/huggingface), HF_HUB_CACHE or
// HUGGINGFACE_HUB_CACHE, HF_ENDPOINT, HF_TOKEN or the file HF_TOKEN_PATH, HF_HUB_OFFLINE
// or TRANSFORMERS_OFFLINE, HF_HUB_DISABLE_SYMLINKS, HF_HUB_ETAG_TIMEOUT and
// HF_HUB_DOWNLOAD_TIMEOUT (seconds).
func New() *Client {
	home := first(os.Getenv("HF_HOME"), join(os.Getenv("XDG_CACHE_HOME"), "huggingface"), "~/.cache/huggingface")
	c := &Client{
		Endpoint:        strings.TrimRight(first(os.Getenv("HF_ENDPOINT"), "https://huggingface.co"), "/"),
		Home:            expand(home),
		Offline:         isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE"),
		NoSymlinks:      isSet("HF_HUB_DISABLE_SYMLINKS"),
		HeadTimeout:     seconds("HF_HUB_ETAG_TIMEOUT"),
		DownloadTimeout: seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
	}
	c.Cache = expand(first(os.Getenv("HF_HUB_CACHE"), os.Getenv("HUGGINGFACE_HUB_CACHE"), filepath.Join(c.Home, "hub")))
	c.Token = first(os.Getenv("HF_TOKEN"), tokenFile(first(os.Getenv("HF_TOKEN_PATH"), filepath.Join(c.Home, "token"))))
	c.Token = strings.TrimSpace(c.Token)
	return c
}

// first returns the first string that is not empty.
func first(values ...string) string {
	i := slices.IndexFunc(values, func(s string) bool { return s != "" })
	if i < 0 {
		return ""
	}
	return values[i]
}

// join is filepath.Join, except that nothing joined to no folder is nothing.
func join(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// expand replaces a leading ~ by the home folder.
func expand(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// isSet reads a switch the way huggingface_hub does.
func isSet(variable string) bool {
	return slices.Contains([]string{"1", "ON", "YES", "TRUE"}, strings.ToUpper(os.Getenv(variable)))
}

// seconds reads a number of seconds; 0 when there is none.
func seconds(variable string) time.Duration {
	d, err := time.ParseDuration(os.Getenv(variable) + "s")
	if err != nil || d < 0 {
		return 0
	}
	return d
}

// tokenFile reads the token `hf auth login` left; no file is no token.
func tokenFile(path string) string {
	b, err := os.ReadFile(expand(path))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

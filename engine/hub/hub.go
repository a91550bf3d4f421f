// Package hub fetches pre-trained models and keeps them in the cache that Python's
// huggingface_hub uses, so that neither tool downloads what the other has.
//
// Walk: New reads the environment; Pull turns wishes into files (plan.go), asks the hub
// for each one's checksum (head.go), downloads what the cache lacks (blob.go,
// transfer.go), and lays the files out as a snapshot (layout.go):
//
//	models--org--name/refs/main                    the commit "main" stands for
//	models--org--name/blobs/<checksum>             each content once
//	models--org--name/snapshots/<commit>/<file>    links into blobs
//
// An interrupted download goes on where it stopped, a file with a wrong checksum is
// thrown away, and without a network the cache answers.
package hub

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A Repo names a repository on the hub at a revision. Data sets are written with
// their prefix, e.g. "datasets/stanfordnlp/sst2".
type Repo struct {
	ID       string // e.g. "bert-base-uncased" or "FacebookAI/roberta-base"
	Revision string // a branch, tag or commit; "main" when empty
}

// String is the repository as messages name it.
func (r Repo) String() string {
	if r.Revision == "" || r.Revision == mainBranch {
		return r.ID
	}
	return r.ID + "@" + r.Revision
}

const (
	mainBranch    = "main"
	datasetPrefix = "datasets/"
)

var (
	idPattern       = regexp.MustCompile(`^(datasets/)?[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?$`)
	revisionPattern = regexp.MustCompile(`^[A-Za-z0-9][\w./-]*$`)
	commitPattern   = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// check fills in the revision and refuses names that would leave the cache folder.
func (r Repo) check() (Repo, error) {
	if r.Revision == "" {
		r.Revision = mainBranch
	}
	if !idPattern.MatchString(r.ID) || strings.Contains(r.ID, "..") || strings.Contains(r.ID, "--") {
		return r, fmt.Errorf("hub: found repository %q, expected a name such as org/name", r.ID)
	}
	if !revisionPattern.MatchString(r.Revision) || !filepath.IsLocal(r.Revision) || strings.Contains(r.Revision, "..") {
		return r, fmt.Errorf("hub: %s: found revision %q, expected a branch, tag or commit", r.ID, r.Revision)
	}
	return r, nil
}

// Progress tells how far a file has come, or, in Note, what the person should know
// (such as that the cache stands in for the network).
type Progress struct {
	File  string
	Done  int64 // bytes so far, those of an earlier attempt included
	Total int64 // bytes in all; -1 when the server does not say
	Note  string
}

// A Client talks to one hub and one cache. New fills it in from the environment; the
// zero value of the rest works.
type Client struct {
	Endpoint   string // e.g. "https://huggingface.co", without a slash at the end
	Home       string // HF_HOME: token, and defrost/ for files from elsewhere
	Cache      string // the models--org--name folders
	Token      string // sent to Endpoint's host and port only
	Offline    bool   // never touch the network
	NoSymlinks bool   // copy files into snapshots instead of linking

	HTTP            *http.Client  // nil: one that honours the proxy variables
	HeadTimeout     time.Duration // for asking about a file; 0: 10 s
	DownloadTimeout time.Duration // without a byte during a download; 0: 10 s

	pause func(time.Duration) // tests replace waiting; nil waits
}

// defaultTimeout is huggingface_hub's, for questions and for stalled downloads.
const defaultTimeout = 10 * time.Second

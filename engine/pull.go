package engine

import (
	"context"
	"fmt"
	"strings"

	"defrost/engine/hub"
)

// A PullProgress tells how far a download has come.
type PullProgress = hub.Progress

// modelFiles are what a backbone on the hub may consist of; weights come in the best format there.
var modelFiles = []string{
	"config.json", hub.Weights,
	"tokenizer.json?", "tokenizer_config.json?", "vocab.txt?", "vocab.json?", "merges.txt?", "spiece.model?",
}

// Pull brings a backbone of the catalogue, or ORG/REPO of the hub, to this machine and returns its
// folder. What is there already is not fetched again. progress may be nil.
func Pull(ctx context.Context, name string, progress func(PullProgress)) (dir string, err error) {
	repo, err := repoOf(name)
	if err != nil {
		return "", err
	}
	return hub.New().Pull(ctx, repo, modelFiles, progress)
}

// repoOf is where a backbone lies on the hub.
func repoOf(name string) (hub.Repo, error) {
	card, known := cardOf(name)
	switch {
	case known && card.Embedded:
		return hub.Repo{}, fmt.Errorf("pull: %s ships with defrost, expected one to download", name)
	case known && card.Repo != "":
		return hub.Repo{ID: card.Repo}, nil
	case isRepo(name):
		return hub.Repo{ID: name}, nil
	}
	return hub.Repo{}, fmt.Errorf("pull: no known backbone is called %q, expected one that `defrost models` lists, or ORG/REPO", name)
}

// isRepo says whether a name has the form ORG/REPO.
func isRepo(name string) bool {
	org, repo, ok := strings.Cut(name, "/")
	return ok && org != "" && org != "." && org != ".." && repo != "" && !strings.Contains(repo, "/")
}

// pulled is the folder of a backbone that was pulled before.
func pulled(name string) (dir string, ok bool) {
	repo, err := repoOf(name)
	if err != nil {
		return "", false
	}
	return hub.New().Cached(repo)
}

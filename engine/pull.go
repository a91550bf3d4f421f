package engine

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"defrost/engine/backbone"
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
// folder, or the file of word vectors. What is there already is not fetched again. progress may be nil.
func Pull(ctx context.Context, name string, progress func(PullProgress)) (dir string, err error) {
	if card, known := cardOf(name); known && len(card.Files) > 0 {
		return fetch(ctx, hub.New(), card, progress)
	}
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
	case known && card.Prompted:
		return hub.Repo{}, Card{Card: card}.OnlyPrompted()
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

// fetch brings the files of a card that no hub has, and returns the folder they lie in, or the
// archive of word vectors.
func fetch(ctx context.Context, c *hub.Client, card backbone.Card, progress func(PullProgress)) (at string, err error) {
	for _, address := range card.Files {
		if at, err = c.Fetch(ctx, address, localName(card, address), progress); err != nil {
			return "", err
		}
	}
	if card.Family == vectorFamily {
		return at, nil
	}
	return filepath.Dir(at), nil
}

// fetched is what fetch returned before, if it did.
func fetched(card backbone.Card) (at string, ok bool) {
	if len(card.Files) == 0 {
		return "", false
	}
	c := hub.New()
	c.Offline = true
	at, err := fetch(context.Background(), c, card, nil)
	return at, err == nil
}

// localName is what a file of a card is called here: an archive by its own name, for several cards
// share it; ELMo's NAME_options.json and NAME_weights.hdf5 as options.json and weights.hdf5 in a
// folder of the card's.
func localName(card backbone.Card, address string) string {
	base := path.Base(address)
	if card.Family == vectorFamily {
		return base
	}
	return card.Name + "/" + base[strings.LastIndex(base, "_")+1:]
}

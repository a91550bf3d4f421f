package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"defrost/datasets"
	"defrost/engine/hub"
)

// hubMark begins the name of a data set of the hub: hf:ORG/NAME, or hf:ORG/NAME/CONFIG where one
// repository has several sets.
const hubMark = "hf:"

// parquetRevision is where the hub keeps every data set converted to Parquet, as
// CONFIG/PART/0000.parquet.
const parquetRevision = "refs/convert/parquet"

// A hubSet is a data set of the hub.
type hubSet struct {
	repo   hub.Repo
	config string // "" takes the only one, or the one called default
}

// hubSetOf reads the name of a data set of the hub, with the mark or from the catalogue; ok is false
// for all other names.
func hubSetOf(name string) (s hubSet, ok bool, err error) {
	id, marked := strings.CutPrefix(name, hubMark)
	if !marked {
		i := slices.IndexFunc(datasets.Catalog(), func(c datasets.Card) bool { return c.Name == name })
		if i < 0 {
			return s, false, nil
		}
		card := datasets.Catalog()[i]
		return hubSet{dataRepo(card.HubID), card.Config}, true, nil
	}
	parts := strings.Split(id, "/")
	switch {
	case slices.Contains(parts, "") || len(parts) < 2 || len(parts) > 3:
		return s, true, fmt.Errorf("data: found %q, expected hf:ORG/NAME or hf:ORG/NAME/CONFIG", name)
	case len(parts) == 3:
		s.config = parts[2]
	}
	s.repo = dataRepo(parts[0] + "/" + parts[1])
	return s, true, nil
}

func dataRepo(id string) hub.Repo { return hub.Repo{ID: "datasets/" + id, Revision: parquetRevision} }

// PullData brings a data set of the hub, hf:ORG/NAME, hf:ORG/NAME/CONFIG or a name of the catalogue,
// to this machine and returns its folder. What is there already is not fetched again. progress may
// be nil.
func PullData(ctx context.Context, name string, progress func(PullProgress)) (dir string, err error) {
	s, ok, err := hubSetOf(name)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fmt.Errorf("data: no public set is called %q, expected hf:ORG/NAME or one that `defrost data` lists on the hub", name)
	}
	client := hub.New()
	if s.config == "" {
		if s.config, err = configOnHub(ctx, client, s); err != nil {
			return "", err
		}
	}
	dir, err = client.Pull(ctx, s.repo, []string{s.config + "/*/*.parquet"}, progress)
	return filepath.Join(dir, s.config), err
}

// configOnHub finds out which set of a repository is meant; without the hub, those fetched before
// are what there is.
func configOnHub(ctx context.Context, client *hub.Client, s hubSet) (string, error) {
	files, err := client.Files(ctx, s.repo)
	if err != nil {
		if dir, known := s.cached(client); known {
			return filepath.Base(dir), nil
		}
		return "", err
	}
	var configs []string
	for _, name := range files {
		if parts := strings.Split(name, "/"); len(parts) == 3 && strings.HasSuffix(name, ".parquet") && !slices.Contains(configs, parts[0]) {
			configs = append(configs, parts[0])
		}
	}
	return s.choose(configs)
}

// choose takes one of the sets of a repository.
func (s hubSet) choose(configs []string) (string, error) {
	id := strings.TrimPrefix(s.repo.ID, "datasets/")
	switch {
	case s.config != "" && slices.Contains(configs, s.config):
		return s.config, nil
	case s.config != "":
		return "", fmt.Errorf("data: %s has no set %q, expected one of %s", id, s.config, strings.Join(configs, ", "))
	case len(configs) == 0:
		return "", fmt.Errorf("data: found no Parquet files of %s, expected CONFIG/PART/0000.parquet", id)
	case len(configs) == 1:
		return configs[0], nil
	case slices.Contains(configs, "default"):
		return "default", nil
	}
	return "", fmt.Errorf("data: %s has %d sets, expected one of them as hf:%s/NAME: %s", id, len(configs), id, strings.Join(configs, ", "))
}

// cached is the folder of a set that was fetched before.
func (s hubSet) cached(client *hub.Client) (dir string, ok bool) {
	dir, ok = client.Cached(s.repo)
	if !ok {
		return "", false
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", false
	}
	var configs []string
	for _, e := range entries {
		if e.IsDir() {
			configs = append(configs, e.Name())
		}
	}
	config, err := s.choose(configs)
	return filepath.Join(dir, config), err == nil
}

// DataFolder is where a data set of the hub lies on this machine; ok is false for other names and for
// sets that were not fetched.
func DataFolder(name string) (dir string, ok bool) {
	s, ok, err := hubSetOf(name)
	if !ok || err != nil {
		return "", false
	}
	return s.cached(hub.New())
}

// OpenData reads a data set as datasets.Open does, and one of the hub from where PullData put it. A
// file or folder of the same name as a set of the catalogue comes first.
func OpenData(nameOrPath string, o datasets.Options) (*datasets.Dataset, error) {
	s, ok, err := hubSetOf(nameOrPath)
	if err != nil {
		return nil, err
	}
	if !ok || exists(nameOrPath) {
		return datasets.Open(nameOrPath, o)
	}
	dir, here := s.cached(hub.New())
	if !here {
		return nil, fmt.Errorf("data: %s is on the hub and not on this machine, expected it to be fetched first: defrost data add %s", nameOrPath, nameOrPath)
	}
	d, err := datasets.Open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w", nameOrPath, err)
	}
	return d, nil
}

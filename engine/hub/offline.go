package hub

import (
	"fmt"
	"path/filepath"
	"strings"
)

// fromCache serves the files last pulled when cause keeps us from the network.
func (p *pull) fromCache(cause error) (string, error) {
	commit := p.folder.commit(p.repo.Revision)
	if commit == "" {
		return "", fmt.Errorf("hub: %s: found nothing in the cache %s, and the hub cannot be asked: %w", p.repo, p.c.Cache, cause)
	}
	for _, w := range p.wishes {
		if err := p.folder.satisfies(commit, w); err != nil {
			return "", fmt.Errorf("hub: %s: %w, and the hub cannot be asked: %w", p.repo, err, cause)
		}
	}
	p.report(Progress{Total: -1, Note: fmt.Sprintf("using the copy of %s in the cache: %v", p.repo, cause)})
	return p.folder.snapshot(commit), nil
}

// satisfies says whether a snapshot holds what a wish asks for, shards included; the
// error names what is not there.
func (f folder) satisfies(commit string, w wish) error {
	for _, name := range w.names {
		if isPattern(name) {
			matched, err := filepath.Glob(f.file(commit, name))
			if err == nil && len(matched) > 0 {
				return nil
			}
			continue
		}
		if !f.has(commit, name) {
			continue
		}
		if isIndex(name) {
			return f.hasShards(commit, name)
		}
		return nil
	}
	if w.optional {
		return nil
	}
	return fmt.Errorf("found no %s in the cache %s", strings.Join(w.names, ", "), f.snapshot(commit))
}

// hasShards checks the files of an index.
func (f folder) hasShards(commit, index string) error {
	names, err := shards(f.file(commit, index), index)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !f.has(commit, name) {
			return fmt.Errorf("found no %s in the cache %s, which %s lists", name, f.snapshot(commit), index)
		}
	}
	return nil
}

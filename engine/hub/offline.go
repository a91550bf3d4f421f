package hub

import (
	"fmt"
	"path/filepath"
	"strings"
)

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

package hub

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

// plan asks the hub about every wish and returns the files that are still to come.
func (p *pull) plan(ctx context.Context) (files []remote, err error) {
	for _, w := range p.wishes {
		chosen, err := p.choose(ctx, w)
		if err != nil {
			return nil, err
		}
		if len(chosen) == 0 && !w.optional {
			return nil, fmt.Errorf("found no %s in the repository", strings.Join(w.names, ", "))
		}
		for _, r := range chosen {
			if r.url != "" && !slices.ContainsFunc(files, func(f remote) bool { return f.name == r.name }) {
				files = append(files, r)
			}
		}
	}
	return files, nil
}

// choose returns the files a wish comes to. One that is already local has no url.
func (p *pull) choose(ctx context.Context, w wish) ([]remote, error) {
	for _, name := range w.names {
		if isPattern(name) {
			if matched, err := p.match(ctx, name); err != nil || len(matched) > 0 {
				return matched, err
			}
			continue
		}
		r, found, err := p.look(ctx, name)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		if isIndex(name) {
			return p.shards(ctx, r)
		}
		return []remote{r}, nil
	}
	return nil, nil
}

// look asks about one file of the commit, which the first answer settles for the rest.
func (p *pull) look(ctx context.Context, name string) (r remote, found bool, err error) {
	revision := first(p.commit, p.repo.Revision)
	if p.commit != "" && p.folder.has(p.commit, name) {
		return remote{name: name, commit: p.commit}, true, nil
	}
	if p.commit != "" && p.folder.lacks(p.commit, name) {
		return r, false, nil
	}
	r, err = p.c.head(ctx, p.repo, revision, name)
	if p.commit == "" {
		p.commit = r.commit
	}
	if missing(err) {
		if r.commit != "" {
			err = writeWhole(p.folder.absent(r.commit, name), "")
		} else {
			err = nil
		}
		return r, false, err
	}
	if err != nil {
		return r, false, err
	}
	if r.commit != p.commit {
		return r, false, fmt.Errorf("%s: found commit %s, expected %s: the repository changed meanwhile; try again", name, r.commit, p.commit)
	}
	if p.folder.has(p.commit, name) {
		r.url = ""
	}
	return r, true, nil
}

// match looks up every file a pattern stands for.
func (p *pull) match(ctx context.Context, pattern string) (files []remote, err error) {
	if p.names == nil {
		if p.names, err = p.c.list(ctx, p.repo, first(p.commit, p.repo.Revision)); err != nil {
			return nil, err
		}
	}
	for _, name := range p.names {
		if ok, err := path.Match(pattern, name); err != nil {
			return nil, fmt.Errorf("pattern %q: %w", pattern, err)
		} else if !ok {
			continue
		}
		r, found, err := p.look(ctx, name)
		if err != nil {
			return nil, err
		}
		if found {
			files = append(files, r)
		}
	}
	return files, nil
}

// shards fetches an index and looks up the files it lists.
func (p *pull) shards(ctx context.Context, index remote) ([]remote, error) {
	if index.url != "" {
		if err := p.download(ctx, []remote{index}); err != nil {
			return nil, err
		}
	}
	names, err := shards(p.folder.file(p.commit, index.name), index.name)
	if err != nil {
		return nil, err
	}
	files := []remote{{name: index.name, commit: p.commit}}
	for _, name := range names {
		r, found, err := p.look(ctx, name)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("%s: found no %s in the repository, which the index lists", index.name, name)
		}
		files = append(files, r)
	}
	return files, nil
}

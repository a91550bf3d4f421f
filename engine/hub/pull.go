package hub

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

// parallel is how many files are downloaded at once.
const parallel = 4

// Pull makes the wanted files of a repository local and returns their folder. Each
// entry of want is a file name; "a|b|c" is the first of several that exists, a name
// with "*" is every file it matches, and a "?" at the end makes the entry optional:
// see Weights. The shards of an index come with it.
//
// Files the cache has are not fetched again. When the network cannot be reached, the
// files last pulled are used and progress is told so in a Note. progress may be nil;
// it is never called twice at once.
func (c *Client) Pull(ctx context.Context, repo Repo, want []string, progress func(Progress)) (dir string, err error) {
	repo, err = repo.check()
	if err != nil {
		return "", err
	}
	wishes := make([]wish, len(want))
	for i, s := range want {
		if wishes[i], err = parseWish(s); err != nil {
			return "", fmt.Errorf("hub: %s: %w", repo, err)
		}
	}
	p := &pull{c: c, repo: repo, folder: c.folder(repo), wishes: wishes, progress: progress}
	if c.Offline {
		return p.fromCache(errors.New("offline mode is on"))
	}
	if commitPattern.MatchString(repo.Revision) {
		p.commit = repo.Revision
	}
	files, err := p.plan(ctx)
	if err != nil && ctx.Err() == nil && (unreachable(err) || busy(err)) {
		return p.fromCache(err)
	}
	if err == nil && p.commit == "" {
		err = errors.New("found none of the wanted files in the repository")
	}
	if err == nil {
		err = p.download(ctx, files)
	}
	if err == nil {
		err = p.folder.setCommit(repo.Revision, p.commit)
	}
	if err != nil {
		return "", c.explain(repo, err)
	}
	return p.folder.snapshot(p.commit), nil
}

// busy says whether the hub itself cannot answer for now.
func busy(err error) bool {
	var status *statusError
	return errors.As(err, &status) && passing(err)
}

// pull is one call of Pull.
type pull struct {
	c      *Client
	repo   Repo
	folder folder
	wishes []wish
	commit string   // what the revision stands for; "" until the hub has said
	names  []string // the repository's files; nil until asked for

	mu       sync.Mutex
	progress func(Progress)
}

// report hands progress on, one call at a time.
func (p *pull) report(step Progress) {
	if p.progress == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progress(step)
}

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

// download fetches files, several at once; the first error stops the others.
func (p *pull) download(ctx context.Context, files []remote) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan remote, len(files))
	for _, r := range files {
		queue <- r
	}
	close(queue)
	var workers sync.WaitGroup
	for range min(parallel, len(files)) {
		workers.Go(func() {
			for r := range queue {
				if ctx.Err() != nil {
					return
				}
				if err := p.fetch(ctx, r); err != nil {
					cancel(fmt.Errorf("%s: %w", r.name, err))
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// fetch downloads one file and turns a panic into an error.
func (p *pull) fetch(ctx context.Context, r remote) (err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("found a bug: %v", trouble)
		}
	}()
	return p.c.fetchBlob(ctx, p.folder, r, func(done, total int64) {
		p.report(Progress{File: r.name, Done: done, Total: total})
	})
}

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

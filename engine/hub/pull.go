package hub

import (
	"context"
	"errors"
	"fmt"
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

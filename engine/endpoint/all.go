package endpoint

import (
	"context"
	"fmt"
	"sync"
)

// Missing are the requests that a cache has no answer to, each once.
func (c *Client) Missing(requests []Request, cache *Cache) []Request {
	var list []Request
	seen := map[string]bool{}
	for _, q := range requests {
		hash := c.Hash(q)
		if cache != nil {
			if _, known := cache.Get(hash); known {
				continue
			}
		}
		if !seen[hash] {
			list = append(list, q)
		}
		seen[hash] = true
	}
	return list
}

// All answers requests, at most atOnce at a time, and returns the answers in their order. Those that
// the cache has are not asked, the others are put there as they come. told hears how many of those
// that were missing are answered. The first failure, or the end of ctx, lets nothing more be sent;
// what is under way is waited for and kept.
func (c *Client) All(ctx context.Context, requests []Request, atOnce int, cache *Cache, told func(done, of int)) ([]Answer, error) {
	missing := c.Missing(requests, cache)
	if err := c.fill(ctx, missing, max(atOnce, 1), cache, told); err != nil {
		return nil, err
	}
	answers := make([]Answer, len(requests))
	for i, q := range requests {
		answers[i], _ = cache.Get(c.Hash(q))
	}
	return answers, nil
}

// A queue is what is left to ask.
type queue struct {
	mu         sync.Mutex
	left       []Request
	done, all  int
	told       func(done, of int)
	stop       context.CancelCauseFunc
	sendNoMore context.Context // ended by stop
}

// fill asks what is missing.
func (c *Client) fill(ctx context.Context, missing []Request, atOnce int, cache *Cache, told func(done, of int)) error {
	q := &queue{left: missing, all: len(missing), told: told}
	q.sendNoMore, q.stop = context.WithCancelCause(ctx)
	defer q.stop(nil)
	var workers sync.WaitGroup
	for range min(atOnce, len(missing)) {
		workers.Go(func() { c.work(q, cache) })
	}
	workers.Wait()
	if q.done < q.all {
		return fmt.Errorf("%d of %d answers are kept: %w", q.done, q.all, context.Cause(q.sendNoMore))
	}
	return nil
}

// work asks one request after the other until there is none, or one fails.
func (c *Client) work(q *queue, cache *Cache) {
	defer func() {
		if p := recover(); p != nil {
			q.stop(fmt.Errorf("endpoint: panic: %v", p))
		}
	}()
	for next, ok := q.take(); ok; next, ok = q.take() {
		a, err := c.Ask(q.sendNoMore, next)
		if err == nil {
			err = cache.Put(c.Hash(next), a)
		}
		if err != nil {
			q.stop(err)
			return
		}
		q.tell()
	}
}

// take is the next request; ok is false when there is none, or no more is to be sent.
func (q *queue) take() (next Request, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.left) == 0 || q.sendNoMore.Err() != nil {
		return next, false
	}
	next, q.left = q.left[0], q.left[1:]
	return next, true
}

// tell counts an answer.
func (q *queue) tell() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done++
	if q.told != nil {
		q.told(q.done, q.all)
	}
}

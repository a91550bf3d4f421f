package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
)

// A Cache keeps answers in a file that only grows, one JSON object a line, each on the disk before
// it is used. It is safe for concurrent use.
type Cache struct {
	mu      sync.Mutex
	file    *os.File
	answers map[string]Answer
}

// kept is a line of the file.
type kept struct {
	Hash string `json:"hash"` // of model and request
	Answer
}

// OpenCache reads the answers in a file, which is made when there is none. A last line that a crash
// cut short is removed.
func OpenCache(path string) (*Cache, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	c := &Cache{file: file, answers: map[string]Answer{}}
	if err := c.read(path); err != nil {
		return nil, fmt.Errorf("endpoint: %w", errors.Join(err, file.Close()))
	}
	return c, nil
}

// read takes the whole lines in and leaves the file open behind them.
func (c *Cache) read(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	for n, line := range bytes.Split(data[:whole], []byte("\n")) {
		var k kept
		if len(line) == 0 {
			continue
		}
		if err := json.Unmarshal(line, &k); err != nil || k.Hash == "" {
			return fmt.Errorf("%s:%d: found no answer, expected a JSON object with a hash", path, n+1)
		}
		c.answers[k.Hash] = k.Answer
	}
	if err := c.file.Truncate(int64(whole)); err != nil {
		return err
	}
	_, err = c.file.Seek(int64(whole), 0)
	return err
}

// Get is the answer to the request with a hash; ok is false when there is none yet.
func (c *Cache) Get(hash string) (a Answer, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok = c.answers[hash]
	return a, ok
}

// Put keeps an answer; it is on the disk when Put returns.
func (c *Cache) Put(hash string, a Answer) error {
	line, err := json.Marshal(kept{hash, a})
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.file.Write(append(line, '\n'))
	if err == nil {
		err = c.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("endpoint: keeping an answer: %w", err)
	}
	c.answers[hash] = a
	return nil
}

// Spent is what all answers took.
func (c *Cache) Spent() (answers, prompt, completion int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.answers {
		prompt, completion = prompt+a.Prompt, completion+a.Completion
	}
	return len(c.answers), prompt, completion
}

// Close closes the file.
func (c *Cache) Close() error { return c.file.Close() }

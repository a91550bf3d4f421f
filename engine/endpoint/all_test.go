package endpoint

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// An echo answers each prompt with its own words and counts how often it did.
type echo struct {
	mu    sync.Mutex
	paid  map[string]int
	now   int // under way
	most  int
	wait  func(prompt string) // before the answer, nil for none
	after func(paid int)      // once it was sent, nil for nothing
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct{ Messages []message }
	if json.NewDecoder(r.Body).Decode(&sent) != nil || len(sent.Messages) != 1 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	prompt := sent.Messages[0].Content
	e.mu.Lock()
	e.now++
	e.most = max(e.most, e.now)
	e.mu.Unlock()
	if e.wait != nil {
		e.wait(prompt)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now--
	e.paid[prompt]++
	fmt.Fprint(w, chatted("echo of "+prompt))
	if e.after != nil {
		e.after(len(e.paid))
	}
}

func questions(n int) []Request {
	var list []Request
	for i := range n {
		list = append(list, Request{fmt.Sprintf("question %d", i), 8})
	}
	return list
}

func openCache(t *testing.T, path string) *Cache {
	t.Helper()
	cache, err := OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	return cache
}

// inOrder wants the echo of every request, each paid once.
func inOrder(t *testing.T, e *echo, requests []Request, answers []Answer) {
	t.Helper()
	if len(answers) != len(requests) {
		t.Fatalf("got %d answers, want %d", len(answers), len(requests))
	}
	for i, q := range requests {
		if want := "echo of " + q.Prompt; answers[i].Text != want {
			t.Errorf("got %q, want %q", answers[i].Text, want)
		}
		if n := e.paid[q.Prompt]; n != 1 {
			t.Errorf("%s: got %d answers paid, want one", q.Prompt, n)
		}
	}
}

func TestAnswersComeInOrderAndAFewAtOnce(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	e := &echo{paid: map[string]int{}}
	e.wait = func(prompt string) {
		if prompt == "question 0" || prompt == "question 1" { // each waits for the other: they are under way together
			both.Done()
			both.Wait()
		}
	}
	c, _ := serve(t, e.ServeHTTP)
	requests := append(questions(20), questions(5)...) // some twice
	heard := 0
	answers, err := c.All(t.Context(), requests, 3, openCache(t, filepath.Join(t.TempDir(), "answers.jsonl")), func(done, of int) {
		if heard++; done != heard || of != 20 {
			t.Errorf("got %d of %d, want %d of 20", done, of, heard)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, e, requests, answers)
	if e.most < 2 || e.most > 3 {
		t.Errorf("got %d at once, want two or three", e.most)
	}
}

// TestInterruptedQuestionsArePaidOnce ends the context while four are under way, several times.
func TestInterruptedQuestionsArePaidOnce(t *testing.T) {
	e := &echo{paid: map[string]int{}}
	c, _ := serve(t, e.ServeHTTP)
	path := filepath.Join(t.TempDir(), "answers.jsonl")
	requests := questions(40)
	for _, until := range []int{7, 8, 23} {
		ctx, cancel := context.WithCancel(t.Context())
		e.after = func(paid int) {
			if paid >= until {
				cancel()
			}
		}
		cache, err := OpenCache(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.All(ctx, requests, 4, cache, nil); err == nil || !strings.HasSuffix(err.Error(), context.Canceled.Error()) {
			t.Fatalf("got error %v, want an interruption", err)
		}
		if n, prompt, completion := cache.Spent(); n != len(e.paid) || prompt != 11*n || completion != 3*n || n == len(requests) {
			t.Errorf("got %d answers kept with %d and %d tokens, want the %d that were paid", n, prompt, completion, len(e.paid))
		}
		cache.Close()
	}
	e.after = nil
	answers, err := c.All(t.Context(), requests, 4, openCache(t, path), nil)
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, e, requests, answers)
}

func TestAFailureKeepsWhatWasPaid(t *testing.T) {
	e := &echo{paid: map[string]int{}}
	broken := true
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if e.mu.Lock(); broken && len(e.paid) >= 5 {
			e.mu.Unlock()
			w.WriteHeader(http.StatusForbidden)
			return
		}
		e.mu.Unlock()
		e.ServeHTTP(w, r)
	})
	path := filepath.Join(t.TempDir(), "answers.jsonl")
	requests := questions(12)
	cache := openCache(t, path)
	if _, err := c.All(t.Context(), requests, 2, cache, nil); err == nil || !strings.Contains(err.Error(), "403") || !strings.Contains(err.Error(), "answers are kept") {
		t.Errorf("got error %v, want what the server said and that the others are kept", err)
	}
	if n, _, _ := cache.Spent(); n != len(e.paid) || n < 5 {
		t.Errorf("got %d answers kept, want the %d that were paid", n, len(e.paid))
	}
	cache.Close()
	broken = false
	answers, err := c.All(t.Context(), requests, 2, openCache(t, path), nil)
	if err != nil {
		t.Fatal(err)
	}
	inOrder(t, e, requests, answers)
}

func TestRateLimitHoldsAllThatAreUnderWay(t *testing.T) {
	e := &echo{paid: map[string]int{}}
	var mu sync.Mutex
	refused := 0
	c, clock := serve(t, unless(func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if refused == 0 {
			refused++
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		return false
	}, e))
	if _, err := c.All(t.Context(), questions(1), 1, openCache(t, filepath.Join(t.TempDir(), "a.jsonl")), nil); err != nil {
		t.Fatal(err)
	}
	if waited := clock.now().Sub(noon); waited != 30*time.Second {
		t.Errorf("got %v waited, want the 30 seconds that the server asked for", waited)
	}
	c.until = clock.now().Add(time.Minute) // as another request has heard
	if _, err := c.Ask(t.Context(), Request{"another", 8}); err != nil || clock.now().Sub(noon) != 90*time.Second {
		t.Errorf("got error %v at %v, want a minute more", err, clock.now())
	}
}

// unless answers with first; where that says no, with then.
func unless(first func(http.ResponseWriter, *http.Request) bool, then http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !first(w, r) {
			then.ServeHTTP(w, r)
		}
	}
}

func TestSilentServerDoesNotKeepAnInterruptedPersonWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		silent(w, r)
	})
	c.Grace = time.Millisecond
	if _, err := c.Ask(ctx, Request{"q", 8}); err == nil || !strings.HasSuffix(err.Error(), context.Canceled.Error()) {
		t.Errorf("got error %v, want an interruption", err)
	}
}

func TestTornLineOfACacheIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answers.jsonl")
	cache := openCache(t, path)
	for _, hash := range []string{"one", "two"} {
		if err := cache.Put(hash, Answer{"said " + hash, "stop", 5, 2}); err != nil {
			t.Fatal(err)
		}
	}
	cache.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.IndexByte(string(whole), '\n') + 1
	for cut := range len(whole) { // a crash at every byte
		if err := os.WriteFile(path, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		cache := openCache(t, path)
		_, one := cache.Get("one")
		if _, two := cache.Get("two"); one != (cut >= first) || two {
			t.Fatalf("cut at %d: got one %v and two %v, want the lines that are whole", cut, one, two)
		}
		if err := cache.Put("three", Answer{Text: "three"}); err != nil {
			t.Fatal(err)
		}
		cache.Close()
		again := openCache(t, path)
		if a, ok := again.Get("three"); !ok || a.Text != "three" {
			t.Fatalf("cut at %d: got %+v, want what was kept after the crash", cut, a)
		}
		again.Close()
	}
}

func TestFileThatIsNoCacheIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answers.jsonl")
	if err := os.WriteFile(path, []byte("{\"hash\":\"a\"}\nnothing\n{\"hash\":\"b\"}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCache(path); err == nil || !strings.Contains(err.Error(), "answers.jsonl:2") {
		t.Errorf("got error %v, want the line that is no answer", err)
	}
}

func TestHashesTellRequestsApart(t *testing.T) {
	seen := map[string]string{}
	for _, model := range []string{"a", "b"} {
		for _, plain := range []bool{false, true} {
			for _, q := range []Request{{"p", 1}, {"p", 2}, {"q", 1}} {
				c, err := New("http://localhost/v1", model, secret)
				if err != nil {
					t.Fatal(err)
				}
				c.Plain = plain
				name := fmt.Sprint(model, plain, q)
				if other, twice := seen[c.Hash(q)]; twice {
					t.Errorf("got one hash for %s and %s", name, other)
				}
				seen[c.Hash(q)] = name
			}
		}
	}
}

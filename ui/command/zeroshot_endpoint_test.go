package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"defrost/engine"
	"defrost/engine/enginetest"
)

// apiKey is the key of all tests here.
const apiKey = "sk-command-0123456789abcdef"

// An api says "good" of every review with an even number and counts how often it answered what.
type api struct {
	mu     sync.Mutex
	paid   map[string]int
	before func(paid int) bool // false answers nothing
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Messages []struct{ Content string }
	}
	if json.NewDecoder(r.Body).Decode(&sent) != nil || r.Header.Get("Authorization") != "Bearer "+apiKey {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, "wrong key: %s", r.Header.Get("Authorization"))
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	prompt := sent.Messages[0].Content
	if a.before != nil && !a.before(len(a.paid)) {
		return
	}
	a.paid[prompt]++
	fmt.Fprintf(w, `{"choices":[{"message":{"content":"good"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":1}}`)
}

// counts is how often each prompt was answered until now.
func (a *api) counts() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.paid)
}

// serveAPI starts one and sets the environment up for it; the flags ask it about reviews.
func serveAPI(t *testing.T) (*api, []string) {
	t.Helper()
	home(t)
	for _, name := range []string{"DEFROST_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "OPENAI_BASE_URL"} {
		t.Setenv(name, "")
	}
	a := &api{paid: map[string]int{}}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	t.Setenv("OPENAI_API_KEY", apiKey)
	t.Setenv("DEFROST_BASE_URL", server.URL+"/v1")
	return a, []string{"zeroshot", "--backbone", "endpoint:gpt-test", "--data", enginetest.Reviews(t, 60), "--words", "yes=good,no=bad"}
}

// keyless wants no key in any file below dir, nor in what was printed.
func keyless(t *testing.T, dir string, printed ...string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		printed = append(printed, string(data))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(printed, func(s string) bool { return strings.Contains(s, apiKey) }); i >= 0 {
		t.Errorf("got the key in %q", printed[i])
	}
}

func TestEndpointIsAskedOnceSomebodyAgrees(t *testing.T) {
	a, flags := serveAPI(t)
	r := do(t, "y\n", flags...) // a pipe that says yes is not a person
	if r.code != exitFailed || !strings.Contains(r.err, "--yes") || !strings.Contains(r.err, "requests to gpt-test at 127.0.0.1") || len(a.counts()) > 0 {
		t.Fatalf("got code %d, %q and %d requests, want a quote and a refusal", r.code, r.err, len(a.counts()))
	}
	r = do(t, "", append(flags, "--yes", "--price-in", "1", "--price-out", "2", "--shots", "2")...)
	if r.code != exitOK || !strings.Contains(r.err, "cost: at most about $0.00") || !strings.Contains(r.out, "test: accuracy") || !strings.Contains(r.out, "at the prices given") {
		t.Errorf("got code %d, %q and %q, want the cost first and then a run", r.code, r.out, r.err)
	}
	if strings.Contains(r.out, "NaN") {
		t.Errorf("got %q, want no loss that nobody knows", r.out)
	}
	keyless(t, os.Getenv("DEFROST_HOME"), r.out, r.err)
	t.Setenv("OPENAI_API_KEY", apiKey+"x")
	r = do(t, "", append(flags, "--yes")...)
	if r.code != exitFailed || !strings.Contains(r.err, "401") {
		t.Errorf("got code %d and %q, want a wrong key refused", r.code, r.err)
	}
	keyless(t, os.Getenv("DEFROST_HOME"), r.out, r.err)
}

func TestQuoteWaitsForAYes(t *testing.T) {
	q := engine.Quote{Model: "m", Host: "h", Requests: 12, Kept: 3, In: 25000, Out: 96, Priced: true, Cost: 0.125, Exposed: true}
	for answer, agreed := range map[string]bool{"y\n": true, "YES\n": true, "\n": false, "n\n": false, "": false, "yesterday\n": false} {
		var err bytes.Buffer
		p := Program{In: strings.NewReader(answer), Err: &err}
		if got := p.consent(q, false, true); (got == nil) != agreed {
			t.Errorf("%q: got error %v, want agreement to be %v", answer, got, agreed)
		}
		for _, want := range []string{"12 requests to m at h, 3 answers are there already", "about 25.0k tokens", "at most 96", "one for every 4 bytes", "$0.1250", "can be read on the way", "[y/N]"} {
			if !strings.Contains(err.String(), want) {
				t.Errorf("got %q, want %q in it", err.String(), want)
			}
		}
	}
}

// TestKilledPromptingPaysNothingTwice kills a process of its own without warning while four requests
// are under way and all that was answered is written down, and goes on.
func TestKilledPromptingPaysNothingTwice(t *testing.T) {
	a, flags := serveAPI(t)
	dir := filepath.Join(os.Getenv("DEFROST_HOME"), "runs", "killed")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, append(flags, "--yes", "--out", dir, "--json")...)
	c.Env = append(os.Environ(), childMark+"=1")
	var printed bytes.Buffer
	c.Stdout, c.Stderr = &printed, &printed
	killed := false
	a.mu.Lock()
	a.before = func(paid int) bool {
		if paid < 5 || killed {
			return !killed
		}
		for limit := time.Now().Add(20 * time.Second); time.Now().Before(limit); time.Sleep(time.Millisecond) {
			if data, _ := os.ReadFile(filepath.Join(dir, "answers.jsonl")); bytes.Count(data, []byte("\n")) == paid {
				break
			}
		}
		killed = true
		c.Process.Kill()
		return false
	}
	err = c.Start()
	a.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil {
		t.Fatal("got a process that ended well, want one that was killed")
	}
	a.mu.Lock()
	a.before = nil
	a.mu.Unlock()
	if before := len(a.counts()); before != 5 {
		t.Fatalf("got %d answers before the kill, want 5", before)
	}
	r := do(t, "", "zeroshot", "--resume", "killed", "--yes", "--json")
	if r.code != exitOK || !strings.Contains(r.err, "5 answers are there already") {
		t.Fatalf("got code %d and %q, want a run that goes on", r.code, r.err)
	}
	for prompt, n := range a.counts() {
		if n != 1 {
			t.Errorf("%q: got %d answers paid, want one", prompt, n)
		}
	}
	keyless(t, os.Getenv("DEFROST_HOME"), printed.String(), r.out, r.err)
	refusal{"finished", []string{"zeroshot", "--resume", "killed", "--yes"}, exitFailed, []string{"is finished"}}.check(t)
	refusal{"other command", []string{"resume", "killed"}, exitFailed, []string{"defrost zeroshot --resume"}}.check(t)
}

func TestWrongUseOfEndpointsIsRefused(t *testing.T) {
	_, flags := serveAPI(t)
	for _, c := range []refusal{
		{"folder", []string{"zeroshot", "--base-url", "http://x/v1"}, exitUsage, []string{"--base-url", "endpoint:MODEL"}},
		{"negative", append(flags, "--at-once", "-1"), exitUsage, []string{"expected 0 or more"}},
		{"beside resume", append(flags, "--resume", "x"), exitUsage, []string{"--resume goes on"}},
		{"password", append(flags, "--base-url", "http://me:"+apiKey+"@host/v1"), exitFailed, []string{"belongs into the environment"}},
		{"key as a name", append(flags, "--key-env", apiKey), exitFailed, []string{"it is a name, not the key"}},
		{"training", []string{"train", "--backbone", "endpoint:gpt-test"}, exitFailed, []string{"can only be prompted, not trained"}},
		{"download", []string{"pull", "gpt3"}, exitFailed, []string{"can only be prompted"}},
	} {
		t.Run(c.name, c.check)
	}
}

func TestCardOfAPromptedBackboneIsShown(t *testing.T) {
	out := succeeded(t, "", "inspect", "gpt3")
	for _, want := range []string{"96 layers of width 12288, 96 heads, 175.0G parameters, reads 2048 tokens", "only prompting is possible, no training", "LAMBADA few-shot", "86.4", "Brown et al. 2020"} {
		if !strings.Contains(out, want) {
			t.Errorf("got %q, want %q in it", out, want)
		}
	}
	if out := succeeded(t, "", "inspect", "endpoint:gpt-test"); !strings.Contains(out, "Only prompting is possible") {
		t.Errorf("got %q, want that it is only prompted", out)
	}
	if out := succeeded(t, "", "models"); !strings.Contains(out, "prompt only") {
		t.Errorf("got %q, want a backbone that is only prompted", out)
	}
}

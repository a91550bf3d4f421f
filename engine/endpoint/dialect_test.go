package endpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// picky answers only requests without the fields it refuses, each with its own words.
func picky(t *testing.T, refusals map[string]string, status int, seen func(map[string]any)) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var sent map[string]any
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		for field, words := range refusals {
			if _, has := sent[field]; has {
				w.WriteHeader(status)
				fmt.Fprint(w, words)
				return
			}
		}
		seen(sent)
		if sent["stream"] == true {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, streamed("gr", "eat")+streamEnd)
			return
		}
		fmt.Fprint(w, chatted("great"))
	}
}

// What servers say of fields they do not take.
const (
	refusesHeat   = `{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}`
	refusesLimit  = `{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}`
	refusesCounts = `{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{"include_usage":true}}]}`
)

func TestServersAreAskedWithTheFieldsTheyTake(t *testing.T) {
	for _, tt := range []struct {
		name     string
		refusals map[string]string
		status   int
		stream   bool
		want     string // fields of the request that is answered
		warm     bool
	}{
		{"a model that reasons", map[string]string{"temperature": refusesHeat, "max_tokens": refusesLimit}, 400, false, "[max_completion_tokens messages model]", true},
		{"a server that does not count streams", map[string]string{"stream_options": refusesCounts}, 422, true, "[max_tokens messages model stream temperature]", false},
		{"one that takes everything", nil, 400, true, "[max_tokens messages model stream stream_options temperature]", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fields, answered := "", 0
			c, clock := serve(t, picky(t, tt.refusals, tt.status, func(sent map[string]any) {
				answered++
				fields = fmt.Sprint(slices.Sorted(maps.Keys(sent)))
			}))
			c.Stream = tt.stream
			before := c.Hash(Request{"q", 8})
			answers, err := c.All(t.Context(), questions(6), 3, openCache(t, filepath.Join(t.TempDir(), "a.jsonl")), nil)
			if err != nil || answers[5].Text != "great" || answered != 6 {
				t.Fatalf("got %+v after %d answers and error %v, want six", answers, answered, err)
			}
			if fields != tt.want || c.Warm() != tt.warm {
				t.Errorf("got fields %s and warm %v, want %s and %v", fields, c.Warm(), tt.want, tt.warm)
			}
			if len(clock.slept) > 0 || c.Hash(Request{"q", 8}) != before {
				t.Errorf("got waits %v, or another name for the same request: what is kept would be paid again", clock.slept)
			}
		})
	}
}

func TestRefusalsOfOtherKindsTeachNothing(t *testing.T) {
	for _, words := range []string{
		`{"error":{"message":"This model's maximum context length is 4097 tokens; reduce max_tokens.","param":"max_tokens","code":"context_length_exceeded"}}`,
		`{"error":{"message":"model not found"}}`, `{"error":"no such model"}`, "",
	} {
		s := &script{lines: []func(http.ResponseWriter, *http.Request){says(400, words)}}
		c, _ := serve(t, s.ServeHTTP)
		if _, err := c.Ask(t.Context(), Request{"q", 8}); err == nil || s.attempts() != 1 {
			t.Errorf("%s: got error %v after %d attempts, want one of the first", words, err, s.attempts())
		}
	}
	always := &script{lines: []func(http.ResponseWriter, *http.Request){says(400, refusesHeat)}} // whatever is sent
	c, _ := serve(t, always.ServeHTTP)
	if _, err := c.Ask(t.Context(), Request{"q", 8}); err == nil || always.attempts() != 2 {
		t.Errorf("got error %v after %d attempts, want one after the second", err, always.attempts())
	}
}

func TestLocalServersAreUnderstood(t *testing.T) {
	for _, tt := range []struct{ name, reply, want string }{
		{"text in parts", `{"choices":[{"message":{"content":[{"type":"text","text":"gr"},{"type":"text","text":"eat"}]},"finish_reason":"stop"}]}`, "great"},
		{"thoughts before the answer", chatted("<think>\nIt is lovely, so not terrible.\n</think>\n\ngreat"), "\n\ngreat"},
		{"thoughts without a begin", chatted("not terrible</think>great"), "great"},
		{"thoughts alone", chatted("<think>It is terrible to"), ""},
	} {
		c, _ := serve(t, says(200, tt.reply))
		a, err := c.Ask(t.Context(), Request{"q", 8})
		if err != nil || a.Text != tt.want {
			t.Errorf("%s: got %q and error %v, want %q", tt.name, a.Text, err, tt.want)
		}
	}
}

func TestUnknownAddressesSayWhatWasAsked(t *testing.T) {
	c, _ := serve(t, says(404, `{"detail":"Not Found"}`))
	c.base = strings.TrimSuffix(c.base, "/v1")
	if _, err := c.Ask(t.Context(), Request{"q", 8}); err == nil || !strings.Contains(err.Error(), "asked /chat/completions") || !strings.Contains(err.Error(), "end in /v1") {
		t.Errorf("got error %v, want what was asked and how addresses end", err)
	}
}

package endpoint

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// secret is the key of all tests.
const secret = "sk-test-0123456789abcdef"

// A clock stands still but for those who sleep.
type clock struct {
	mu    sync.Mutex
	at    time.Time
	slept []time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// noon is when tests begin.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// serve is a client of a server that answers with f, and the clock it waits by.
func serve(t *testing.T, f http.HandlerFunc) (*Client, *clock) {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	c, err := New(server.URL+"/v1/", "gpt-test", secret)
	if err != nil {
		t.Fatal(err)
	}
	time := &clock{at: noon}
	c.HTTP, c.Now, c.Sleep = server.Client(), time.now, time.sleep
	return c, time
}

// chatted is an answer of {base}/chat/completions.
func chatted(text string) string {
	quoted, _ := json.Marshal(text)
	return fmt.Sprintf(`{"choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":3}}`, quoted)
}

// streamed is an answer in three pieces and what each line of it is.
func streamed(pieces ...string) string {
	var b strings.Builder
	b.WriteString(": a comment that keeps the line open\n\n")
	for _, p := range pieces {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", p)
	}
	return b.String()
}

const streamEnd = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n" +
	"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n"

func TestAnswersAreReadInEveryForm(t *testing.T) {
	var sent map[string]any
	var path, key string
	reply := ""
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		path, key, sent = r.URL.Path, r.Header.Get("Authorization"), nil
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		if sent["stream"] == true {
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		}
		fmt.Fprint(w, reply)
	})
	for _, tt := range []struct {
		name, path, reply string
		plain, stream     bool
		want              Answer
	}{
		{"whole", "/v1/chat/completions", chatted("great"), false, false, Answer{"great", "stop", 11, 3}},
		{"streamed", "/v1/chat/completions", streamed("gr", "ea", "t") + streamEnd, false, true, Answer{"great", "stop", 11, 3}},
		{"stream without an end mark", "/v1/chat/completions", streamed("gr") + `data: {"choices":[{"delta":{"content":"im"},"finish_reason":"stop"}]}` + "\n", false, true, Answer{Text: "grim", Finish: "stop"}},
		{"continued", "/v1/completions", `{"choices":[{"text":" great\n","finish_reason":"length"}]}`, true, false, Answer{Text: " great\n", Finish: "length"}},
		{"cut before a word", "/v1/chat/completions", `{"choices":[{"message":{"content":null},"finish_reason":"length"}]}`, false, false, Answer{Finish: "length"}},
		{"terminal sequences", "/v1/chat/completions", chatted("a\x1b[31mb\u200b\tc"), false, false, Answer{"a[31mb\tc", "stop", 11, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reply, c.Plain, c.Stream = tt.reply, tt.plain, tt.stream
			got, err := c.Ask(t.Context(), Request{"How is it?", 8})
			if err != nil || got != tt.want {
				t.Errorf("got %+v and error %v, want %+v", got, err, tt.want)
			}
			if path != tt.path || key != "Bearer "+secret || sent["temperature"] != 0.0 || sent["max_tokens"] != 8.0 || sent["model"] != "gpt-test" {
				t.Errorf("got %v at %s with key %q, want the model at temperature 0 and eight tokens at most", sent, path, key)
			}
			asked := fmt.Sprint(sent["prompt"], sent["messages"])
			if !strings.Contains(asked, "How is it?") {
				t.Errorf("got %s, want the prompt in it", asked)
			}
		})
	}
}

// A script is answered line by line; the last line is repeated.
type script struct {
	mu    sync.Mutex
	lines []func(http.ResponseWriter, *http.Request)
	asked int
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	line := s.lines[min(s.asked, len(s.lines)-1)]
	s.asked++
	s.mu.Unlock()
	line(w, r)
}

// attempts is how often it was asked.
func (s *script) attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// says answers with a status, a body and headers.
func says(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// hangsUp begins an answer and closes the connection in its middle.
func hangsUp(kind, begun string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, begun)
	}
}

func TestWhatPassesIsAskedAgainAsTheServerWants(t *testing.T) {
	const s = time.Second
	well := says(200, chatted("great"))
	date := noon.Add(90 * s).Format(http.TimeFormat)
	for _, tt := range []struct {
		name  string
		lines []func(http.ResponseWriter, *http.Request)
		want  []time.Duration
	}{
		{"429 with seconds", []func(http.ResponseWriter, *http.Request){says(429, "slow down", "Retry-After", "7"), well}, []time.Duration{7 * s}},
		{"429 with a date", []func(http.ResponseWriter, *http.Request){says(429, "", "Retry-After", date), well}, []time.Duration{90 * s}},
		{"429 and now", []func(http.ResponseWriter, *http.Request){says(429, "", "Retry-After", "0"), well}, nil},
		{"429 without a word", []func(http.ResponseWriter, *http.Request){says(429, ""), says(429, ""), well}, []time.Duration{s, 2 * s}},
		{"500 and more", []func(http.ResponseWriter, *http.Request){says(500, "x"), says(502, "x"), says(503, "x"), says(504, "x"), says(529, "x"), well}, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s}},
		{"503 that knows when", []func(http.ResponseWriter, *http.Request){says(503, "", "Retry-After", "3"), well}, []time.Duration{3 * s}},
		{"no JSON", []func(http.ResponseWriter, *http.Request){says(200, "<html>"), says(200, `{"choices":[{`), says(200, ""), well}, []time.Duration{s, 2 * s, 4 * s}},
		{"no choices", []func(http.ResponseWriter, *http.Request){says(200, `{"choices":[]}`), says(200, `{"error":{"message":"overloaded"}}`), well}, []time.Duration{s, 2 * s}},
		{"broken off", []func(http.ResponseWriter, *http.Request){hangsUp("application/json", `{"choices":`), well}, []time.Duration{s}},
		{"broken stream", []func(http.ResponseWriter, *http.Request){hangsUp("text/event-stream", streamed("gr")), says(200, streamed("gr"), "Content-Type", "text/event-stream"), says(200, "data: {\n\n", "Content-Type", "text/event-stream"), well}, []time.Duration{s, 2 * s, 4 * s}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := &script{lines: tt.lines}
			c, clock := serve(t, server.ServeHTTP)
			told := 0
			c.Told = func(time.Duration, error) { told++ }
			a, err := c.Ask(t.Context(), Request{"q", 8})
			if err != nil || a.Text != "great" {
				t.Errorf("got %+v and error %v, want an answer in the end", a, err)
			}
			if !slices.Equal(clock.slept, tt.want) || server.attempts() != len(tt.lines) || told != len(tt.lines)-1 {
				t.Errorf("got waits %v, %d told, and %d attempts, want %v and %d", clock.slept, told, server.attempts(), tt.want, len(tt.lines))
			}
		})
	}
}

func TestWaitingThatDoesNotHelpIsNotDone(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		line       func(http.ResponseWriter, *http.Request)
		attempts   int
	}{
		{"wrong key", "401 Unauthorized: Incorrect API key", says(401, `{"error":{"message":"Incorrect API key"}}`), 1},
		{"wrong request", "400 Bad Request: no such thing", says(400, `{"error":{"message":"no\nsuch   thing"}}`), 1},
		{"no such model", "404", says(404, "nothing here"), 1},
		{"elsewhere", "307", says(307, "", "Location", "/elsewhere"), 1},
		{"no money", "quota", says(429, `{"error":{"message":"quota exceeded","code":"insufficient_quota"}}`), 1},
		{"until tomorrow", "the server asks to wait 24h0m0s", says(429, "", "Retry-After", "86400"), 1},
		{"too long", "more than 1048576 bytes", says(200, chatted(strings.Repeat("a", mostBytes))), 1},
		{"too long a stream", "more than 1048576 bytes", says(200, streamed(strings.Repeat("a", 4<<20)), "Content-Type", "text/event-stream"), 1},
		{"never well", "500", says(500, ""), usualTries},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server := &script{lines: []func(http.ResponseWriter, *http.Request){tt.line}}
			c, _ := serve(t, server.ServeHTTP)
			_, err := c.Ask(t.Context(), Request{"q", 8})
			if err == nil || !strings.Contains(err.Error(), tt.want) || server.attempts() != tt.attempts {
				t.Errorf("got error %v after %d attempts, want %q after %d", err, server.attempts(), tt.want, tt.attempts)
			}
			if err != nil && !strings.Contains(err.Error(), c.Host()) {
				t.Errorf("got error %v, want the server's name in it", err)
			}
		})
	}
}

// silent waits until the client gives up; a server notices that once it has read the request.
func silent(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestSilenceEndsAnAttempt(t *testing.T) {
	server := &script{lines: []func(http.ResponseWriter, *http.Request){silent}}
	c, clock := serve(t, server.ServeHTTP)
	c.Timeout, c.Tries = 20*time.Millisecond, 3
	_, err := c.Ask(t.Context(), Request{"q", 8})
	if err == nil || !strings.Contains(err.Error(), "no whole answer within 20ms") || server.attempts() != 3 || len(clock.slept) != 2 {
		t.Errorf("got error %v, %d attempts and waits %v, want three attempts in vain", err, server.attempts(), clock.slept)
	}
}

func TestAServerThatIsNotThereSaysSo(t *testing.T) {
	c, clock := serve(t, says(200, ""))
	gone := httptest.NewServer(nil)
	gone.Close()
	c.base, c.Tries = gone.URL, 2
	if _, err := c.Ask(t.Context(), Request{"q", 8}); err == nil || !strings.Contains(err.Error(), "connect") || len(clock.slept) != 1 {
		t.Errorf("got error %v after waits %v, want a refused connection after one", err, clock.slept)
	}
}

func TestKeyIsInNoErrorAndNoAnswer(t *testing.T) {
	long := strings.Repeat("x", briefly-10) + " " + secret // cut in the middle of the key, were it cut first
	for _, line := range []func(http.ResponseWriter, *http.Request){
		says(401, `{"error":{"message":"Incorrect API key provided: `+secret+`"}}`),
		says(401, "wrong: "+secret), says(500, long), says(400, `{"error":{"message":"`+long+`"}}`),
		says(200, `{"error":{"message":"`+secret+`"}}`), says(200, chatted("you sent "+secret)),
		says(200, streamed("you sent sk-test", "-0123456789abcdef")+streamEnd, "Content-Type", "text/event-stream"),
		says(302, "", "Location", "http://localhost/"+secret),
	} {
		c, _ := serve(t, line)
		c.Tries = 2
		c.Told = func(_ time.Duration, err error) { noKey(t, err.Error()) }
		a, err := c.Ask(t.Context(), Request{"q", 8})
		noKey(t, fmt.Sprint(a, err, errors.Unwrap(err)))
		noKey(t, fmt.Sprintf("%v %+v %#v", c, c, c))
	}
}

// noKey refuses any ten characters of the key.
func noKey(t *testing.T, text string) {
	t.Helper()
	for i := range len(secret) - 9 {
		if strings.Contains(text, secret[i:i+10]) {
			t.Errorf("got %q, want none of the key in it", text)
			return
		}
	}
}

func TestAddressesThatHoldSecretsOrNothingAreRefused(t *testing.T) {
	for _, tt := range []struct{ base, model, key, want string }{
		{"", "m", "", "no address"}, {"localhost:8080", "m", "", "cannot be read"}, {"ftp://host/v1", "m", "", "cannot be read"},
		{"http://me:" + secret + "@host/v1", "m", "", "belongs into the environment"}, {"http://host/v1?key=" + secret, "m", "", "belongs into the environment"},
		{"http://host/v1", " ", "", "no model is named"}, {"http://host/v1", "m", "two words", "the key holds blanks"}, {"::" + secret, "m", "", "cannot be read"},
	} {
		_, err := New(tt.base, tt.model, tt.key)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got error %v, want %q", tt.base, err, tt.want)
			continue
		}
		noKey(t, err.Error())
	}
}

func TestKeysInTheOpenAreNoticed(t *testing.T) {
	for _, tt := range []struct {
		base, key string
		want      bool
	}{
		{"http://host/v1", secret, true}, {"http://host/v1", "", false}, {"https://host/v1", secret, false},
		{"http://localhost:8080/v1", secret, false}, {"http://[::1]:8080/v1", secret, false}, {"http://127.0.0.1.example.org/v1", secret, true},
	} {
		c, err := New(tt.base, "m", tt.key)
		if err != nil || c.Exposed() != tt.want {
			t.Errorf("%s: got %v and error %v, want %v", tt.base, c.Exposed(), err, tt.want)
		}
	}
}

// FuzzAnswers wants no panic and no endless answer of any bytes.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(chatted("great")))
	f.Add([]byte(streamed("gr", "eat") + streamEnd))
	f.Add([]byte(`data: {"choices":[{}]}`))
	f.Add([]byte(`{"choices":[{"message":null}],"usage":{},"error":null}`))
	c, err := New("http://localhost/v1", "m", secret)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func() (Answer, error){
			func() (Answer, error) { return c.readWhole(strings.NewReader(string(data))) },
			func() (Answer, error) { return c.readStream(strings.NewReader(string(data))) },
		} {
			if a, err := read(); err == nil && len(a.Text) > 3*len(data) {
				t.Errorf("got %d bytes of text out of %d", len(a.Text), len(data))
			}
		}
	})
}

package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"defrost/engine/enginetest"
)

// promptedKey is the key of all tests here.
const promptedKey = "sk-engine-0123456789abcdef"

// A teller speaks the API: it says what is recorded for the line of a prompt that holds the longest
// of its texts, and counts how often each prompt was answered.
type teller struct {
	mu    sync.Mutex
	says  map[string]string
	paid  map[string]int
	after func(paid int) // once an answer was sent, nil for nothing
}

func (s *teller) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Messages []struct{ Content string }
	}
	err := json.NewDecoder(r.Body).Decode(&sent)
	if err != nil || len(sent.Messages) != 1 || r.Header.Get("Authorization") != "Bearer "+promptedKey {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":{"message":"wrong key %s"}}`, r.Header.Get("Authorization"))
		return
	}
	prompt := sent.Messages[0].Content
	text, _ := json.Marshal(s.answer(prompt))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paid[prompt]++
	fmt.Fprintf(w, `{"choices":[{"message":{"content":%s},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":2}}`, text)
	if s.after != nil {
		s.after(len(s.paid))
	}
}

// answer is what is recorded for the text that stands last in a prompt.
func (s *teller) answer(prompt string) string {
	at, said := -1, "nothing is recorded"
	for text, answer := range s.says {
		if i := strings.LastIndex(prompt, text); i > at {
			at, said = i, answer
		}
	}
	return said
}

// telling starts a server and puts the key where the run looks for it.
func telling(t *testing.T, says map[string]string) (*teller, Endpoint) {
	t.Helper()
	for _, name := range []string{"DEFROST_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "DEFROST_BASE_URL", "OPENAI_BASE_URL"} {
		t.Setenv(name, "")
	}
	t.Setenv("OPENAI_API_KEY", promptedKey)
	s := &teller{says: says, paid: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, Endpoint{Base: server.URL + "/v1"}
}

func agreed(Quote) error { return nil }

// dataset writes a folder of data.
func dataset(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		enginetest.Write(t, filepath.Join(dir, name), text)
	}
	return dir
}

// noKeyIn looks through every file of a run, and what was said beside.
func noKeyIn(t *testing.T, dir string, said ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), promptedKey) {
			t.Errorf("got the key in %s", path)
		}
		files++
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("got %d files and error %v, want a whole run", files, err)
	}
	for _, text := range said {
		if strings.Contains(text, promptedKey) {
			t.Errorf("got %q, want no key in it", text)
		}
	}
}

// TestRecordedAnswersGiveTheRightScores holds the figures to those worked out by hand.
func TestRecordedAnswersGiveTheRightScores(t *testing.T) {
	squad := func(list ...string) string {
		return `{"data":[{"paragraphs":[{"context":"In 1999 Anna and Bob saw the red house.","qas":[` + strings.Join(list, ",") + `]}]}]}`
	}
	asks := func(id, question, answer string, start int) string {
		return fmt.Sprintf(`{"id":%q,"question":%q,"answers":[{"text":%q,"answer_start":%d}]}`, id, question, answer, start)
	}
	cannot := func(id, question string) string {
		return fmt.Sprintf(`{"id":%q,"question":%q,"is_impossible":true,"answers":[]}`, id, question)
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		o     ZeroShotOptions
		says  map[string]string
		want  map[string]float64
	}{
		{ // yes: 2 of 3 found, 2 of 3 said, F1 2/3; no: 1 of 3 found, 1 of 2 said, F1 2/5; the class of what names no label 0
			"classify", map[string]string{
				"train.csv": "text,label\nthe best,yes\nthe worst,no\n",
				"test.csv":  "text,label\nfilm one,yes\nfilm two,yes\nfilm three,no\nfilm four,no\nfilm five,yes\nfilm six,no\n",
			},
			ZeroShotOptions{Words: map[string]string{"yes": "good", "no": "bad"}, Shots: 2},
			map[string]string{"film one": "Good.", "film two": "It was bad", "film three": "bad, not good", "film four": "I cannot say", "film five": "YES", "film six": " good"},
			map[string]float64{"test_accuracy": 3. / 6, "test_macro_f1": (2./3 + 2./5 + 0) / 3, "test_unreadable": 1, "test_examples": 6},
		},
		{ // exact: articles do not count; F1 of "1999" for "In 1999": precision 1, recall 1/2
			"qa", map[string]string{
				"train.json": squad(asks("t", "What color?", "red", 29)),
				"test.json":  squad(asks("a", "Which house?", "the red house", 25), asks("b", "When?", "In 1999", 0), cannot("c", "Why?"), asks("d", "Who first?", "Anna", 8), cannot("e", "How?")),
			},
			ZeroShotOptions{Task: "qa", Shots: 1},
			map[string]string{"Which house?": "Red house.", "When?": `Answer: "1999"`, "Why?": "Unanswerable.", "Who first?": "", "How?": "By car"},
			map[string]float64{"test_exact": 2. / 5, "test_f1": (1 + 2./3 + 1) / 5, "test_unreadable": 1, "test_exact_answerable": 1. / 3, "test_exact_unanswerable": 1. / 2},
		},
		{
			"last words", map[string]string{"test.jsonl": `{"text":"she gave it to anna"}` + "\n" + `{"text":"he kicked the ball"}` + "\n" + `{"text":"they went to bed"}` + "\n" + `{"text":"we ate the soup"}` + "\n"},
			ZeroShotOptions{Task: "lastword"},
			map[string]string{"she gave": "Anna.", "he kicked": "the ball", "they went": "**bed**", "we ate": " "},
			map[string]float64{"test_accuracy": 2. / 4, "test_unreadable": 1, "test_examples": 4},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server, at := telling(t, tt.says)
			o := tt.o
			o.Backbone, o.Data, o.Endpoint = "endpoint:gpt-test", dataset(t, tt.files), at
			if tt.name == "last words" {
				o.Data = filepath.Join(o.Data, "test.jsonl")
			}
			var quote Quote
			o.Confirm = func(q Quote) error { quote = q; return nil }
			done, events := asked(t, o)
			for name, want := range tt.want {
				if got, known := done.Metrics[name]; !known || math.Abs(float64(got)-want) > 1e-9 {
					t.Errorf("%s: got %v, want %v", name, got, want)
				}
			}
			if _, known := done.Metrics["test_perplexity"]; known {
				t.Error("got a perplexity, want none where nothing is said of how likely words are")
			}
			if quote.Requests != len(server.paid) || quote.In == 0 || quote.Out == 0 {
				t.Errorf("got %+v, want the %d requests that were sent", quote, len(server.paid))
			}
			if e := of[Evaluated](events); len(e) == 0 || !math.IsNaN(float64(e[len(e)-1].Loss)) {
				t.Errorf("got %+v, want no loss", e)
			}
			noKeyIn(t, done.Dir, fmt.Sprint(events))
		})
	}
}

// reviewsSaid are answers for enginetest.Reviews: the label's word wherever a text has one.
var reviewsSaid = map[string]string{"good": "good", "fine": "good", "great": "good", "lovely": "good", "bad": "bad", "poor": "bad", "awful": "bad", "ugly": "bad"}

func reviewing(t *testing.T, at Endpoint) ZeroShotOptions {
	t.Helper()
	return ZeroShotOptions{
		Backbone: "endpoint:org/gpt-test", Data: enginetest.Reviews(t, 60), Words: map[string]string{"yes": "good", "no": "bad"},
		Endpoint: at, Confirm: agreed, Dir: filepath.Join(t.TempDir(), "asked"),
	}
}

func TestPromptedRunsStandBesideTrainedOnes(t *testing.T) {
	_, at := telling(t, reviewsSaid)
	o := reviewing(t, at)
	r := familyRecipe(t, "bert")
	r.Data = o.Data
	run := trained(t, r)
	done, err := ZeroShot(t.Context(), o, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compare([]string{run.Dir, done.Dir}, "")
	if err != nil || c.Split != "test" || !c.Tested() {
		t.Fatalf("got %+v and error %v, want a test on the test part", c, err)
	}
	m, known := c.Runs[1].Figure()
	if !known || m.Name != "accuracy" || m.Value != done.Metrics["test_accuracy"] || !(m.Low < m.High) {
		t.Errorf("got %+v, want the accuracy of the run with an interval", m)
	}
	if len(c.Pairs[0].Apart) != 0 {
		t.Errorf("got %+v, want nothing said of probabilities that one of the two does not give", c.Pairs[0].Apart)
	}
	sum, err := summarise(done.Dir)
	if err != nil || !sum.Finished || sum.Primary != "accuracy" || sum.Total != 0 || sum.Recipe.Backbone != o.Backbone {
		t.Errorf("got %+v and error %v, want a finished run of the endpoint", sum, err)
	}
	if _, err := Resume(t.Context(), done.Dir); err == nil || !strings.Contains(err.Error(), "defrost zeroshot --resume") {
		t.Errorf("got error %v, want the way to go on", err)
	}
}

func TestInterruptedPromptingPaysNothingTwice(t *testing.T) {
	server, at := telling(t, reviewsSaid)
	o := reviewing(t, at)
	ctx, cancel := context.WithCancel(t.Context())
	server.after = func(paid int) {
		if paid == 5 {
			cancel()
		}
	}
	if _, err := ZeroShot(ctx, o, func(Event) {}); err == nil || !strings.Contains(err.Error(), "--resume asked") {
		t.Fatalf("got error %v, want an interruption that says how to go on", err)
	}
	server.after = nil
	before := len(server.paid)
	torn, err := os.OpenFile(filepath.Join(o.Dir, answersFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	torn.WriteString(`{"hash":"abc","answ`)
	torn.Close()
	var quote Quote
	done, err := ResumeZeroShot(t.Context(), o.Dir, Endpoint{}, func(q Quote) error { quote = q; return nil }, func(Event) {})
	if err != nil {
		t.Fatal(err)
	}
	if quote.Kept != before || quote.Requests != len(server.paid)-before || quote.Requests == 0 {
		t.Errorf("got %+v, want %d kept and the rest asked", quote, before)
	}
	for prompt, n := range server.paid {
		if n != 1 {
			t.Errorf("%q: got %d answers paid, want one", prompt, n)
		}
	}
	whole := o
	whole.Dir = filepath.Join(t.TempDir(), "whole")
	once, err := ZeroShot(t.Context(), whole, func(Event) {})
	if err != nil || fmt.Sprint(once.Metrics) != fmt.Sprint(done.Metrics) {
		t.Errorf("got %v and error %v, want %v as without the interruption", once.Metrics, err, done.Metrics)
	}
	if _, err := ResumeZeroShot(t.Context(), o.Dir, Endpoint{}, agreed, func(Event) {}); err == nil || !strings.Contains(err.Error(), "is finished") {
		t.Errorf("got error %v, want a finished run", err)
	}
	noKeyIn(t, o.Dir)
}

func TestNothingIsSentThatNobodyAgreedTo(t *testing.T) {
	server, at := telling(t, reviewsSaid)
	for _, tt := range []struct {
		name   string
		change func(*ZeroShotOptions)
		want   string
	}{
		{"nobody asked", func(o *ZeroShotOptions) { o.Confirm = nil }, "nobody has agreed"},
		{"a no", func(o *ZeroShotOptions) { o.Confirm = func(Quote) error { return errors.New("too dear") } }, "too dear"},
		{"offline", func(*ZeroShotOptions) { t.Setenv("DEFROST_OFFLINE", "1") }, "nothing is sent"},
		{"hub offline", func(*ZeroShotOptions) { t.Setenv("HF_HUB_OFFLINE", "1") }, "nothing is sent"},
		{"no address", func(o *ZeroShotOptions) { o.Endpoint.Base = "" }, "--base-url"},
		{"no task", func(o *ZeroShotOptions) { o.Task = "lm" }, "expected prompt"},
		{"calibration", func(o *ZeroShotOptions) { o.Calibrate = true }, "expected none of them"},
		{"no key", func(o *ZeroShotOptions) { o.Endpoint.KeyName = "NO_SUCH_KEY" }, "empty or not set"},
		{"a key for its name", func(o *ZeroShotOptions) { o.Endpoint.KeyName = promptedKey }, "not the key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("DEFROST_OFFLINE", "")
			t.Setenv("HF_HUB_OFFLINE", "")
			o := reviewing(t, at)
			tt.change(&o)
			_, err := ZeroShot(t.Context(), o, func(Event) {})
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), promptedKey) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
			if _, err := os.Stat(o.Dir); err == nil || len(server.paid) > 0 {
				t.Errorf("got a folder or %d requests, want none", len(server.paid))
			}
		})
	}
}

func TestWrongKeyIsNotRepeated(t *testing.T) {
	_, at := telling(t, nil)
	t.Setenv("OTHER_KEY", promptedKey+"-wrong")
	o := reviewing(t, at)
	o.Endpoint.KeyName = "OTHER_KEY"
	var said []string
	_, err := ZeroShot(t.Context(), o, func(e Event) { said = append(said, fmt.Sprint(e)) })
	if err == nil || !strings.Contains(err.Error(), "400 Bad Request: wrong key Bearer (key)") {
		t.Errorf("got error %v, want what the server says without the key", err)
	}
	noKeyIn(t, o.Dir, append(said, fmt.Sprint(err))...)
}

func TestCostIsEstimatedFromPrices(t *testing.T) {
	if got := (Endpoint{PriceIn: 2.5, PriceOut: 10}).Cost(1e6, 2e5); got != 4.5 {
		t.Errorf("got $%v for a million tokens in at 2.50 and a fifth of one out at 10, want 4.50", got)
	}
	_, at := telling(t, reviewsSaid)
	o := reviewing(t, at)
	o.Endpoint.PriceIn, o.Endpoint.PriceOut = 1e6, 1e6 // a dollar a token
	var quote Quote
	o.Confirm = func(q Quote) error { quote = q; return nil }
	var bill string
	if _, err := ZeroShot(t.Context(), o, func(e Event) {
		if n, ok := e.(Note); ok {
			bill = n.Text
		}
	}); err != nil {
		t.Fatal(err)
	}
	if !quote.Priced || quote.Cost != float64(quote.In+quote.Out) || quote.Out != 18*quote.Requests {
		t.Errorf("got %+v, want a dollar for each token, 18 of them for each answer", quote)
	}
	if want := fmt.Sprintf("%d tokens of prompts and %d of answers, $%d.0000", 20*quote.Requests, 2*quote.Requests, 22*quote.Requests); !strings.Contains(bill, want) {
		t.Errorf("got %q, want %q in it", bill, want)
	}
}

func TestPromptedBackbonesAreNotTrained(t *testing.T) {
	for _, name := range []string{"endpoint:gpt-test", "gpt3"} {
		r := familyRecipe(t, "bert")
		r.Backbone, r.Data = name, enginetest.Reviews(t, 20)
		dir := filepath.Join(t.TempDir(), "run")
		run, err := Start(t.Context(), r, StartOptions{Dir: dir})
		if err == nil {
			_, err = run.Wait()
		}
		if err == nil || !strings.Contains(err.Error(), "can only be prompted, not trained") {
			t.Errorf("%s: got error %v, want why it cannot be trained", name, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: got a folder, want none", name)
		}
		if _, err := Pull(t.Context(), name, nil); err == nil {
			t.Errorf("%s: got a download, want none", name)
		}
	}
	if card, known := PromptedCard("gpt3"); !known || card.Params != 175e9 || card.Cached || len(card.Scores) != 9 {
		t.Errorf("got %+v, want the card of GPT-3", card)
	}
}

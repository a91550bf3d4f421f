package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"defrost/datasets"
	"defrost/engine/endpoint"
	"defrost/engine/hub"
	"defrost/engine/task"
)

// endpointMark begins the name of a backbone that runs elsewhere: behind it stands the model's name.
const endpointMark = "endpoint:"

// IsEndpoint says whether a backbone's name means a model that others run, whose weights are not
// here: it can be prompted and nothing else.
func IsEndpoint(backbone string) bool { return strings.HasPrefix(backbone, endpointMark) }

// onlyPrompted says why a backbone's weights cannot be read; nil for all others.
func onlyPrompted(backbone string) error {
	card, prompted := PromptedCard(backbone)
	if !prompted {
		return nil
	}
	return card.OnlyPrompted()
}

// PromptedCard is the card of a backbone whose weights are not here: one of the catalogue, or
// endpoint:MODEL.
func PromptedCard(name string) (card Card, ok bool) {
	if c, known := cardOf(name); known && c.Prompted {
		return Card{Card: c}, true
	}
	if !IsEndpoint(name) {
		return card, false
	}
	card.Name, card.Title, card.Family, card.Prompted = name, "a model that others run", "endpoint", true
	card.Notes = "Only prompting is possible, no training: its weights are not here."
	return card, true
}

// OnlyPrompted says why the backbone cannot be trained and how it is asked; nil for all that can be.
func (c Card) OnlyPrompted() error {
	asked := c.Name
	if !IsEndpoint(asked) {
		asked = endpointMark + "MODEL"
	}
	if !c.Prompted {
		return nil
	}
	return fmt.Errorf("backbone: %s can only be prompted, not trained: its weights are not here; `defrost zeroshot --backbone %s --base-url URL` asks it", c.Name, asked)
}

// An Endpoint is where and how a model that others run is asked. It is written into the run's folder
// and holds no key.
type Endpoint struct {
	Base     string  `json:"base_url"`                // such as https://api.example.org/v1
	KeyName  string  `json:"key_variable,omitempty"`  // variable of the environment that holds the key; "" takes OPENAI_API_KEY, which may be empty
	Plain    bool    `json:"completions,omitempty"`   // the model continues text, it does not chat
	Stream   bool    `json:"stream,omitempty"`        // have answers sent as they are written
	AtOnce   int     `json:"at_once,omitempty"`       // requests under way; 0 is four
	Seconds  float64 `json:"seconds,omitempty"`       // for one attempt; 0 is sixty
	Tokens   int     `json:"answer_tokens,omitempty"` // most of an answer; 0 takes the task's
	PriceIn  float64 `json:"price_in,omitempty"`      // dollars for a million tokens of prompts
	PriceOut float64 `json:"price_out,omitempty"`     // and of answers

	adjust func(*endpoint.Client) // tests replace waiting
}

// Cost is what tokens cost, in dollars; 0 where prices are not known.
func (e Endpoint) Cost(in, out int) float64 {
	return (float64(in)*e.PriceIn + float64(out)*e.PriceOut) / 1e6
}

// A Quote is what asking will take, before anything is sent.
type Quote struct {
	Model, Host string
	Requests    int  // to be sent
	Kept        int  // answered in an earlier session
	In          int  // tokens of the prompts, about: one for every four bytes, and some around each
	Out         int  // tokens of the answers at most: the limit of each
	Priced      bool // Cost means something
	Cost        float64
	Exposed     bool // the key goes over the network unencrypted
}

// bytesPerToken is usual for English, aroundPrompt the tokens that a chat puts around one.
const (
	bytesPerToken = 4
	aroundPrompt  = 8
)

// usualKey is the variable that the makers of the interface use.
const usualKey = "OPENAI_API_KEY"

// variableName is what a shell takes for one.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// client opens the endpoint for a model. What is taken for a variable's name is never repeated: it
// may be a key that was typed in the wrong place.
func (e Endpoint) client(model string) (*endpoint.Client, error) {
	key := os.Getenv(cmp.Or(e.KeyName, usualKey))
	switch {
	case e.KeyName != "" && !variableName.MatchString(e.KeyName):
		return nil, errors.New("zeroshot: the name of the key's variable has other signs than letters, digits and _: it is a name, not the key")
	case e.KeyName != "" && key == "":
		return nil, errors.New("zeroshot: the variable that was named for the key is empty or not set in the environment")
	}
	if e.Base == "" {
		return nil, fmt.Errorf("zeroshot: no address of %s is known, expected --base-url, or DEFROST_BASE_URL or OPENAI_BASE_URL in the environment", model)
	}
	c, err := endpoint.New(e.Base, model, key)
	if err != nil {
		return nil, fmt.Errorf("zeroshot: %w", err)
	}
	c.Plain, c.Stream, c.Timeout = e.Plain, e.Stream, time.Duration(e.Seconds*float64(time.Second))
	if e.adjust != nil {
		e.adjust(c)
	}
	return c, nil
}

// A prompting is a run in which a model that others run is asked.
type prompting struct {
	*trainer
	o      ZeroShotOptions
	spoken task.Spoken
	client *endpoint.Client
	parts  []promptedPart
	cache  *endpoint.Cache
	spent  int // answers of earlier sessions
}

// A promptedPart is a part of the data as it is asked about.
type promptedPart struct {
	name, file string
	examples   []datasets.Example
	requests   []endpoint.Request
}

// newPrompting opens the data and says everything that will be asked; nothing is sent or written.
func newPrompting(o ZeroShotOptions) (*prompting, error) {
	if o.Calibrate || o.MaxLength > 0 {
		return nil, errors.New("zeroshot: found a calibration or a max length, expected none of them: texts are sent whole, and only words come back")
	}
	model := strings.TrimPrefix(o.Backbone, endpointMark)
	o.Endpoint.Base = cmp.Or(o.Endpoint.Base, os.Getenv("DEFROST_BASE_URL"), os.Getenv("OPENAI_BASE_URL"))
	client, err := o.Endpoint.client(model)
	if err != nil {
		return nil, err
	}
	p := &prompting{o: o, client: client, trainer: &trainer{r: o.promptedRecipe(), started: time.Now(), seen: map[string]bool{}}}
	if p.data, err = o.data(); err != nil {
		return nil, err
	}
	p.spoken, err = task.NewSpoken(o.Task, p.data, task.PromptOptions{Template: o.Prompt, Words: o.Words, Shots: o.Shots, Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	p.task, p.r.Task = p.spoken, p.spoken.Name()
	p.ask("dev", predictionsFile, p.data.Dev)
	p.ask("test", predictionsOn("test"), p.data.Test)
	p.ask("hard", predictionsOn("hard"), p.data.Hard)
	if len(p.parts) == 0 {
		return nil, fmt.Errorf("zeroshot: %s has no dev or test examples", o.Data)
	}
	return p, nil
}

// promptedRecipe is a recipe in which nothing learns.
func (o ZeroShotOptions) promptedRecipe() Recipe {
	r := Defaults()
	r.Backbone, r.Data, r.Task, r.Train, r.Epochs, r.Limit, r.Seed, r.MaxLength = o.Backbone, o.Data, o.Task, "none", 0, o.Shots, o.Seed, 0
	return r.with(o.Table)
}

// ask puts a part into words.
func (p *prompting) ask(name, file string, examples []datasets.Example) {
	if len(examples) == 0 {
		return
	}
	part := promptedPart{name: name, file: file, examples: examples}
	for _, ex := range examples {
		part.requests = append(part.requests, endpoint.Request{
			Prompt: p.spoken.Question(ex, !p.client.Plain), Tokens: cmp.Or(p.o.Endpoint.Tokens, p.spoken.AnswerTokens()),
		})
	}
	p.parts = append(p.parts, part)
}

// requests are those of all parts.
func (p *prompting) requests() []endpoint.Request {
	var all []endpoint.Request
	for _, part := range p.parts {
		all = append(all, part.requests...)
	}
	return all
}

// quote is what is left to ask.
func (p *prompting) quote() Quote {
	e := p.o.Endpoint
	q := Quote{Model: strings.TrimPrefix(p.o.Backbone, endpointMark), Host: p.client.Host(), Kept: p.spent, Priced: e.PriceIn > 0 || e.PriceOut > 0, Exposed: p.client.Exposed()}
	for _, r := range p.client.Missing(p.requests(), p.cache) {
		q.Requests++
		q.In += aroundPrompt + (len(r.Prompt)+bytesPerToken-1)/bytesPerToken
		q.Out += r.Tokens
	}
	q.Cost = e.Cost(q.In, q.Out)
	return q
}

// agree asks whoever pays. A machine that is to stay off the network sends nothing.
func (p *prompting) agree(ctx context.Context) error {
	q := p.quote()
	switch {
	case q.Requests == 0:
		return ctx.Err()
	case offline():
		return fmt.Errorf("zeroshot: %d requests to %s are left and DEFROST_OFFLINE, HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is set: nothing is sent", q.Requests, q.Host)
	case p.o.Confirm == nil:
		return fmt.Errorf("zeroshot: nobody has agreed to send %d requests to %s", q.Requests, q.Host)
	}
	return p.o.Confirm(q)
}

// offline says that nothing may be sent.
func offline() bool {
	on := []string{"1", "ON", "YES", "TRUE"}
	return hub.New().Offline || slices.Contains(on, strings.ToUpper(os.Getenv("DEFROST_OFFLINE")))
}

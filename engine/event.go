package engine

import (
	"encoding/json"
	"fmt"
)

// An Event is something that happened in a run. The set is closed: Started, Loaded, Step,
// Evaluated, Measured, Thawed, Steered, Saved, Note, Progress, Finished, Failed. What is not an event did not happen:
// screens and files are computed from them. Numbers that can be NaN or infinite are Numbers.
type Event interface {
	// Type is the event's name in JSON.
	Type() string
}

// Started is the first event: what will be done.
type Started struct {
	Run      string   `json:"run"`
	Dir      string   `json:"dir"`
	Recipe   Recipe   `json:"recipe"`
	Task     string   `json:"task"`
	Labels   []string `json:"labels,omitempty"`
	Primary  string   `json:"primary,omitempty"` // the metric that decides which checkpoint is best
	Tokens   int      `json:"tokens,omitempty"`  // to be seen in all, of pre-training; 0 where time ends it
	Examples Counts   `json:"examples"`
	Steps    int      `json:"steps"`             // planned, all epochs
	Resumed  int      `json:"resumed,omitempty"` // step resumed from
	Threads  int      `json:"threads"`
	ISA      string   `json:"isa"`
	Version  string   `json:"version"`
}

// Counts are the sizes of the splits.
type Counts struct {
	Train int `json:"train"`
	Dev   int `json:"dev"`
	Test  int `json:"test"`
}

// Loaded is the load report and the freeze map.
type Loaded struct {
	Backbone  string       `json:"backbone"`
	Layers    []LayerState `json:"layers"`
	Trainable int          `json:"trainable"`
	Total     int          `json:"total"`
	Report    LoadReport   `json:"report"`
	Memory    Memory       `json:"memory"`
	Seconds   float64      `json:"seconds"`
}

// LoadReport accounts for every tensor.
type LoadReport struct {
	Loaded  int       `json:"loaded"`
	Dropped []Dropped `json:"dropped,omitempty"` // in the file, not used, and why
	Fresh   []string  `json:"fresh,omitempty"`   // newly initialised
}

// Dropped is a tensor of the file that is not used.
type Dropped struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Memory is an account of bytes.
type Memory struct {
	Weights     int `json:"weights"`
	Gradients   int `json:"gradients"`
	Optimizer   int `json:"optimizer"`
	Activations int `json:"activations"` // of the largest batch, training and evaluation
	Prefix      int `json:"prefix"`      // what a frozen prefix says about every example
	Process     int `json:"process"`     // program, text, packing buffers, garbage
}

// Total is the sum.
func (m Memory) Total() int {
	return m.Weights + m.Gradients + m.Optimizer + m.Activations + m.Prefix + m.Process
}

// LayerState is one row of the freeze map.
type LayerState struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"` // embeddings, encoder, pooler, head
	Params    int    `json:"params"`
	Trainable int    `json:"trainable"`
	LR        Number `json:"lr"`        // peak learning rate, 0 where frozen
	GradNorm  Number `json:"grad_norm"` // of the last step, 0 where frozen
	Drift     Number `json:"drift"`     // ||w - w0|| / ||w0||, exactly 0 where frozen

	Mix *MixState `json:"mix,omitempty"` // of a layer that mixes those below it, as ELMo's
}

// A MixState is how much a mix takes of each layer: gamma sum over k of Shares[k] h_k.
type MixState struct {
	Layers []string `json:"layers"`
	Shares []Number `json:"shares"` // softmax(s)
	Gamma  Number   `json:"gamma"`
}

// Frozen says that nothing of the layer learns.
func (l LayerState) Frozen() bool { return l.Trainable == 0 }

// Step is one optimizer step.
type Step struct {
	Step     int     `json:"step"`  // from 1
	Epoch    int     `json:"epoch"` // from 1
	Loss     Number  `json:"loss"`
	LR       Number  `json:"lr"`
	GradNorm Number  `json:"grad_norm"` // before clipping
	Tokens   int     `json:"tokens"`    // real tokens of the batch
	Seconds  float64 `json:"seconds"`   // since the run started, pauses excluded
	Took     float64 `json:"took"`      // seconds of this step
}

// Evaluated is a pass over dev or test.
type Evaluated struct {
	Step      int               `json:"step"`
	Epoch     int               `json:"epoch"`
	Split     string            `json:"split"` // dev, test
	Loss      Number            `json:"loss"`
	Metrics   map[string]Number `json:"metrics"`             // accuracy, macro_f1, ...
	Confusion [][]int           `json:"confusion,omitempty"` // [gold][predicted]
	Best      bool              `json:"best"`
	Layers    []LayerState      `json:"layers,omitempty"`
	Flips     []Flip            `json:"flips,omitempty"`   // dev examples that changed between right and wrong
	Written   []Sample          `json:"written,omitempty"` // the first dev examples of a task that writes its answers
	Seconds   float64           `json:"seconds"`
}

// A Sample is a dev example with the answer that a model has written.
type Sample struct {
	Text    string `json:"text"`
	Gold    string `json:"gold"`
	Written string `json:"written"`
}

// Flip is a dev example whose prediction became right or wrong.
type Flip struct {
	Example   int    `json:"example"`
	Text      string `json:"text"`
	Gold      string `json:"gold"`
	Predicted string `json:"predicted"`
	Right     bool   `json:"right"`
}

// Measured is a look at the layers between two evaluations.
type Measured struct {
	Step   int          `json:"step"`
	Layers []LayerState `json:"layers"`
}

// Thawed is a change of what learns: gradual thawing, or a person's choice.
type Thawed struct {
	Step   int          `json:"step"`
	Epoch  int          `json:"epoch"`
	Layers []LayerState `json:"layers"` // the whole map after the change
	Why    string       `json:"why"`    // gradual, or person
}

// Steered is an intervention of a person.
type Steered struct {
	Step   int    `json:"step"`
	Action string `json:"action"` // pause, resume, step, lr, freeze, thaw, save, rewind, stop
	Value  string `json:"value,omitempty"`
}

// Saved is a checkpoint on disk.
type Saved struct {
	Step int    `json:"step"`
	Path string `json:"path"`
	Kind string `json:"kind"` // last, best
}

// Note is anything worth a line.
type Note struct {
	Step int    `json:"step"`
	Text string `json:"text"`
}

// Progress is how far a stage that takes a while has come: reading weights, tokenising, evaluating.
// It is news for those who watch and in no file, for nothing is computed from it.
type Progress struct {
	Stage string `json:"stage"` // what is being done: "tokenising"
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

// Percent is the share that is done, such as "40%".
func (p Progress) Percent() string { return fmt.Sprintf("%d%%", 100*p.Done/max(1, p.Total)) }

// Finished is the last event of a run that came to its end.
type Finished struct {
	Run       string            `json:"run"`
	Dir       string            `json:"dir"`
	Metrics   map[string]Number `json:"metrics"` // dev_accuracy, test_accuracy, ...
	Seconds   float64           `json:"seconds"`
	Trainable int               `json:"trainable"`
	Total     int               `json:"total"`
	Steps     int               `json:"steps"`
	Stopped   bool              `json:"stopped,omitempty"` // a person or early stopping ended it
}

// Failed is the last event of a run that could not go on.
type Failed struct {
	Error string `json:"error"`
	Step  int    `json:"step"`
}

func (Started) Type() string   { return "started" }
func (Loaded) Type() string    { return "loaded" }
func (Step) Type() string      { return "step" }
func (Evaluated) Type() string { return "evaluated" }
func (Measured) Type() string  { return "measured" }
func (Thawed) Type() string    { return "thawed" }
func (Steered) Type() string   { return "steered" }
func (Saved) Type() string     { return "saved" }
func (Note) Type() string      { return "note" }
func (Progress) Type() string  { return "progress" }
func (Finished) Type() string  { return "finished" }
func (Failed) Type() string    { return "failed" }

// MarshalEvent writes an event as one JSON object whose first field is its type.
func MarshalEvent(e Event) ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	head := fmt.Sprintf(`{"type":%q`, e.Type())
	if len(body) > 2 {
		head += ","
	}
	return append([]byte(head), body[1:]...), nil
}

// UnmarshalEvent reads what MarshalEvent wrote.
func UnmarshalEvent(line []byte) (Event, error) {
	var kind struct{ Type string }
	if err := json.Unmarshal(line, &kind); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	read, ok := readers[kind.Type]
	if !ok {
		return nil, fmt.Errorf("event: type is %q, expected one of the closed set", kind.Type)
	}
	return read(line)
}

var readers = map[string]func([]byte) (Event, error){
	"started": reader[Started], "loaded": reader[Loaded], "step": reader[Step],
	"evaluated": reader[Evaluated], "measured": reader[Measured], "thawed": reader[Thawed], "steered": reader[Steered],
	"saved": reader[Saved], "note": reader[Note], "progress": reader[Progress], "finished": reader[Finished], "failed": reader[Failed],
}

func reader[E Event](line []byte) (Event, error) {
	var e E
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fmt.Errorf("event: %s: %w", e.Type(), err)
	}
	return e, nil
}

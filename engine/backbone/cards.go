package backbone

import "slices"

// A Card describes a backbone before any of its files are read.
type Card struct {
	Name       string   `json:"name"`            // how recipes call it
	Title      string   `json:"title"`           // one line
	Family     string   `json:"family"`          // bert, gpt2, ...
	Repo       string   `json:"repo"`            // on the hub, "" for embedded ones and those with Files
	Files      []string `json:"files,omitempty"` // addresses, where the hub has no copy of the authors'
	Year       int      `json:"year"`
	Layers     int      `json:"layers"`
	Width      int      `json:"width"`
	Heads      int      `json:"heads"`
	Vocabulary int      `json:"vocabulary"`
	Params     int      `json:"params"` // of the backbone, as Params counts them
	Bytes      int64    `json:"bytes"`  // of the weights file, about
	Licence    string   `json:"licence"`
	Embedded   bool     `json:"embedded"`
	Prompted   bool     `json:"prompted,omitempty"` // weights are not published: it can be prompted and nothing else
	Context    int      `json:"context,omitempty"`  // tokens it reads, where its weights cannot tell
	Tasks      []string `json:"tasks"`
	Scores     []Score  `json:"scores,omitempty"`
	Notes      string   `json:"notes,omitempty"`
}

// A Score is a published result.
type Score struct {
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Source string  `json:"source"`
}

// What a backbone is good for.
var (
	encoderTasks = []string{"classify", "sentiment", "tag", "qa"}      // reads both ways
	causalTasks  = []string{"classify", "sentiment", "generate"}       // reads from left to right
	wordTasks    = []string{"classify", "sentiment", "tag"}            // one vector a word
	spokenTasks  = []string{"classify", "sentiment", "qa", "lastword"} // in words, without training
)

// Cards lists the catalogue: embedded backbones first, then family by family.
func Cards() []Card {
	return slices.Concat(embeddedCards(), bertCards(), miniatureCards(), distilbertCards(), robertaCards(), xlnetCards(), gptCards(), elmoCards(), vectorCards(), promptedCards())
}

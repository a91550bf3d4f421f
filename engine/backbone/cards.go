package backbone

// A Card describes a backbone before any of its files are read.
type Card struct {
	Name       string   `json:"name"`   // how recipes call it
	Title      string   `json:"title"`  // one line
	Family     string   `json:"family"` // bert, gpt2, ...
	Repo       string   `json:"repo"`   // on the hub, "" for embedded ones
	Year       int      `json:"year"`
	Layers     int      `json:"layers"`
	Width      int      `json:"width"`
	Heads      int      `json:"heads"`
	Vocabulary int      `json:"vocabulary"`
	Params     int      `json:"params"`
	Bytes      int64    `json:"bytes"` // of the weights file
	Licence    string   `json:"licence"`
	Embedded   bool     `json:"embedded"`
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

// encoderTasks is what a bidirectional encoder is good for.
var encoderTasks = []string{"classify", "sentiment"}

// Cards lists the catalogue: embedded backbones first.
func Cards() []Card {
	return []Card{
		{
			Name: "pocket-bert", Title: "A small BERT that ships inside Defrost", Family: "bert", Year: 2026,
			Licence: "Apache-2.0", Embedded: true, Tasks: encoderTasks,
		},
		{
			Name: "bert-base-uncased", Title: "BERT base, English, lower-cased", Family: "bert", Repo: "google-bert/bert-base-uncased", Year: 2018,
			Layers: 12, Width: 768, Heads: 12, Vocabulary: 30522, Params: 109482240, Bytes: 440449768, Licence: "Apache-2.0", Tasks: encoderTasks,
			Scores: []Score{{"GLUE (BERT large)", 82.1, "Devlin et al. 2019"}, {"SQuAD 1.1 F1", 88.4, "Devlin et al. 2019"}, {"SST-2 dev", 92.7, "Devlin et al. 2019"}},
		},
	}
}

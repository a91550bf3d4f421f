package task

// A Prediction is what a model says about one example. A task fills the fields it has answers for.
type Prediction struct {
	Class         int        // of Labels
	Probabilities []float64  // by label
	Tags          []string   // one per word
	Score         float64    // of a regression
	Text          string     // an answer found or written
	Alignment     *Alignment // of an answer written from a text
	Spans         []Answer   // candidates for an answer, the likeliest first
	Null          float64    // score of there being no answer
	Loss          float64    // negative log-likelihood, summed over Tokens
	Tokens        int
}

// An Answer is a stretch of a context that may be the answer.
type Answer struct {
	Text  string  `json:"text"`
	Start int     `json:"start"` // byte of the context
	Score float64 `json:"score"`
}

// A Case is an example with its right answer and a model's, as people read them.
type Case struct {
	Text, Gold, Predicted string
	Right                 bool
	Detail
}

// Detail is what some tasks say of a case beyond its texts.
type Detail struct {
	Pair       string   `json:"pair,omitempty"`    // the second text
	Context    string   `json:"context,omitempty"` // where an answer is looked for
	Tokens     []string `json:"tokens,omitempty"`  // words that have tags
	GoldTags   []string `json:"gold_tags,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Labels     []string `json:"labels,omitempty"` // where an example has several
	GoldLabels []string `json:"gold_labels,omitempty"`
	Accepted   []string `json:"accepted,omitempty"` // all right answers
	Spans      []Answer `json:"spans,omitempty"`
	NoAnswer   *float64 `json:"no_answer,omitempty"` // how likely it is that the context does not say
	Score      *float64 `json:"score,omitempty"`

	Nats *float64 `json:"nats,omitempty"` // what the text costs a language model
	Said *int     `json:"said,omitempty"` // over so many tokens
}

// fall are the metrics that are better when they are lower.
var fall = map[string]bool{"loss": true, "perplexity": true, "word_perplexity": true, "bits_per_byte": true, "mse": true}

// Better says whether a value of a metric is better than another.
func Better(metric string, value, than float64) bool {
	if fall[metric] {
		return value < than
	}
	return value > than
}

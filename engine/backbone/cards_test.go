package backbone

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestCardsCountAsTheCodeDoes builds each transformer with one layer and one word, with a second
// layer, and with a second word, and multiplies: the full weights of the large ones would not fit
// a test.
func TestCardsCountAsTheCodeDoes(t *testing.T) {
	for _, c := range Cards() {
		if c.Family == "elmo" || c.Family == "vectors" || c.Embedded || c.Prompted {
			continue
		}
		const words = 5 // RoBERTa's padding is a word
		base := count(t, c, 1, words)
		layer, word := count(t, c, 2, words)-base, count(t, c, 1, words+1)-base
		if want := base + (c.Layers-1)*layer + (c.Vocabulary-words)*word; c.Params != want {
			t.Errorf("%s: got %d parameters on the card, want %d", c.Name, c.Params, want)
		}
	}
}

// count is the number of parameters of a card's network with other layers and words. All of the
// catalogue have feed-forward layers four times as wide.
func count(t *testing.T, c Card, layers, words int) int {
	t.Helper()
	keys := map[string]string{
		"bert":       `"hidden_size":%d,"num_hidden_layers":%d,"num_attention_heads":%d,"intermediate_size":%d`,
		"roberta":    `"hidden_size":%d,"num_hidden_layers":%d,"num_attention_heads":%d,"intermediate_size":%d`,
		"distilbert": `"dim":%d,"n_layers":%d,"n_heads":%d,"hidden_dim":%d`,
		"xlnet":      `"d_model":%d,"n_layer":%d,"n_head":%d,"d_inner":%d`,
		"gpt2":       `"n_embd":%d,"n_layer":%d,"n_head":%d,"n_inner":%d`,
		"openai-gpt": `"n_embd":%d,"n_layer":%d,"n_head":%d,"n_inner":%d`,
	}[c.Family]
	config := fmt.Sprintf(`{"vocab_size":%d,`+keys+`}`, words, c.Width, layers, c.Heads, 4*c.Width)
	bb, err := families[c.Family].New([]byte(config))
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	n := 0
	for _, p := range Params(bb) {
		n += p.Len()
	}
	return n
}

// TestCardsAreWholeAndNamedOnce holds what the front ends show and the hub client asks for.
func TestCardsAreWholeAndNamedOnce(t *testing.T) {
	names := map[string]bool{}
	for _, c := range Cards() {
		if names[strings.ToLower(c.Name)] {
			t.Errorf("%s is in the catalogue twice", c.Name)
		}
		names[strings.ToLower(c.Name)] = true
		if c.Name == "" || c.Title == "" || c.Family == "" || c.Licence == "" || c.Year < 2010 || len(c.Tasks) == 0 {
			t.Errorf("got an incomplete card %+v", c)
		}
		if c.Embedded {
			continue
		}
		if c.Prompted {
			if c.Params == 0 || c.Context == 0 || c.Bytes != 0 || c.Repo != "" || len(c.Files) != 0 || len(c.Scores) == 0 {
				t.Errorf("%s: got %+v, want sizes and figures, and nothing to download", c.Name, c)
			}
			continue
		}
		if c.Params == 0 || c.Bytes == 0 || c.Width == 0 || (c.Repo == "") == (len(c.Files) == 0) {
			t.Errorf("%s: got %+v, want sizes and either a repository or files", c.Name, c)
		}
		for _, s := range c.Scores {
			if s.What == "" || s.Value <= 0 || s.Value >= 100 || s.Source == "" {
				t.Errorf("%s: got score %+v, want what, a percentage and where it was published", c.Name, s)
			}
		}
		for _, f := range c.Files {
			if u, err := url.Parse(f); err != nil || u.Scheme != "https" {
				t.Errorf("%s: got address %q, want https", c.Name, f)
			}
		}
	}
}

// TestElmoCardsCountAsTheCodeDoes builds the smallest one.
func TestElmoCardsCountAsTheCodeDoes(t *testing.T) {
	const options = `{"lstm":{"use_skip_connections":true,"projection_dim":128,"cell_clip":3,"proj_clip":3,"dim":1024,"n_layers":2},
		"char_cnn":{"activation":"relu","filters":[[1,32],[2,32],[3,64],[4,128],[5,256],[6,512],[7,1024]],"n_highway":1,
		"embedding":{"dim":16},"n_characters":262,"max_characters_per_token":50}}`
	bb, err := newElmo([]byte(options))
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, p := range Params(bb) {
		got += p.Len()
	}
	for _, c := range elmoCards() {
		if c.Name == "elmo-small" && c.Params != got {
			t.Errorf("got %d parameters on the card, want %d", c.Params, got)
		}
	}
}

package backbone

import (
	"strings"

	"defrost/engine/nn"
	"defrost/engine/op"
)

// A Speaker is a Backbone whose word embeddings are its output layer too (Press and Wolf 2017), so
// that it can be asked for words.
type Speaker interface{ Output() Output }

// An Output is what a language-modelling head is made of.
type Output struct {
	Words  *nn.Param     // (V, H), the backbone's own
	Act    op.Activation // of the transform before it, where the family has one
	Eps    float32       // of that transform's norm
	Causal bool          // predicts the next word, not a masked one
}

// tiedWeight is why an output layer is not read.
const tiedWeight = "tied to the word embeddings"

// dropBuffers names tensors of published files that are constants, not weights.
func dropBuffers(name string) (string, bool) {
	if strings.HasSuffix(name, "position_ids") || strings.HasSuffix(name, "token_type_ids") {
		return "a constant, not a weight", true
	}
	return "", false
}

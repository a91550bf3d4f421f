package backbone

import (
	"encoding/json"
	"fmt"
)

// decode reads a configuration into c and checks its sizes.
func decode(config []byte, c interface{ sizes() []size }) error {
	if err := json.Unmarshal(config, c); err != nil {
		return fmt.Errorf("backbone: %s: %w", configFile, err)
	}
	return checkSizes(configFile, c.sizes())
}

// checkSizes refuses a number out of its bounds.
func checkSizes(file string, sizes []size) error {
	for _, s := range sizes {
		if s.value < s.least || s.value > s.most {
			return fmt.Errorf("backbone: %s: %s is %d, expected %d to %d", file, s.name, s.value, s.least, s.most)
		}
	}
	return nil
}

// A size is a number of a configuration with its sane bounds: they keep a broken file from
// asking for all the memory there is.
type size struct {
	name               string
	value, least, most int
}

// transformerSizes are the bounds every transformer shares.
func transformerSizes(layers, width, heads, ffn, vocabulary, positions int) []size {
	s := []size{
		{"number of layers", layers, 0, 200},
		{"hidden size", width, 1, 1 << 16},
		{"number of attention heads", heads, 1, max(width, 1)},
		{"feed-forward size", ffn, 1, 1 << 18},
		{"vocab_size", vocabulary, 1, 1 << 22},
		{"max_position_embeddings", positions, 1, 1 << 20},
	}
	if heads > 0 && width%heads != 0 {
		s = append(s, size{"hidden size modulo heads", width % heads, 0, 0})
	}
	return s
}

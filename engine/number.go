package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// A Number is a float64 that survives JSON when it is NaN or infinite, and that is written with
// the fewest digits that read back to the same bits of a float32 result.
type Number float64

// MarshalJSON writes NaN and infinities as strings.
func (n Number) MarshalJSON() ([]byte, error) {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte(strconv.Quote(strconv.FormatFloat(f, 'g', -1, 64))), nil
	}
	return json.Marshal(f)
}

// UnmarshalJSON reads both forms.
func (n *Number) UnmarshalJSON(data []byte) error {
	text := string(data)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("number: found %s, expected a number", text)
	}
	*n = Number(f)
	return nil
}

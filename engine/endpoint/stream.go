package endpoint

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// lastData ends a stream.
const lastData = "[DONE]"

// readStream reads server-sent events: each line that begins with data: is a piece of the answer.
func (c *Client) readStream(body io.Reader) (Answer, error) {
	var a Answer
	spoke := false
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, mostBytes)
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data:")
		if data = strings.TrimSpace(data); !isData || data == "" {
			continue
		}
		if data == lastData {
			return a, unsaid(spoke, a)
		}
		var r reply
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			if cut := lines.Err(); cut != nil { // the last line is what came before it
				return a, torn(cut)
			}
			return a, &brokenError{fmt.Errorf("found a piece of an answer that is no JSON: %w", err)}
		}
		said, err := c.take(&a, r)
		if err != nil {
			return a, err
		}
		spoke = spoke || said
	}
	if err := lines.Err(); err != nil {
		return a, torn(err)
	}
	if a.Finish == "" {
		return a, &brokenError{errors.New("the answer ended in its middle")}
	}
	return a, nil
}

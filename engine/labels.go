package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// labelled is a config.json that names the classes of a head, as other tools look for them.
func labelled(config []byte, labels []string) ([]byte, error) {
	if len(labels) == 0 {
		return config, nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(config, &fields); err != nil {
		return nil, fmt.Errorf("checkpoint: config.json: %w", err)
	}
	names, ids := map[string]string{}, map[string]int{}
	for i, l := range labels {
		names[strconv.Itoa(i)], ids[l] = l, i
	}
	for key, value := range map[string]any{"id2label": names, "label2id": ids} {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("checkpoint: config.json: %w", err)
		}
		fields[key] = data
	}
	return json.MarshalIndent(fields, "", "  ")
}

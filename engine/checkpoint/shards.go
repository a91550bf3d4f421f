package checkpoint

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
)

// maxIndex bounds the JSON files read whole, in bytes; the index of the largest
// published models is under a megabyte.
const maxIndex = 32 << 20

// openShards opens a checkpoint split over several files, as listed by an index
// {"weight_map": {"tensor": "file"}}. Each shard is opened with open; every tensor of
// the map must be where the map says.
func openShards(fsys fs.FS, name string, open func(fs.FS, string) (*table, error)) (*table, error) {
	var index struct {
		WeightMap map[string]string `json:"weight_map"`
	}
	if err := readJSON(fsys, name, &index); err != nil {
		return nil, err
	}
	if len(index.WeightMap) == 0 {
		return nil, fmt.Errorf("checkpoint: %s: found no tensors under weight_map", name)
	}
	all := &table{name: name}
	files := slices.Compact(slices.Sorted(maps.Values(index.WeightMap)))
	for _, file := range files {
		if err := all.addShard(fsys, file, index.WeightMap, open); err != nil {
			all.Close()
			return nil, err
		}
	}
	for tensor, file := range index.WeightMap {
		if _, ok := all.index[tensor]; !ok {
			all.Close()
			return nil, fmt.Errorf("checkpoint: %s: found no tensor %q in %s, where the index puts it", name, tensor, file)
		}
	}
	return all, nil
}

// addShard takes over the file and those of its tensors that the index puts there.
func (t *table) addShard(fsys fs.FS, file string, weightMap map[string]string, open func(fs.FS, string) (*table, error)) error {
	shard, err := open(fsys, file)
	if err != nil {
		return err
	}
	t.closers = append(t.closers, shard.closers...)
	if t.metadata == nil {
		t.metadata = shard.metadata
	}
	for _, s := range shard.tensors {
		if weightMap[s.Name] != file {
			continue
		}
		if err := t.add(s); err != nil {
			return err
		}
	}
	return nil
}

// readJSON reads a small JSON file of the model folder.
func readJSON(fsys fs.FS, name string, into any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxIndex+1))
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	if len(data) > maxIndex {
		return fmt.Errorf("checkpoint: %s: found more than %d bytes of JSON", name, maxIndex)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	return nil
}

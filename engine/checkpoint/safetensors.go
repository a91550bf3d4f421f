package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sort"
)

// maxHeader is the longest safetensors header the format allows, in bytes.
const maxHeader = 100_000_000

// A safetensors file is: the header's length N (8 bytes, little-endian), N bytes of
// JSON {"name": {"dtype", "shape", "data_offsets": [from, to]}, "__metadata__": {...}},
// then the data the offsets count from.
type safeEntry struct {
	DType   DType   `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
}

// OpenSafetensors reads the header of a safetensors file of size bytes; name is for
// messages. The tensors must fill the file without hole or overlap.
func OpenSafetensors(r io.ReaderAt, size int64, name string) (Source, error) {
	t, err := openSafetensors(r, size, name)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func openSafetensors(r io.ReaderAt, size int64, name string) (*table, error) {
	header, err := readSafeHeader(r, size)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	t := &table{name: name}
	entries, names, err := parseSafeHeader(header, t)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	start := 8 + int64(len(header))
	order, err := layOut(entries, names, size-start)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	for _, i := range order {
		e := entries[i]
		s := stored{Info: Info{Name: names[i], DType: e.DType, Shape: e.Shape}, file: name, r: r, at: start + e.Offsets[0]}
		if err := t.add(s); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// readSafeHeader returns the JSON bytes.
func readSafeHeader(r io.ReaderAt, size int64) ([]byte, error) {
	var prefix [8]byte
	if size < 8 {
		return nil, fmt.Errorf("found %d bytes, expected at least the 8 of the header's length", size)
	}
	if n, err := r.ReadAt(prefix[:], 0); n < 8 {
		return nil, fmt.Errorf("reading the header's length: %w", err)
	}
	n := binary.LittleEndian.Uint64(prefix[:])
	if n > uint64(size-8) {
		return nil, fmt.Errorf("found a header of %d bytes in a file of %d, expected at most %d", n, size, size-8)
	}
	if n > maxHeader {
		return nil, fmt.Errorf("found a header of %d bytes, expected at most %d", n, maxHeader)
	}
	header := make([]byte, n)
	if got, err := r.ReadAt(header, 8); got < len(header) {
		return nil, fmt.Errorf("found %d bytes of header, expected %d: %w", got, n, err)
	}
	return header, nil
}

// parseSafeHeader walks the JSON object by token, so that a name written twice is
// seen. Metadata goes to t.
func parseSafeHeader(header []byte, t *table) (entries []safeEntry, names []string, err error) {
	d := json.NewDecoder(bytes.NewReader(header))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, nil, fmt.Errorf("found a header starting with %.20q, expected a JSON object", header)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("header: %w", err)
		}
		name := key.(string) // an object's keys are strings, or Token fails
		if name == "__metadata__" {
			if err := d.Decode(&t.metadata); err != nil {
				return nil, nil, fmt.Errorf("header: __metadata__: %w", err)
			}
			continue
		}
		e, err := decodeSafeEntry(d)
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		entries, names = append(entries, e), append(names, name)
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	return entries, names, trailing(header[d.InputOffset():])
}

// trailing refuses anything but the padding after the header's object.
func trailing(rest []byte) error {
	if rest = bytes.TrimRight(rest, " \t\r\n\x00"); len(rest) > 0 {
		return fmt.Errorf("found %.20q after the header's object, expected blanks", rest)
	}
	return nil
}

// decodeSafeEntry reads one tensor's description and checks it on its own.
func decodeSafeEntry(d *json.Decoder) (e safeEntry, err error) {
	if err = d.Decode(&e); err != nil {
		return e, fmt.Errorf("header: %w", err)
	}
	if e.DType.Size() == 0 {
		return e, fmt.Errorf("unknown dtype %q", string(e.DType))
	}
	want, err := byteLen(e.DType, e.Shape)
	if err != nil {
		return e, err
	}
	if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] {
		return e, fmt.Errorf("found data_offsets %v, expected [from, to]", e.Offsets)
	}
	if found := e.Offsets[1] - e.Offsets[0]; found != want {
		return e, fmt.Errorf("found %d bytes, expected %d for %s of shape %v", found, want, e.DType, e.Shape)
	}
	return e, nil
}

// layOut orders the tensors by place and checks that together they are exactly the
// size bytes of data.
func layOut(entries []safeEntry, names []string, size int64) ([]int, error) {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := entries[order[a]].Offsets, entries[order[b]].Offsets
		return x[0] < y[0] || x[0] == y[0] && x[1] < y[1]
	})
	end := int64(0)
	for _, i := range order {
		from, to := entries[i].Offsets[0], entries[i].Offsets[1]
		switch {
		case to > size:
			return nil, fmt.Errorf("tensor %q: ends at byte %d of the data, expected at most %d: the file is truncated", names[i], to, size)
		case from < end:
			return nil, fmt.Errorf("tensor %q: starts at byte %d of the data, expected %d: it overlaps the tensor before it", names[i], from, end)
		case from > end:
			return nil, fmt.Errorf("tensor %q: starts at byte %d of the data, expected %d: there is a hole before it", names[i], from, end)
		}
		end = to
	}
	if end != size {
		return nil, fmt.Errorf("found %d bytes of data, expected the %d the header lists", size, end)
	}
	return order, nil
}

package tensorboard

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var began = time.Unix(1700000000, 500_000_000).UTC()

// A record is what the tiny reader of this test finds in an event file.
type record struct {
	wall    float64
	step    int64
	version string
	values  []Scalar
}

var errTorn = errors.New("the frame is not whole")

// read takes an event file apart and checks both checksums of every frame; torn says that the file
// ends within a frame.
func read(t *testing.T, data []byte) (records []record, err error) {
	t.Helper()
	for len(data) > 0 {
		if len(data) < 12 {
			return records, errTorn
		}
		n := binary.LittleEndian.Uint64(data)
		if binary.LittleEndian.Uint32(data[8:]) != masked(data[:8]) {
			t.Fatal("the checksum of a length is wrong")
		}
		if uint64(len(data)) < 16+n {
			return records, errTorn
		}
		body := data[12 : 12+n]
		if binary.LittleEndian.Uint32(data[12+n:]) != masked(body) {
			t.Fatal("the checksum of a record is wrong")
		}
		records = append(records, decode(t, body))
		data = data[16+n:]
	}
	return records, nil
}

func decode(t *testing.T, m []byte) record {
	var r record
	fields(t, m, func(field int, number uint64, data []byte) {
		switch field {
		case eventWallTime:
			r.wall = math.Float64frombits(number)
		case eventStep:
			r.step = int64(number)
		case eventFileVersion:
			r.version = string(data)
		case eventSummary:
			fields(t, data, func(_ int, _ uint64, data []byte) {
				var s Scalar
				fields(t, data, func(field int, number uint64, data []byte) {
					if field == valueTag {
						s.Tag = string(data)
					} else {
						s.Value = float64(math.Float32frombits(uint32(number)))
					}
				})
				r.values = append(r.values, s)
			})
		}
	})
	return r
}

// fields calls do for every field of a message.
func fields(t *testing.T, m []byte, do func(field int, number uint64, data []byte)) {
	t.Helper()
	for len(m) > 0 {
		field, wire := int(m[0]>>3), int(m[0]&7)
		m = m[1:]
		switch wire {
		case varint:
			v, n := binary.Uvarint(m)
			do(field, v, nil)
			m = m[n:]
		case fixed64:
			do(field, binary.LittleEndian.Uint64(m), nil)
			m = m[8:]
		case fixed32:
			do(field, uint64(binary.LittleEndian.Uint32(m)), nil)
			m = m[4:]
		case bytes:
			size, n := binary.Uvarint(m)
			do(field, 0, m[n:n+int(size)])
			m = m[n+int(size):]
		default:
			t.Fatalf("field %d has wire type %d", field, wire)
		}
	}
}

// written is a file of three steps.
func written(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), FileName(began))
	w, err := Create(path, began)
	if err != nil {
		t.Fatal(err)
	}
	for step := range int64(3) {
		err := w.Write(began.Add(time.Duration(step)*time.Second), 1+step*200, Scalar{"train/loss", 0.5}, Scalar{"train/lr", math.Inf(1)})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestChecksumIsCastagnolis takes the check value of CRC-32C and the vector of 32 zero bytes from
// RFC 3720, B.4; masking is undone to compare.
func TestChecksumIsCastagnolis(t *testing.T) {
	tests := []struct {
		data string
		want uint32
	}{
		{"123456789", 0xe3069283},
		{string(make([]byte, 32)), 0x8a9136aa},
		{"", 0},
	}
	for _, tt := range tests {
		rotated := masked([]byte(tt.data)) - maskDelta
		if got := rotated>>17 | rotated<<15; got != tt.want {
			t.Errorf("%q: got %#x, want %#x", tt.data, got, tt.want)
		}
	}
}

// TestBytesAreTensorBoards holds bytes that TensorBoard 2.21 read as the events they are.
func TestBytesAreTensorBoards(t *testing.T) {
	tests := []struct {
		name string
		got  []byte
		want string
	}{
		{"version", appendFrame(nil, version(began)), goldenVersion},
		{"step", appendFrame(nil, event(began, 300, []Scalar{{"train/loss", 0.25}, {"train/lr", 1e-3}})), goldenStep},
	}
	for _, tt := range tests {
		if got := hex.EncodeToString(tt.got); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestFileReadsBackAsItWasWritten(t *testing.T) {
	records, err := read(t, written(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 4 || records[0].version != fileVersion || records[0].wall != 1700000000.5 {
		t.Fatalf("got %+v, want a version and three steps", records)
	}
	want := []Scalar{{"train/loss", 0.5}, {"train/lr", math.Inf(1)}}
	for i, r := range records[1:] {
		if r.step != 1+int64(i)*200 || r.wall != 1700000000.5+float64(i) || !slices.Equal(r.values, want) {
			t.Errorf("record %d is %+v", i, r)
		}
	}
}

func TestNaNStaysNaN(t *testing.T) {
	r := decode(t, event(began, 1, []Scalar{{"train/loss", math.NaN()}}))
	if len(r.values) != 1 || !math.IsNaN(r.values[0].Value) {
		t.Errorf("got %v, want NaN", r.values)
	}
}

func TestFileCutAnywhereReadsUpToItsLastWholeRecord(t *testing.T) {
	data := written(t)
	last := -1
	for n := range len(data) + 1 {
		records, err := read(t, data[:n])
		if len(records) < last {
			t.Fatalf("%d bytes hold %d records, fewer than before", n, len(records))
		}
		if err != nil && !errors.Is(err, errTorn) {
			t.Fatal(err)
		}
		last = len(records)
	}
	if last != 4 {
		t.Errorf("got %d records, want 4", last)
	}
}

func TestEveryRecordIsOnDiskOnceWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName(began))
	w, err := Create(path, began)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Write(began, 1, Scalar{"train/loss", 1}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if records, err := read(t, data); err != nil || len(records) != 2 {
		t.Errorf("got %d records and %v before Close, want 2", len(records), err)
	}
}

func TestFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	if _, err := Create(filepath.Join(t.TempDir(), "absent", "events"), began); err == nil {
		t.Error("got no error for a folder that is not there")
	}
}

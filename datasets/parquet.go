package datasets

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// rowBatch is how many parquet rows are decoded at a time.
const rowBatch = 256

// readParquet reads a parquet file as the hub stores datasets: columns of
// text, numbers, lists of them, and structs (answers, translation). Integer
// classes become the names that the file's metadata gives them. The Line of an
// example is its row, from 1.
func readParquet(src *source, o Options) (h *harvest, err error) {
	defer func() { // the decoder panics on some damaged files
		if r := recover(); r != nil {
			h, err = nil, damaged(src, fmt.Errorf("%v", r))
		}
	}()
	at, ok := src.file.(io.ReaderAt)
	info, statErr := src.file.Stat()
	if !ok || statErr != nil {
		return nil, fmt.Errorf("datasets: %s: found a file without random access, expected one on disk", src.name)
	}
	if err := checkFooter(at, info.Size()); err != nil {
		return nil, damaged(src, err)
	}
	f, err := parquet.OpenFile(at, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, damaged(src, err)
	}
	p := &parquetFile{t: newRecordTable(src.name, o), leaves: leavesOf(f)}
	for _, group := range f.RowGroups() {
		if err := p.read(group, src); err != nil {
			return nil, err
		}
	}
	return p.t.done()
}

// checkFooter refuses a footer that is larger than the file, for which the
// decoder would allocate up to 4 GiB. A file ends with the footer's length (4
// bytes, little endian) and PAR1.
func checkFooter(at io.ReaderAt, size int64) error {
	var end [8]byte
	if size < int64(len(end)) {
		return fmt.Errorf("%d bytes", size)
	}
	if _, err := at.ReadAt(end[:], size-int64(len(end))); err != nil {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(end[:4])); n > size-int64(len(end)) {
		return fmt.Errorf("a footer of %d bytes in a file of %d", n, size)
	}
	return nil
}

// damaged is the error for a file that the decoder refuses.
func damaged(src *source, err error) error {
	return &Problem{File: src.name, Found: "what is not a whole parquet file (" + err.Error() + ")", Expected: "one"}
}

// parquetFile turns rows of leaf values into records.
type parquetFile struct {
	t      *recordTable
	leaves []leaf
	row    int
}

// A leaf is one column of values: name, or name.field inside a struct.
type leaf struct {
	name, field string
	list        bool
	depth       int // definition level of a value that is there
	classes     []string
}

// read hands the rows of one group to the table.
func (p *parquetFile) read(group parquet.RowGroup, src *source) error {
	rows := group.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, rowBatch)
	for {
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			p.row++
			if err := p.t.give(p.record(row), p.row); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged(src, err)
		}
	}
}

// record gathers the values of one row under their names.
func (p *parquetFile) record(row parquet.Row) record {
	r := make(record, len(p.leaves))
	for _, v := range row {
		if v.Column() >= len(p.leaves) {
			continue
		}
		l := &p.leaves[v.Column()]
		into := r
		if l.field != "" {
			inner, ok := r[l.name].(map[string]any)
			if !ok {
				inner = map[string]any{}
				r[l.name] = inner
			}
			into = inner
		}
		l.put(into, v)
	}
	return r
}

// put stores one value, or adds it to its list.
func (l *leaf) put(into record, v parquet.Value) {
	key := l.name
	if l.field != "" {
		key = l.field
	}
	if !l.list {
		into[key] = l.value(v)
		return
	}
	list, _ := into[key].([]any)
	if list == nil {
		list = []any{}
	}
	if v.DefinitionLevel() == l.depth {
		list = append(list, l.value(v))
	}
	into[key] = list
}

// value converts one value; an integer class becomes its name, and a class
// outside the names (-1 in hidden test parts) is no value.
func (l *leaf) value(v parquet.Value) any {
	if v.IsNull() {
		return nil
	}
	switch v.Kind() {
	case parquet.Boolean:
		return v.Boolean()
	case parquet.Int32, parquet.Int64:
		n := v.Int64()
		if v.Kind() == parquet.Int32 {
			n = int64(v.Int32())
		}
		if l.classes == nil {
			return n
		}
		if n < 0 || n >= int64(len(l.classes)) {
			return nil
		}
		return l.classes[n]
	case parquet.Float:
		return float64(v.Float())
	case parquet.Double:
		return v.Double()
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return string(v.ByteArray())
	}
	return nil
}

// leavesOf lists the leaf columns of a file in the order of their values.
func leavesOf(f *parquet.File) []leaf {
	classes := classNames(f)
	var leaves []leaf
	for _, path := range f.Schema().Columns() {
		found, _ := f.Schema().Lookup(path...)
		l := leaf{name: path[0], list: found.Node.Repeated() || len(path) > 2, depth: depthOf(f.Schema(), path)}
		inner := slices.DeleteFunc(slices.Clone(path[1:]), isListNode)
		if len(inner) > 0 {
			l.field = inner[0]
			l.list = len(path) > 2
		}
		l.classes = classes[l.name]
		leaves = append(leaves, l)
	}
	return leaves
}

// isListNode says that a schema node only wraps the elements of a list.
func isListNode(name string) bool {
	return slices.Contains([]string{"list", "element", "item", "bag", "array", "array_element"}, name)
}

// depthOf is the definition level of a present value: one for each optional
// or repeated node on its path.
func depthOf(node parquet.Node, path []string) int {
	depth := 0
	for _, name := range path {
		for _, f := range node.Fields() {
			if f.Name() == name {
				node = f
				break
			}
		}
		if !node.Required() {
			depth++
		}
	}
	return depth
}

// A feature is a column's description in the hub's metadata.
type feature struct {
	Names   []string `json:"names"`
	Feature *feature `json:"feature"` // of a list's elements
}

// classNames reads the names of integer classes that the hub's datasets
// library stores in a file's metadata, by column.
func classNames(f *parquet.File) map[string][]string {
	text, _ := f.Lookup("huggingface")
	var meta struct {
		Info struct {
			Features map[string]json.RawMessage `json:"features"`
		} `json:"info"`
	}
	if json.Unmarshal([]byte(text), &meta) != nil {
		return nil
	}
	names := map[string][]string{}
	for column, raw := range meta.Info.Features {
		var d feature
		if json.Unmarshal(raw, &d) != nil {
			continue
		}
		if d.Feature != nil {
			d = *d.Feature
		}
		if len(d.Names) > 0 {
			names[column] = d.Names
		}
	}
	return names
}

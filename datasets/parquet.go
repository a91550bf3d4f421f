package datasets

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// rowBatch is how many parquet rows are decoded at a time.
const rowBatch = 256

// readParquet reads a parquet file as the hub stores datasets: columns of
// text, numbers, lists of them, and structs (answers, translation). Integer
// classes become the names that the file's metadata gives them. The Line of an
// example is its row, from 1.
func readParquet(src *source, o Options) (h *harvest, err error) {
	defer func() { // and on some damaged footers
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
	p := &parquetFile{t: newRecordTable(src, o), leaves: leavesOf(f), rows: f.NumRows()}
	p.t.rows = true
	for _, group := range f.RowGroups() {
		if err := p.read(group, src); err != nil {
			return nil, err
		}
	}
	return p.t.done()
}

// search finds the first page of a group that cannot be read. Row is that
// page's first, counted from 1 within the group; it is 0 if all can be read.
func search(group parquet.RowGroup) (row int, column string) {
	for _, chunk := range group.ColumnChunks() {
		path := group.Schema().Columns()[chunk.Column()]
		if r := firstBad(chunk); r > 0 && (row == 0 || r < row) {
			row, column = r, path[0]
		}
	}
	return row, column
}

// firstBad reads one column until it breaks.
func firstBad(chunk parquet.ColumnChunk) (row int) {
	good := 0
	defer func() {
		if recover() != nil {
			row = good + 1
		}
	}()
	pages := chunk.Pages()
	defer pages.Close()
	values := make([]parquet.Value, rowBatch)
	for {
		page, err := pages.ReadPage()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return 0
			}
			return good + 1
		}
		reader := page.Values()
		for err == nil {
			_, err = reader.ReadValues(values)
		}
		if !errors.Is(err, io.EOF) {
			return good + 1
		}
		good += int(page.NumRows())
	}
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
	rows   int64 // of the whole file
}

// read hands the rows of one group to the table.
func (p *parquetFile) read(group parquet.RowGroup, src *source) (err error) {
	before := p.row
	defer func() { // the decoder panics on some damaged pages
		if r := recover(); r != nil {
			err = p.damaged(src, group, before, fmt.Errorf("%v", r))
		}
	}()
	rows := group.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, rowBatch)
	for {
		if err := src.tell(int64(p.row), p.rows); err != nil {
			return fmt.Errorf("datasets: %s: %w", src.name, err)
		}
		n, err := rows.ReadRows(buffer)
		for _, row := range buffer[:n] {
			p.row++
			if err := p.t.give(p.record(row), place{p.row, 0}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.damaged(src, group, before, err)
		}
	}
}

// damaged tells where a group that follows so many rows is broken.
func (p *parquetFile) damaged(src *source, group parquet.RowGroup, before int, err error) error {
	row, column := search(group)
	if row == 0 {
		row = p.row - before + 1
	}
	return &Problem{File: src.name, Line: before + row, Rows: true, Column: column, Found: "damaged data (" + err.Error() + ")", Expected: "a whole parquet file"}
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

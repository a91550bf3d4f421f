package datasets

import (
	"encoding/json"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// A leaf is one column of values: name, or name.field inside a struct.
type leaf struct {
	name, field string
	list        bool
	missing     bool // a list of the top level may be missing
	depth       int  // definition level of a value that is there
	gaps        bool // a value of the list may be missing
	classes     []string
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
	if l.missing && v.DefinitionLevel() == 0 {
		into[key] = nil
		return
	}
	switch level := v.DefinitionLevel(); {
	case level == l.depth:
		list = append(list, l.value(v))
	case l.gaps && level == l.depth-1:
		list = append(list, nil)
	}
	into[key] = list
}

// A noClass is an integer class that has no name.
type noClass int64

// value converts one value; an integer class becomes its name, and one below 0
// (-1 in hidden test parts) is no value.
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
		if n < 0 {
			return nil
		}
		if n >= int64(len(l.classes)) {
			return noClass(n)
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
		l := leaf{name: path[0], list: found.Node.Repeated() || len(path) > 2, depth: depthOf(f.Schema(), path), gaps: found.Node.Optional() && len(path) > 2}
		inner := slices.DeleteFunc(slices.Clone(path[1:]), isListNode)
		if len(inner) > 0 {
			l.field = inner[0]
			l.list = len(path) > 2
		}
		l.missing = l.list && l.field == "" && isOptional(f.Schema(), l.name)
		l.classes = classes[l.name]
		leaves = append(leaves, l)
	}
	return leaves
}

// isListNode says that a schema node only wraps the elements of a list.
func isListNode(name string) bool {
	return slices.Contains([]string{"list", "element", "item", "bag", "array", "array_element"}, name)
}

// isOptional says that a column of the top level may have no value.
func isOptional(schema parquet.Node, name string) bool {
	return slices.ContainsFunc(schema.Fields(), func(f parquet.Field) bool { return f.Name() == name && f.Optional() })
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

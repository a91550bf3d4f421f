package checkpoint

import (
	"fmt"

	"github.com/nlpodyssey/gopickle/types"
)

// storageTypes maps PyTorch's storage classes to types.
var storageTypes = map[string]DType{
	"HalfStorage": F16, "BFloat16Storage": BF16, "FloatStorage": F32, "DoubleStorage": F64,
	"BoolStorage": Bool, "ByteStorage": U8, "CharStorage": I8, "ShortStorage": I16, "IntStorage": I32, "LongStorage": I64,
}

// storageClass is a storage's type as the pickle names it.
type storageClass struct{ dtype DType }

// storage is a row of numbers that tensors are views of.
type storage struct {
	dtype DType
	key   string
	count int64 // elements
	first int64 // where a view of a storage begins in it, in elements
}

// torchTensor is a view of a storage.
type torchTensor struct {
	storage        *storage
	offset         int
	shape, strides []int
}

// torchClass resolves the few names a state dict is made of and refuses all others:
// nothing a file says is ever run.
func torchClass(module, name string) (any, error) {
	if d, ok := storageTypes[name]; ok && (module == "torch" || module == "torch.cuda") {
		return storageClass{d}, nil
	}
	switch module + "." + name {
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
		return rebuildTensor{}, nil
	case "torch._utils._rebuild_parameter":
		return rebuildParameter{}, nil
	}
	return nil, fmt.Errorf("found class %s.%s, expected a state dict of plain tensors", module, name)
}

// rebuildTensor is called with (storage, offset, shape, strides, ...).
type rebuildTensor struct{}

// Call makes the tensor.
func (rebuildTensor) Call(args ...any) (any, error) {
	if len(args) < 4 {
		return nil, fmt.Errorf("found %d arguments of a tensor, expected at least 4", len(args))
	}
	s, isStorage := args[0].(*storage)
	offset, isInt := args[1].(int)
	shape, isShape := intTuple(args[2])
	strides, isStrides := intTuple(args[3])
	if !isStorage || !isInt || !isShape || !isStrides || len(shape) != len(strides) {
		return nil, fmt.Errorf("found a tensor of (%T, %T, %T, %T), expected (storage, offset, shape, strides)", args[0], args[1], args[2], args[3])
	}
	return &torchTensor{storage: s, offset: offset, shape: shape, strides: strides}, nil
}

// rebuildParameter is called with (tensor, requires_grad, hooks): a parameter is its tensor.
type rebuildParameter struct{}

// Call returns the tensor.
func (rebuildParameter) Call(args ...any) (any, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("found a parameter without a tensor")
	}
	return args[0], nil
}

// intTuple reads a tuple of ints.
func intTuple(v any) ([]int, bool) {
	tuple, ok := v.(*types.Tuple)
	if !ok {
		return nil, false
	}
	out := make([]int, len(*tuple))
	for i, e := range *tuple {
		if out[i], ok = e.(int); !ok {
			return nil, false
		}
	}
	return out, true
}

// zipStorage resolves ("storage", class, key, device, count).
func zipStorage(id any) (any, error) {
	return newStorage(id)
}

// legacyStorage resolves the same with a sixth element, which is None or the view
// (key, first, count) of the storage that is meant. It notes each storage in seen.
func legacyStorage(id any, seen map[string]*storage) (any, error) {
	s, err := newStorage(id)
	if err != nil {
		return nil, err
	}
	if old, ok := seen[s.key]; ok && (old.dtype != s.dtype || old.count != s.count) {
		return nil, fmt.Errorf("found storage %s with two types or lengths", s.key)
	}
	seen[s.key] = s
	tuple := *id.(*types.Tuple) // newStorage checked it
	if len(tuple) < 6 || tuple[5] == nil {
		return s, nil
	}
	view, ok := tuple[5].(*types.Tuple)
	if !ok || view.Len() != 3 {
		return nil, fmt.Errorf("found %T, expected a view of storage %s", tuple[5], s.key)
	}
	first, isFirst := view.Get(1).(int)
	count, isCount := view.Get(2).(int)
	if !isFirst || !isCount || first < 0 || count < 0 || int64(first) > s.count || int64(count) > s.count-int64(first) {
		return nil, fmt.Errorf("found a view [%v, +%v], expected it within the %d elements of storage %s", view.Get(1), view.Get(2), s.count, s.key)
	}
	return &storage{dtype: s.dtype, key: s.key, count: int64(count), first: int64(first)}, nil
}

// newStorage reads a storage's identity.
func newStorage(id any) (*storage, error) {
	tuple, ok := id.(*types.Tuple)
	if !ok || tuple.Len() < 5 || tuple.Get(0) != "storage" {
		return nil, fmt.Errorf("found %T, expected a storage's identity", id)
	}
	class, isClass := tuple.Get(1).(storageClass)
	key, isKey := tuple.Get(2).(string)
	count, isCount := tuple.Get(4).(int)
	if !isClass || !isKey || !isCount || count < 0 {
		return nil, fmt.Errorf("found a storage of (%T, %T, %T), expected (class, key, count)", tuple.Get(1), tuple.Get(2), tuple.Get(4))
	}
	if _, err := byteLen(class.dtype, []int{count}); err != nil {
		return nil, err
	}
	return &storage{dtype: class.dtype, key: key, count: int64(count)}, nil
}

// locate fills in type, place and strides of a tensor, checked against its storage and
// the storage against the file.
func (p *pytorch) locate(s *stored, t *torchTensor) error {
	s.DType = t.storage.dtype
	size := int64(s.DType.Size())
	if _, err := byteLen(s.DType, t.shape); err != nil {
		return err
	}
	where, ok := p.place[t.storage.key]
	if !ok {
		return fmt.Errorf("found no storage %.40q", t.storage.key)
	}
	if end := t.storage.first + t.storage.count; where.size < end*size {
		return fmt.Errorf("found %d bytes of storage %s, expected %d", where.size, t.storage.key, end*size)
	}
	span, err := t.span()
	if err != nil {
		return err
	}
	if !t.rowMajor() {
		s.strides, s.span = t.strides, span
	}
	s.at = where.at + (t.storage.first+int64(t.offset))*size
	return nil
}

// span is the number of elements from the tensor's first to its last in the storage.
// A tensor that reaches past its storage or repeats elements is refused.
func (t *torchTensor) span() (int64, error) {
	if t.offset < 0 {
		return 0, fmt.Errorf("found offset %d in the storage", t.offset)
	}
	room := t.storage.count - int64(t.offset)
	count, span := int64(1), int64(1)
	for d, n := range t.shape {
		if n == 0 {
			return 0, nil
		}
		stride := int64(t.strides[d])
		if stride < 0 || n > 1 && stride > room/int64(n-1) {
			return 0, fmt.Errorf("found strides %v, expected shape %v within %d elements", t.strides, t.shape, room)
		}
		span += int64(n-1) * stride
		count *= int64(n) // no overflow: byteLen checked the shape
	}
	if span > room || count > room {
		return 0, fmt.Errorf("found shape %v at offset %d with strides %v, expected it within %d elements", t.shape, t.offset, t.strides, t.storage.count)
	}
	return span, nil
}

// rowMajor says whether the elements follow each other without gaps.
func (t *torchTensor) rowMajor() bool {
	next := 1
	for d := len(t.shape) - 1; d >= 0; d-- {
		if t.shape[d] == 0 {
			return true
		}
		if t.shape[d] != 1 && t.strides[d] != next {
			return false
		}
		next *= t.shape[d]
	}
	return true
}

// dictEntries lists a dict's entries in order, of either kind Python has.
func dictEntries(v any) ([]types.DictEntry, bool) {
	switch d := v.(type) {
	case *types.Dict:
		return *d, true
	case *types.OrderedDict:
		entries := make([]types.DictEntry, 0, d.Len())
		for e := d.List.Front(); e != nil; e = e.Next() {
			entry := e.Value.(*types.OrderedDictEntry)
			entries = append(entries, types.DictEntry{Key: entry.Key, Value: entry.Value})
		}
		return entries, true
	}
	return nil, false
}

package nn

import (
	"fmt"
	"reflect"
	"strconv"
)

// Tag is the struct tag that carries a field's name in checkpoints.
const Tag = "name"

var paramType = reflect.TypeFor[*Param]()

// Params lists the parameters of model, a pointer to a struct whose fields are *Param, structs
// or slices of structs, in field order, and sets their names: the fields' tags joined by dots, as
// in  encoder.layer.0.attention.self.query.weight. A field without a tag adds nothing to the name;
// nil parameters are left out.
func Params(prefix string, model any) []*Param {
	var list []*Param
	walk(prefix, reflect.ValueOf(model), func(name string, p *Param) {
		p.Name = name
		list = append(list, p)
	})
	return list
}

func walk(name string, v reflect.Value, visit func(string, *Param)) {
	switch {
	case v.Type() == paramType:
		if !v.IsNil() {
			visit(name, v.Interface().(*Param))
		}
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			walk(name, v.Elem(), visit)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			walk(join(name, strconv.Itoa(i)), v.Index(i), visit)
		}
	case v.Kind() == reflect.Struct:
		walkFields(name, v, visit)
	default:
		panic(fmt.Sprintf("nn: %s is a %v, expected parameters", name, v.Type()))
	}
}

func walkFields(name string, v reflect.Value, visit func(string, *Param)) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag, tagged := field.Tag.Lookup(Tag)
		if !field.IsExported() || (!tagged && !field.Anonymous) {
			continue
		}
		walk(join(name, tag), v.Field(i), visit)
	}
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "." + b
}

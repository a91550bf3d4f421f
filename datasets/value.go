package datasets

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// at returns list[i], "" past the end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// listNamed returns the first of names under which all holds a list.
func listNamed(all map[string]any, names []string) string {
	i := slices.IndexFunc(names, func(n string) bool { return isList(all[n]) })
	if i < 0 {
		return ""
	}
	return names[i]
}

func isList(v any) bool   { _, ok := v.([]any); return ok }
func isObject(v any) bool { _, ok := v.(map[string]any); return ok }
func isText(v any) bool   { _, ok := v.(string); return ok }

// missingKey is found where an object lacks a key.
const missingKey = "no such key"

// scalarOf is scalar of r[key], which may be missing.
func scalarOf(r record, key string) (s, found string) {
	v, ok := r[key]
	if !ok {
		return "", missingKey
	}
	return scalar(v)
}

// notTexts says what is in the place of a list of texts, empty for such a list.
func notTexts(r record, key string) string {
	v, ok := r[key]
	list, is := v.([]any)
	switch {
	case !ok:
		return missingKey
	case !is:
		return kindOf(v)
	}
	for i, x := range list {
		if s, _ := scalar(x); strings.TrimSpace(s) == "" {
			return kindOf(x) + " as number " + strconv.Itoa(i+1)
		}
	}
	return ""
}

// kindOf says what a value is where another was expected.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if strings.TrimSpace(v) == "" {
			return "an empty text"
		}
		return "a text"
	case bool:
		return strconv.FormatBool(v)
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	case noClass:
		_, found := scalar(v)
		return found
	}
	return "a number"
}

// scalar writes one value as text; found says what a value without text is.
func scalar(v any) (s, found string) {
	switch v := v.(type) {
	case nil:
		return "", "nothing"
	case string:
		return v, "nothing"
	case json.Number:
		return v.String(), ""
	case bool:
		return strconv.FormatBool(v), ""
	case int64:
		return strconv.FormatInt(v, 10), ""
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), ""
	case []any:
		return "", "a list"
	case noClass:
		return "", "the class " + strconv.Itoa(int(v)) + ", which has no name"
	}
	return "", "an object"
}

// texts writes a list of values as strings.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, len(list))
	for i, x := range list {
		out[i], _ = scalar(x)
	}
	return out
}

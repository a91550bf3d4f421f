package datasets

import (
	"encoding/json"
	"slices"
	"strconv"
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

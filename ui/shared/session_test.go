package shared

import (
	"reflect"
	"testing"

	"defrost/engine"
)

// TestSourceIsAllThatARecipeSaysOfItsData changes each setting of a recipe by itself: what changes how
// the data is read makes another source, so that the workbench reads it again, and in that way.
func TestSourceIsAllThatARecipeSaysOfItsData(t *testing.T) {
	var plain engine.Recipe
	matter := 0
	for i := range reflect.TypeOf(plain).NumField() {
		changed := plain
		switch f := reflect.ValueOf(&changed).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Float64:
			f.SetFloat(0.5)
		default:
			f.SetInt(3)
		}
		name := reflect.TypeOf(plain).Field(i).Name
		want := changed.DataOptions()
		matters := name == "Data" || !reflect.DeepEqual(want, plain.DataOptions())
		if matters {
			matter++
		}
		if other := SourceOf(changed) != SourceOf(plain); other != matters {
			t.Errorf("%s: got another source %v, want %v", name, other, matters)
		}
		if got := SourceOf(changed).options(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got the options %+v, want %+v", name, got, want)
		}
	}
	if matter < 8 {
		t.Errorf("got %d settings that matter, want 8 at least", matter)
	}
}

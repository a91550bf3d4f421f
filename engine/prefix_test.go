package engine

import (
	"reflect"
	"testing"

	"defrost/engine/enginetest"
)

// TestRememberedPrefixChangesNoBit trains with and without the memory of the frozen prefix.
func TestRememberedPrefixChangesNoBit(t *testing.T) {
	for _, train := range []string{"head", "last:1", "all", "embeddings"} {
		r := smallRecipe(t)
		r.Train, r.Epochs, r.Dropout = train, 3, 0.1
		r.Cache = true
		with := losses(fitted(t, r))
		r.Cache = false
		if without := losses(fitted(t, r)); !reflect.DeepEqual(with, without) {
			t.Errorf("train %s: got losses %v with the memory, want %v", train, with, without)
		}
	}
}

// TestEveryFamilyRemembersItsPrefix: ELMo's mix reads several layers below the lowest that learns.
func TestEveryFamilyRemembersItsPrefix(t *testing.T) {
	for _, name := range enginetest.Families() {
		for _, train := range []string{"head", "last:1"} {
			r := smallRecipe(t)
			r.Backbone, r.Train, r.Epochs, r.Dropout, r.Cache = enginetest.Backbone(t, name), train, 3, 0.1, true
			model, err := OpenModel(t.Context(), r.Backbone)
			if err != nil {
				t.Fatal(err)
			}
			if r.suits(model) != nil {
				continue // vectors have no layers to thaw
			}
			with := losses(fitted(t, r))
			r.Cache = false
			if without := losses(fitted(t, r)); !reflect.DeepEqual(with, without) {
				t.Errorf("%s, train %s: got losses %v with the memory, want %v", name, train, with, without)
			}
		}
	}
}

// TestThawingForgetsThePrefix trains gradually: what was frozen and remembered begins to move.
func TestThawingForgetsThePrefix(t *testing.T) {
	r := smallRecipe(t)
	r.Gradual, r.Epochs, r.Cache = 1, 4, true
	with := losses(fitted(t, r))
	r.Cache = false
	if without := losses(fitted(t, r)); !reflect.DeepEqual(with, without) {
		t.Errorf("got losses %v with the memory, want %v", with, without)
	}
}

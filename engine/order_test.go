package engine

import (
	"context"
	"reflect"
	"testing"

	"defrost/engine/enginetest"
)

// ready is a trainer that has opened what its recipe names and tokenised the data.
func ready(t *testing.T, r Recipe) *trainer {
	t.Helper()
	tr := &trainer{r: r}
	for _, f := range []func(context.Context) error{tr.openData, tr.openModel, tr.encode} {
		if err := f(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	return tr
}

func TestBackbonesSeeTheSameExamplesInTheSameOrder(t *testing.T) {
	r := smallRecipe(t)
	r.Batch = 3
	var want [][]int
	for _, family := range enginetest.Families() {
		r.Backbone = enginetest.Backbone(t, family)
		tr := ready(t, r)
		for epoch := 1; epoch <= 2; epoch++ {
			got := tr.batches(epoch)
			if want == nil {
				want = got
			}
			if epoch == 1 && !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got batches %v, want %v", family, got, want)
			}
			if epoch == 2 && reflect.DeepEqual(got, want) {
				t.Errorf("%s: the second epoch has the order of the first", family)
			}
		}
	}
	r.Seed++
	if got := ready(t, r).batches(1); reflect.DeepEqual(got, want) {
		t.Error("another seed gave the same order")
	}
}

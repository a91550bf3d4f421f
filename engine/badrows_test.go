package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"defrost/engine/enginetest"
)

func TestBrokenRowsStopARunUnlessTheyAreToBeLeftOut(t *testing.T) {
	t.Setenv("DEFROST_HOME", t.TempDir())
	text, err := os.ReadFile(enginetest.Reviews(t, 40))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "broken.csv")
	if err := os.WriteFile(path, append(text, "a row with, too, many, columns\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	r := Defaults()
	r.Backbone, r.Data, r.Epochs, r.Batch, r.MaxLength = enginetest.Bert(t), path, 1, 4, 16
	for _, skip := range []bool{false, true} {
		r.SkipBadRows = skip
		run, err := Start(context.Background(), r, StartOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Wait(); skip && err != nil || !skip && (err == nil || !strings.Contains(err.Error(), "broken.csv:")) {
			t.Errorf("skip_bad_rows %v: got %v", skip, err)
		}
	}
}

package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"defrost/datasets"
)

// dataHub serves the Parquet files of org/tiny as the hub does, and sets the environment to it.
func dataHub(t *testing.T, files map[string]string) *httptest.Server {
	t.Helper()
	revision := url.PathEscape(parquetRevision)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Repo-Commit", strings.Repeat("ab", 20))
		if r.URL.EscapedPath() == "/api/datasets/org/tiny/revision/"+revision {
			var names []string
			for name := range files {
				names = append(names, fmt.Sprintf(`{"rfilename":%q}`, name))
			}
			fmt.Fprintf(w, `{"sha":%q,"siblings":[%s]}`, strings.Repeat("ab", 20), strings.Join(names, ","))
			return
		}
		_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/datasets/org/tiny/resolve/")
		_, name, _ := strings.Cut(rest, "/")
		from, known := files[name]
		data, err := os.ReadFile(filepath.Join("..", "datasets", "testdata", from))
		if !known || err != nil {
			w.Header().Set("X-Error-Code", "EntryNotFound")
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(data))))
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(data)))
	}))
	t.Cleanup(hub.Close)
	t.Setenv("HF_HOME", t.TempDir())
	t.Setenv("HF_HUB_CACHE", "")
	t.Setenv("HF_HUB_OFFLINE", "")
	t.Setenv("HF_ENDPOINT", hub.URL)
	return hub
}

func TestDataOfTheHubIsFetchedOnceAndReadByItsName(t *testing.T) {
	hub := dataHub(t, map[string]string{"default/train/0000.parquet": "classes.parquet", "default/validation/0000.parquet": "classes.parquet", ".gitattributes": ""})
	_, err := OpenData("hf:org/tiny", datasets.Options{})
	if err == nil || !strings.Contains(err.Error(), "defrost data add hf:org/tiny") {
		t.Fatalf("got %v, want how to fetch it", err)
	}
	dir, err := PullData(context.Background(), "hf:org/tiny", nil)
	if err != nil || filepath.Base(dir) != "default" {
		t.Fatalf("got %q (%v), want the only set's folder", dir, err)
	}
	hub.Close()
	d, err := OpenData("hf:org/tiny", datasets.Options{})
	if err != nil || len(d.Train) == 0 || len(d.Dev) == 0 || d.Kind != datasets.Classify {
		t.Fatalf("got %+v (%v), want train and dev parts of classes", d, err)
	}
	if again, err := PullData(context.Background(), "hf:org/tiny", nil); err != nil || again != dir {
		t.Errorf("got %q (%v) without the network, want what is there", again, err)
	}
}

func TestOneOfSeveralSetsIsNamed(t *testing.T) {
	dataHub(t, map[string]string{"cola/train/0000.parquet": "classes.parquet", "ner/train/0000.parquet": "tags.parquet"})
	ctx := context.Background()
	if _, err := PullData(ctx, "hf:org/tiny", nil); err == nil || !strings.Contains(err.Error(), "2 sets") || !strings.Contains(err.Error(), "cola") {
		t.Errorf("got %v, want the names of both sets", err)
	}
	if _, err := PullData(ctx, "hf:org/tiny/ner", nil); err != nil {
		t.Fatal(err)
	}
	if d, err := OpenData("hf:org/tiny/ner", datasets.Options{}); err != nil || d.Kind != datasets.Tag {
		t.Errorf("got %v (%v), want the tagged set", d, err)
	}
	if _, err := OpenData("hf:org/tiny/cola", datasets.Options{}); err == nil || !strings.Contains(err.Error(), "data add") {
		t.Errorf("got %v, want that this one was not fetched", err)
	}
}

func TestNamesThatAreNoDataOfTheHubAreRefused(t *testing.T) {
	dataHub(t, nil)
	for name, want := range map[string]string{"hf:tiny": "expected hf:ORG/NAME", "hf:org//x": "expected hf:ORG/NAME", "films": "no public set is called", "hf:org/none": "org/none"} {
		if _, err := PullData(context.Background(), name, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

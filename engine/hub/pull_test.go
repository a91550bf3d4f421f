package hub

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var bert = Repo{ID: "org/bert"}

func TestPulledFilesLieWherePythonLooks(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}", "model.safetensors": "weights", "sub/vocab.txt": "a\nb"})
	h.large["model.safetensors"] = true
	c := h.client(t)
	dir, err := c.Pull(t.Context(), bert, []string{"config.json", Weights, "sub/vocab.txt", "merges.txt?"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(c.Cache, "models--org--bert")
	if want := filepath.Join(root, "snapshots", someCommit); dir != want {
		t.Errorf("folder is %s, want %s", dir, want)
	}
	contains(t, dir, "config.json", "{}")
	contains(t, dir, "model.safetensors", "weights")
	contains(t, dir, "sub/vocab.txt", "a\nb")
	contains(t, root, "refs/main", someCommit)
	contains(t, root, "blobs/"+sha256Of("weights"), "weights")
	contains(t, root, "blobs/"+gitSHA1Of("{}"), "{}")
	contains(t, root, ".no_exist/"+someCommit+"/merges.txt", "")
	for link, want := range map[string]string{
		"config.json":   filepath.Join("..", "..", "blobs", gitSHA1Of("{}")),
		"sub/vocab.txt": filepath.Join("..", "..", "..", "blobs", gitSHA1Of("a\nb")),
	} {
		if got, err := os.Readlink(filepath.Join(dir, link)); err != nil || got != want {
			t.Errorf("%s links to %q, %v, want %q", link, got, err, want)
		}
	}
	if got, ok := c.Cached(bert); !ok || got != dir {
		t.Errorf("Cached = %s, %v, want %s", got, ok, dir)
	}
}

func TestASecondPullDownloadsNothing(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}", "model.safetensors": "weights"})
	c := h.client(t)
	want := []string{"config.json", Weights, "merges.txt?"}
	if _, err := c.Pull(t.Context(), bert, want, nil); err != nil {
		t.Fatal(err)
	}
	gets, heads := h.requests("GET"), h.requests("HEAD")
	if _, err := c.Pull(t.Context(), bert, want, nil); err != nil {
		t.Fatal(err)
	}
	if got := h.requests("GET") - gets; got != 0 {
		t.Errorf("%d downloads, want 0", got)
	}
	if got := h.requests("HEAD") - heads; got != 1 {
		t.Errorf("%d questions, want 1: which commit main is", got)
	}
	if _, err := c.Pull(t.Context(), Repo{ID: bert.ID, Revision: someCommit}, want, nil); err != nil {
		t.Fatal(err)
	}
	if got := h.requests("HEAD") - heads; got != 1 {
		t.Errorf("%d questions, want none for a commit that is here", got-1)
	}
}

func TestANewCommitSharesUnchangedBlobs(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}", "model.safetensors": "old"})
	c := h.client(t)
	want := []string{"config.json", "model.safetensors"}
	before, err := c.Pull(t.Context(), bert, want, nil)
	if err != nil {
		t.Fatal(err)
	}
	gets := h.requests("GET")
	h.commit, h.files["model.safetensors"] = otherCommit, "new"
	after, err := c.Pull(t.Context(), bert, want, nil)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, before, "model.safetensors", "old")
	contains(t, after, "model.safetensors", "new")
	contains(t, after, "config.json", "{}")
	if got := h.requests("GET") - gets; got != 1 {
		t.Errorf("%d downloads, want 1: only the weights changed", got)
	}
}

func TestTheBestWeightsAreChosen(t *testing.T) {
	index := `{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-1.safetensors"}}`
	tests := []struct {
		files []string
		want  []string
	}{
		{[]string{"pytorch_model.bin", "model.safetensors"}, []string{"model.safetensors"}},
		{[]string{"pytorch_model.bin", "model.safetensors.index.json", "model-1.safetensors", "model-2.safetensors", "unlisted"},
			[]string{"model-1.safetensors", "model-2.safetensors", "model.safetensors.index.json"}},
		{[]string{"pytorch_model.bin", "tf_model.h5"}, []string{"pytorch_model.bin"}},
	}
	for _, tt := range tests {
		files := map[string]string{}
		for _, name := range tt.files {
			files[name] = name
		}
		if slices.Contains(tt.files, "model.safetensors.index.json") {
			files["model.safetensors.index.json"] = index
		}
		dir, err := newFakeHub(t, files).pullInto(t, Weights)
		if err != nil {
			t.Errorf("%v: %v", tt.files, err)
			continue
		}
		var got []string
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			got = append(got, e.Name())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%v: pulled %v, want %v", tt.files, got, tt.want)
		}
	}
	inFolder := map[string]string{"f32/w.index.json": index, "f32/model-1.safetensors": "1", "f32/model-2.safetensors": "2", "model-1.safetensors": "other"}
	dir, err := newFakeHub(t, inFolder).pullInto(t, "f32/w.index.json")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "f32/model-1.safetensors", "1")
	contains(t, dir, "f32/model-2.safetensors", "2")
	_, err = newFakeHub(t, map[string]string{"model.safetensors.index.json": index}).pullInto(t, Weights)
	refused(t, "missing shard", err, "found no model-1.safetensors in the repository, which the index lists")
	_, err = newFakeHub(t, map[string]string{"model.safetensors.index.json": `{"weight_map":{"a":"../../x"}}`}).pullInto(t, Weights)
	refused(t, "shard elsewhere", err, "expected a path within the repository")
	_, err = newFakeHub(t, map[string]string{"flax_model.msgpack": ""}).pullInto(t, Weights)
	refused(t, "no weights", err, "found no model.safetensors, model.safetensors.index.json, pytorch_model.bin")
}

// pullInto pulls into a new cache.
func (h *fakeHub) pullInto(t *testing.T, want ...string) (string, error) {
	return h.client(t).Pull(t.Context(), bert, want, nil)
}

func TestAPatternIsEveryFileItMatches(t *testing.T) {
	h := newFakeHub(t, map[string]string{"data/train-0.parquet": "0", "data/train-1.parquet": "1", "data/test-0.parquet": "2", "README.md": ""})
	dir, err := h.pullInto(t, "data/train-*.parquet")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, dir, "data/train-0.parquet", "0")
	contains(t, dir, "data/train-1.parquet", "1")
	if _, err := os.Stat(filepath.Join(dir, "data/test-0.parquet")); err == nil {
		t.Error("a file that does not match was pulled")
	}
	_, err = h.pullInto(t, "*.csv")
	refused(t, "no match", err, "found no *.csv")
}

func TestWithoutLinksFilesAreWhole(t *testing.T) {
	h := newFakeHub(t, map[string]string{"a": "same", "b": "same"})
	c := h.client(t)
	c.NoSymlinks = true
	dir, err := c.Pull(t.Context(), bert, []string{"a", "b"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s is %v, %v, want a plain file", name, info, err)
		}
		contains(t, dir, name, "same")
	}
}

func TestTwoClientsPullingAtOnceDownloadOnce(t *testing.T) {
	h := newFakeHub(t, map[string]string{"model.safetensors": strings.Repeat("w", 1<<20)})
	h.large["model.safetensors"] = true
	c := h.client(t)
	twin := *c
	var both sync.WaitGroup
	for _, client := range []*Client{c, &twin} {
		both.Go(func() {
			dir, err := client.Pull(t.Context(), bert, []string{Weights}, nil)
			if err != nil {
				t.Error(err)
				return
			}
			contains(t, dir, "model.safetensors", h.files["model.safetensors"])
		})
	}
	both.Wait()
	if got := h.requests("CDN"); got != 1 {
		t.Errorf("%d downloads, want 1: the second client waits for the first", got)
	}
}

func TestWithoutANetworkTheCacheAnswers(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}"})
	c := h.client(t)
	want := []string{"config.json", "merges.txt?"}
	dir, err := c.Pull(t.Context(), bert, want, nil)
	if err != nil {
		t.Fatal(err)
	}
	h.before = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "", http.StatusServiceUnavailable)
		return true
	}
	check := func(what string) {
		t.Helper()
		var note string
		got, err := c.Pull(t.Context(), bert, want, func(p Progress) { note += p.Note })
		if err != nil || got != dir {
			t.Errorf("%s: %s, %v, want %s", what, got, err, dir)
		}
		if !strings.Contains(note, "using the copy of org/bert in the cache") {
			t.Errorf("%s: note %q, want it to say that the cache was used", what, note)
		}
		_, err = c.Pull(t.Context(), bert, []string{"vocab.txt"}, nil)
		refused(t, what, err, "org/bert: found no vocab.txt in the cache", "the hub cannot be asked")
		_, err = c.Pull(t.Context(), Repo{ID: "org/other"}, want, nil)
		refused(t, what, err, "org/other: found nothing in the cache")
	}
	check("hub is down")
	h.Close()
	check("no network")
	asked := len(h.asked)
	c.Offline = true
	check("offline mode")
	if len(h.asked) != asked {
		t.Error("offline mode asked the hub")
	}
}

func TestNamesThatLeaveTheCacheAreRefused(t *testing.T) {
	c := newFakeHub(t, nil).client(t)
	for _, repo := range []Repo{{ID: ""}, {ID: "../x"}, {ID: "a/b/c"}, {ID: "a--b"}, {ID: "/etc"}, {ID: "a/b", Revision: "../../x"}, {ID: "a", Revision: "/x"}} {
		_, err := c.Pull(t.Context(), repo, []string{"config.json"}, nil)
		refused(t, repo.String(), err, "expected a")
		if _, ok := c.Cached(repo); ok {
			t.Errorf("%v is cached", repo)
		}
	}
	for _, name := range []string{"../x", "/etc/passwd", `a\b`, ""} {
		_, err := c.Pull(t.Context(), bert, []string{name}, nil)
		refused(t, name, err, "expected a path within the repository")
	}
}

func TestACancelledPullStops(t *testing.T) {
	h := newFakeHub(t, map[string]string{"config.json": "{}"})
	c := h.client(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.before = func(http.ResponseWriter, *http.Request) bool { cancel(); return false }
	if _, err := c.Pull(ctx, bert, []string{"config.json"}, nil); err == nil || ctx.Err() == nil {
		t.Errorf("pulled after being cancelled (%v)", err)
	}
	if _, ok := c.Cached(bert); ok {
		t.Error("a cancelled pull counts as cached")
	}
}

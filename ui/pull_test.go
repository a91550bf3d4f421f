package ui

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newsHub serves one small Parquet file as every part of a data set.
func newsHub(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "datasets", "testdata", "dictionary.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Repo-Commit", strings.Repeat("ab", 20))
		if strings.HasPrefix(r.URL.Path, "/api/") {
			fmt.Fprintf(w, `{"sha":%q,"siblings":[{"rfilename":"default/train/0000.parquet"},{"rfilename":"default/test/0000.parquet"}]}`, strings.Repeat("ab", 20))
			return
		}
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%x", sha256.Sum256(data))))
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(data)))
	}))
	t.Cleanup(hub.Close)
	for name, value := range map[string]string{"HF_HOME": t.TempDir(), "HF_HUB_CACHE": "", "HUGGINGFACE_HUB_CACHE": "", "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "", "HF_ENDPOINT": hub.URL} {
		t.Setenv(name, value)
	}
}

func TestADataSetIsDownloadedFromTheDataScreen(t *testing.T) {
	newsHub(t)
	d := drive(t)
	d.Press("3", "j", "j").Expect("on the hub as fancyzhx/ag_news; d downloads it")
	d.Press("enter").Expect("d downloads it, and so does defrost data add ag-news")
	d.Press("d").settle().Expect("ag-news is here; enter chooses it")
	for range 30 { // the catalogue is listed anew, in full
		if strings.Contains(cursorLine(d), "▸ ag-news") {
			break
		}
		d.Press("j")
	}
	d.settle().Expect("good film")
	d.Press("d").Expect("ag-news needs no download")
	d.Press("enter").settle()
	if got := d.app.session.Recipe.Data; got != "ag-news" {
		t.Errorf("got data %q, want ag-news", got)
	}
}

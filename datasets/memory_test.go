package datasets

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// measured names the file that a second process of this test opens: the heap
// of this one has held other things.
const measured = "DEFROST_TEST_MEASURED"

// The bound of a set that is opened: its text once, and this for each row.
// The rest is what the collector leaves lying when it runs at a quarter.
const (
	rowBytes  = 450
	loose     = 1.25
	fixedHeap = 24 << 20
)

func TestALargeFileOpensInBoundedMemory(t *testing.T) {
	if path := os.Getenv(measured); path != "" {
		openMeasured(t, path)
		return
	}
	const rows = 150_000
	path := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "text,label")
	for i := range rows {
		fmt.Fprintf(w, "\"%d, %s\",%s\n", i, strings.Repeat("some words ", 8), []string{"pos", "neg", "none"}[i%3])
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	size, _ := f.Seek(0, 1)
	f.Close()
	c := exec.Command(os.Args[0], "-test.run=^TestALargeFileOpensInBoundedMemory$", "-test.v")
	c.Env = append(os.Environ(), measured+"="+path)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, after, _ := strings.Cut(string(out), "peak=")
	var peak uint64
	if _, err := fmt.Sscan(after, &peak); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	bound := uint64(loose*float64(size+rows*rowBytes)) + fixedHeap
	t.Logf("%d bytes a row beside the text", (int64(peak)-size)/rows)
	if peak > bound {
		t.Errorf("the heap grew to %d bytes for %d rows of %d bytes, want at most %d", peak, rows, size, bound)
	}
}

// openMeasured opens a file and prints the largest heap this process had.
func openMeasured(t *testing.T, path string) {
	debug.SetGCPercent(25)
	d, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("%d rows, peak=%d \n", d.Len(), m.HeapSys)
}

func TestReadingIsToldAndCanBeEnded(t *testing.T) {
	content := "text,label\n" + strings.Repeat("good,1\nbad,0\n", bufferSize/4)
	path := write(t, "a.csv", content)
	var last, calls int64
	o := Options{Progress: func(file string, done, total int64) error {
		if file != path || done < last || total != int64(len(content)) {
			t.Errorf("got %s %d of %d after %d", file, done, total, last)
		}
		last = done
		calls++
		return nil
	}}
	if _, err := Open(path, o); err != nil || last != int64(len(content)) || calls < 4 {
		t.Errorf("got %v, %d calls, the last at %d of %d", err, calls, last, len(content))
	}
	stop := fmt.Errorf("enough")
	calls = 0
	o.Progress = func(string, int64, int64) error {
		if calls++; calls == 2 {
			return stop
		}
		return nil
	}
	if _, err := Open(path, o); err == nil || !strings.Contains(err.Error(), "enough") || calls != 2 {
		t.Errorf("got %v after %d calls, want the reading ended at the second", err, calls)
	}
}

package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// endless is a CSV file without an end: a pipe that is written while somebody reads it.
func endless(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "endless.csv")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		for err == nil {
			_, err = fmt.Fprint(f, "text,label\n", strings.Repeat("good,1\nbad,0\n", 20))
			time.Sleep(time.Millisecond)
		}
		f.Close()
	}()
	t.Cleanup(func() { <-ended })
	return path
}

func TestReadingShowsABarUntilEscStopsIt(t *testing.T) {
	d := drive(t)
	path := endless(t)
	d.Press("3", "o").Paste(path)
	d.send(keyMsg("enter"))
	d.until(func() bool { return strings.Contains(d.Screen(), "reading endless.csv, esc stops") }, "the bar")
	d.send(keyMsg("esc"))
	d.settle()
	if screen := d.Screen(); !strings.Contains(screen, "reading was stopped") || strings.Contains(screen, "esc stops") {
		t.Errorf("the reading was not stopped:\n%s", screen)
	}
}

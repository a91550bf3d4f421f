package command

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// eachLine calls f with every line of r, its line end removed, and its number from 1. Lines may be
// of any length. idle is called when f has had all that came in so far.
func eachLine(r io.Reader, f func(n int, line string) error, idle func() error) error {
	in := bufio.NewReaderSize(r, 1<<16)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if last := err != nil; last && line == "" {
			return idle()
		}
		if err := f(n, strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")); err != nil {
			return err
		}
		if in.Buffered() == 0 {
			if err := idle(); err != nil {
				return err
			}
		}
	}
}

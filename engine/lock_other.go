//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package engine

import (
	"os"
	"strconv"
)

// take believes the process that the file names while that process lives.
func take(file *os.File) error {
	pid, err := strconv.Atoi(holder(file))
	if err != nil || pid <= 0 {
		return nil // given free
	}
	p, err := os.FindProcess(pid) // finds only living ones where it is no formality
	if err != nil {
		return nil
	}
	_ = p.Release()
	return errTaken
}

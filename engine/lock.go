package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lockFile says which process trains in a run folder. It stays behind when the process is gone; what
// counts is the lock that the system holds on it, or, where there is none, that its process lives.
const lockFile = ".lock"

// errTaken says that another process, or another run of this one, holds the lock.
var errTaken = errors.New("taken")

// A lock keeps a run folder for one run.
type lock struct{ file *os.File }

// lockFolder takes the lock of a run folder; the error names who has it.
func lockFolder(dir string) (lock, error) {
	path := filepath.Join(dir, lockFile)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return lock{}, fmt.Errorf("run: %w", err)
	}
	switch err := take(file); {
	case errors.Is(err, errTaken):
		defer file.Close()
		return lock{}, fmt.Errorf("run: %s is training in process %s: stop it there, or wait until it has ended", dir, holder(file))
	case err != nil:
		file.Close()
		return lock{}, fmt.Errorf("run: %s: %w", path, err)
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		file.Close()
		return lock{}, fmt.Errorf("run: %w", err)
	}
	return lock{file}, nil
}

// holder is the process that a lock file names.
func holder(file *os.File) string {
	text := make([]byte, 20)
	n, _ := file.ReadAt(text, 0)
	if pid := strings.TrimSpace(string(text[:n])); pid != "" {
		return pid
	}
	return "unknown"
}

// release gives the folder free.
func (l lock) release() error {
	if l.file == nil {
		return nil
	}
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

package hub

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"regexp"
)

var (
	sha256Pattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
	sha1Pattern   = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// A checksumError is a file whose content is not what the hub promised.
type checksumError struct{ found, expected string }

// Error names both checksums.
func (e *checksumError) Error() string {
	return fmt.Sprintf("found checksum %s, expected %s: the download is damaged and was thrown away", e.found, e.expected)
}

// verify reads a file and compares its checksum: sha256 for large files, for the rest
// the sha1 git gives a blob, which covers "blob LENGTH\0" and the content. Other tags
// say nothing that could be checked.
func verify(path, etag string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var h hash.Hash
	switch {
	case sha256Pattern.MatchString(etag):
		h = sha256.New()
	case sha1Pattern.MatchString(etag):
		info, err := f.Stat()
		if err != nil {
			return err
		}
		h = sha1.New()
		fmt.Fprintf(h, "blob %d\x00", info.Size())
	default:
		return nil
	}
	if _, err := io.CopyBuffer(h, f, make([]byte, 1<<20)); err != nil {
		return err
	}
	if found := hex.EncodeToString(h.Sum(nil)); found != etag {
		return &checksumError{found, etag}
	}
	return nil
}

package backbone

import (
	"embed"
	"io/fs"
)

//go:embed embedded
var embedded embed.FS

// Embedded opens the folder of a backbone that ships with the binary.
func Embedded(name string) (fs.FS, bool) {
	sub, err := fs.Sub(embedded, "embedded/"+name)
	if err != nil {
		return nil, false
	}
	if _, err := Config(sub); err != nil {
		return nil, false
	}
	return sub, true
}

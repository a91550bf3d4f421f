package engine

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"defrost/engine/backbone"
)

// A place is where a backbone lies: a model folder, or a file of word vectors.
type place struct {
	folder  fs.FS
	vectors *vectorFile
}

// locate finds a backbone by its name in the catalogue or its path.
func locate(nameOrPath string) (place, error) {
	if fsys, ok := backbone.Embedded(nameOrPath); ok {
		return place{folder: fsys}, nil
	}
	if info, err := os.Stat(nameOrPath); err == nil {
		return placeOf(nameOrPath, info.IsDir())
	}
	if err := onlyPrompted(nameOrPath); err != nil {
		return place{}, err
	}
	if dir, ok := pulled(nameOrPath); ok {
		return place{folder: os.DirFS(dir)}, nil
	}
	card, known := cardOf(nameOrPath)
	if known {
		if path, ok := fetched(card); ok {
			return placeOfCard(card, path), nil
		}
	}
	switch {
	case !known:
		return place{}, fmt.Errorf("backbone: no folder and no known backbone is called %q: `defrost models` lists them", nameOrPath)
	case card.Embedded:
		return place{}, fmt.Errorf("backbone: %s is not part of this build", nameOrPath)
	}
	return place{}, fmt.Errorf("backbone: %s is not on this machine: `defrost pull %s` fetches it", nameOrPath, nameOrPath)
}

// vectorEndings are what files of word vectors are called.
var vectorEndings = []string{".txt", ".vec", ".bin", ".gz", ".zip"}

// placeOf is a path that exists.
func placeOf(path string, isDir bool) (place, error) {
	if isDir {
		return place{folder: os.DirFS(path)}, nil
	}
	if !slices.Contains(vectorEndings, filepath.Ext(path)) {
		return place{}, fmt.Errorf("backbone: %s is a file, expected a folder with config.json and weights, or word vectors (%v)", path, vectorEndings)
	}
	return place{vectors: &vectorFile{path: path}}, nil
}

// placeOfCard is what was fetched for a card.
func placeOfCard(card backbone.Card, path string) place {
	if card.Family == vectorFamily {
		return place{vectors: &vectorFile{path: path, dim: card.Width}}
	}
	return place{folder: os.DirFS(path)}
}

func cardOf(name string) (backbone.Card, bool) {
	for _, c := range backbone.Cards() {
		if c.Name == name {
			return c, true
		}
	}
	return backbone.Card{}, false
}

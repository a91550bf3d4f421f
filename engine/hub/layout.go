package hub

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// folder is where one repository's files lie in the cache, by huggingface_hub's names.
type folder struct {
	root  string // models--org--name
	locks string // .locks/models--org--name
}

// folder returns the repository's place in the cache.
func (c *Client) folder(r Repo) folder {
	name, isData := strings.CutPrefix(r.ID, datasetPrefix)
	kind := "models--"
	if isData {
		kind = "datasets--"
	}
	name = kind + strings.ReplaceAll(name, "/", "--")
	return folder{root: filepath.Join(c.Cache, name), locks: filepath.Join(c.Cache, ".locks", name)}
}

func (f folder) ref(revision string) string {
	return filepath.Join(f.root, "refs", filepath.FromSlash(revision))
}

func (f folder) blob(etag string) string { return filepath.Join(f.root, "blobs", etag) }

func (f folder) lock(etag string) string { return filepath.Join(f.locks, etag+".lock") }

func (f folder) snapshot(commit string) string { return filepath.Join(f.root, "snapshots", commit) }

func (f folder) file(commit, name string) string {
	return filepath.Join(f.snapshot(commit), filepath.FromSlash(name))
}

// absent is the empty file that says a commit has no file of this name.
func (f folder) absent(commit, name string) string {
	return filepath.Join(f.root, ".no_exist", commit, filepath.FromSlash(name))
}

// commit returns the commit a revision stood for when it was last pulled, "" when never.
func (f folder) commit(revision string) string {
	if commitPattern.MatchString(revision) {
		return revision
	}
	b, err := os.ReadFile(f.ref(revision))
	if commit := strings.TrimSpace(string(b)); err == nil && commitPattern.MatchString(commit) {
		return commit
	}
	return ""
}

// setCommit notes what a branch or tag stands for.
func (f folder) setCommit(revision, commit string) error {
	if revision == commit || f.commit(revision) == commit {
		return nil
	}
	return writeWhole(f.ref(revision), commit)
}

// has says whether a commit's file is there, following the link into blobs.
func (f folder) has(commit, name string) bool {
	info, err := os.Stat(f.file(commit, name))
	return err == nil && info.Mode().IsRegular()
}

// lacks says whether the hub has said that the commit has no such file.
func (f folder) lacks(commit, name string) bool {
	_, err := os.Stat(f.absent(commit, name))
	return err == nil
}

// place puts a blob into a snapshot under its name: a relative link, or, where links
// are off or not possible, the file itself. fresh says that the blob was downloaded
// just now and belongs to nobody else yet, so that it can be moved.
func (f folder) place(etag, commit, name string, fresh, links bool) error {
	target, blob := f.file(commit, name), f.blob(etag)
	if f.has(commit, name) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if links {
		relative, err := filepath.Rel(filepath.Dir(target), blob)
		if err != nil {
			return err
		}
		os.Remove(target) // a link to a blob that is gone
		if err := os.Symlink(relative, target); err == nil || errors.Is(err, fs.ErrExist) {
			return nil
		}
	}
	if fresh {
		return os.Rename(blob, target)
	}
	return copyFile(blob, target)
}

// copyFile copies by way of a temporary name, so that a name is always a whole file.
func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return replace(to, func(w io.Writer) error {
		_, err := io.Copy(w, src)
		return err
	})
}

// writeWhole writes a small file so that a reader sees all of it or the one before.
func writeWhole(path, text string) error {
	return replace(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// replace writes path by way of a temporary file beside it.
func replace(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	err = write(tmp)
	if err == nil {
		err = tmp.Chmod(0o644) // CreateTemp makes private files
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// Cached returns the folder of the files last pulled for a repository and revision,
// without asking the network.
func (c *Client) Cached(repo Repo) (dir string, ok bool) {
	repo, err := repo.check()
	if err != nil {
		return "", false
	}
	f := c.folder(repo)
	commit := f.commit(repo.Revision)
	if commit == "" {
		return "", false
	}
	entries, err := os.ReadDir(f.snapshot(commit))
	return f.snapshot(commit), err == nil && len(entries) > 0
}

// checkName refuses file names that would leave their folder.
func checkName(name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, `\`) {
		return fmt.Errorf("found file name %q, expected a path within the repository", name)
	}
	return nil
}

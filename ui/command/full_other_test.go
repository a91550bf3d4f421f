//go:build !unix

package command

// limitFiles does nothing where a process cannot limit its files.
func limitFiles(string) {}

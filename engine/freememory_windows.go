package engine

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// memoryStatus is MEMORYSTATUSEX of the Windows API.
type memoryStatus struct {
	size, load                                                             uint32
	total, free, totalPage, freePage, totalVirtual, freeVirtual, freeExtra uint64
}

// systemMemory is the physical memory that is free.
func systemMemory() (bytes int, ok bool) {
	s := memoryStatus{}
	s.size = uint32(unsafe.Sizeof(s))
	done, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx").Call(uintptr(unsafe.Pointer(&s)))
	return int(s.free), done != 0
}

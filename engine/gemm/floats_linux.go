package gemm

import (
	"syscall"
	"unsafe"
)

// adviseLargePages asks for large pages in the part of x that whole ones fit into. It is advice: an
// error changes nothing.
func adviseLargePages(x []float32) {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
	from := int(-uintptr(unsafe.Pointer(unsafe.SliceData(bytes))) % largePage)
	to := from + (len(bytes)-from)/largePage*largePage
	_ = syscall.Madvise(bytes[from:to], syscall.MADV_HUGEPAGE)
}

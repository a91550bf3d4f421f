package op

import "sync"

var scratchPool = sync.Pool{New: func() any { return new([]float32) }}

// scratch returns n floats of undefined content for one worker's use.
func scratch(n int) *[]float32 {
	buf := scratchPool.Get().(*[]float32)
	if cap(*buf) < n {
		*buf = make([]float32, sizeClass(n))
	}
	*buf = (*buf)[:n]
	return buf
}

func release(buf *[]float32) { scratchPool.Put(buf) }

package op

import "defrost/engine/gemm"

var scratches = gemm.Stock[[]float32]{Fresh: func() *[]float32 { return new([]float32) }}

// scratch returns n floats of undefined content for one worker's use.
func scratch(n int) *[]float32 {
	buf := scratches.Get()
	if cap(*buf) < n {
		*buf = make([]float32, sizeClass(n))
	}
	*buf = (*buf)[:n]
	return buf
}

func release(buf *[]float32) { scratches.Put(buf) }

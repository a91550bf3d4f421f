package vec

// Dropout is  for i := range dst { dst[i] = x[i]/(1-p) or 0 }  where element i
// survives iff hash(key, offset+i) says so, with probability 1-p (Srivastava et
// al. 2014). The mask is a function of key and position alone: the same call on
// the gradient is the backward pass, and any split of a range gives the same.
func Dropout(dst, x []float32, p float32, key, offset uint64) {
	x = x[:len(dst)]
	switch {
	case p <= 0:
		copy(dst, x)
		return
	case p >= 1:
		Fill(dst, 0)
		return
	}
	for len(dst) > 0 {
		n := len(dst)
		if left := 1<<32 - offset&0xffffffff; uint64(n) > left {
			n = int(left) // the hash takes the low 32 bits, the high ones go into its keys
		}
		k := mix64(key ^ mix64(offset>>32))
		dropout(dst[:n], x[:n], 1/(1-p), uint32(float64(p)*(1<<31)), uint32(offset), uint32(k), uint32(k>>32))
		dst, x, offset = dst[n:], x[n:], offset+uint64(n)
	}
}

// mix64 turns a key into 64 bits that all depend on all of it (the finalizer
// of splitmix64).
func mix64(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// hash32 mixes a position and two keys. The second key enters between the
// multiplications: added at the start, another key would only shift the mask.
func hash32(i, k0, k1 uint32) uint32 {
	h := i + k0
	h = (h ^ h>>16) * 0x7feb352d
	h ^= k1
	h = (h ^ h>>15) * 0x846ca68b
	return h ^ h>>16
}

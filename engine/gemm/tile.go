package gemm

// A tile is m x 32 values of C and what is added to them: kc steps of K.
type tile struct {
	m, kc        int
	a            []float32 // (m, kc): value (i, k) is a[i*aDown+k*aStep]
	aDown, aStep int
	b            []float32 // (kc, 32): value (k, j) is b[k*bStep+j]
	bStep        int
	c            []float32 // (m, 32): value (i, j) is c[i*cStep+j]
	cStep        int
	alpha        float32
	add          bool // C += alpha AB, otherwise C = alpha AB
}

// narrow computes a tile of which only n columns are inside C.
func (t *tile) narrow(n int, edge *[tileRows * panelCols]float32, kernel func(t *tile)) {
	c, step := t.c, t.cStep
	if t.add {
		for i := range t.m {
			copy(edge[i*panelCols:], c[i*step:][:n])
		}
	}
	t.c, t.cStep = edge[:], panelCols
	kernel(t)
	for i := range t.m {
		copy(c[i*step:][:n], edge[i*panelCols:])
	}
	t.c, t.cStep = c, step
}

// portableTile is the kernel in plain Go, and the loop the others replace:
//
//	for i := range m {
//		for j := range 32 {
//			sum := 0
//			for k := range kc {
//				sum += a[i*aDown+k*aStep] * b[k*bStep+j]
//			}
//			c[i*cStep+j] = alpha*sum (+ c[i*cStep+j] if add)
//		}
//	}
func portableTile(t *tile) {
	for i := 0; i < t.m; i += 2 {
		for j := 0; j < panelCols; j += 4 {
			t.corner(i, j)
		}
	}
}

// corner computes two rows and four columns of the tile, in eight sums.
func (t *tile) corner(i, j int) {
	var x0, x1, x2, x3, y0, y1, y2, y3 float32
	one := i+1 == t.m
	p := i * t.aDown
	q := p + t.aDown
	if one {
		q = p
	}
	for k := range t.kc {
		x, y := t.a[p], t.a[q]
		b := t.b[k*t.bStep+j:][:4:4]
		x0 += x * b[0]
		x1 += x * b[1]
		x2 += x * b[2]
		x3 += x * b[3]
		y0 += y * b[0]
		y1 += y * b[1]
		y2 += y * b[2]
		y3 += y * b[3]
		p, q = p+t.aStep, q+t.aStep
	}
	t.store(i, j, [4]float32{x0, x1, x2, x3})
	if !one {
		t.store(i+1, j, [4]float32{y0, y1, y2, y3})
	}
}

// store puts four finished sums into row i of C.
func (t *tile) store(i, j int, sums [4]float32) {
	c := t.c[i*t.cStep+j:][:4]
	for l, s := range sums {
		if t.add {
			c[l] += t.alpha * s
		} else {
			c[l] = t.alpha * s
		}
	}
}

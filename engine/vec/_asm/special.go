package main

// startMax prepares the largest value and the largest magnitude, by which a
// NaN is found: its bits are above those of Inf.
func startMax(g *gen) {
	g.op("VMOVUPS {negInf}, $%s", name("max", g))
	clearReg(g, name("mag", g))
}

func stepMax(g *gen) {
	g.orElse("x", "negInf")
	g.op("VMAXPS $x, $%s, $%s", name("max", g), name("max", g))
	g.op("VANDPS {absMask}, $x, $x")
	g.op("VPMAXSD $x, $%s, $%s", name("mag", g), name("mag", g))
}

func finishMax(g *gen) {
	foldFloats(g, "VMAXPS", "max")
	foldFloats(g, "VPMAXSD", "mag")
	g.op("VMOVD X%s, BX", g.reg("mag0")[1:])
	g.op("CMPL BX, $0x7f800000")
	g.op("JLE number")
	g.op("VMOVD BX, X0")
	g.lines = append(g.lines, "number:")
}

// squareDoubles adds the squares of a block, eight lanes of a Z or four of a Y
// register at a time.
func squareDoubles(g *gen, part int) {
	half, extract := "Y", "VEXTRACTF64X4"
	if g.m.letter == "Y" {
		half, extract = "X", "VEXTRACTF128"
	}
	g.load("x", "x")
	x := g.reg("x")[1:]
	hi := g.reg("hi")[1:]
	g.op("%s $1, $x, %s%s", extract, half, hi)
	for h, r := range []string{x, hi} {
		g.op("VCVTPS2PD %s%s, %s%s", half, r, g.m.letter, r)
		g.op("VFMADD231PD %s%s, %s%s, $s%d", g.m.letter, r, g.m.letter, r, 2*part+h)
	}
}

// foldDoubles adds 16 lanes, which are two Z or four Y registers.
func foldDoubles(g *gen) {
	if g.m.letter == "Z" {
		g.op("VADDPD $s1, $s0, $s0")
		g.op("VEXTRACTF64X4 $1, Z0, Y1")
	} else {
		g.op("VADDPD $s2, $s0, $s0")
		g.op("VADDPD $s3, $s1, $s1")
	}
	g.op("VADDPD Y1, Y0, Y0")
	g.op("VEXTRACTF128 $1, Y0, X1")
	g.op("VADDPD X1, X0, X0")
	g.op("VPERMILPD $1, X0, X1")
	g.op("VADDPD X1, X0, X0")
}

// dropout counts positions in one register per part: lane + first + k0.
var dropout = kernel{
	name: "dropout", slices: "dst x", args: "alpha float32, limit, first, k0, k1 uint32",
	doc: loop("dst", "dst[i] = alpha*x[i], or 0 where hash32(first+i, k0, k1)>>1 < limit"),
	start: func(g *gen) {
		i := name("i", g)
		g.op("VPADDD $first, $k0, $%s", i)
		g.op("VPADDD lane<>+%d(SB), $%s, $%s", g.part*g.m.bytes, i, i)
	},
	body: func(g *gen, _ int) {
		i := name("i", g)
		g.op("VMOVAPS $%s, $h", i)
		g.op("VPADDD {sixteen}, $%s, $%s", i, i)
		shiftXor(g, 16)
		g.op("VPMULLD {mul1}, $h, $h")
		g.op("VXORPS $k1, $h, $h")
		shiftXor(g, 15)
		g.op("VPMULLD {mul2}, $h, $h")
		shiftXor(g, 16)
		g.op("VPSRLD $1, $h, $h")
		g.load("x", "x")
		g.op("VMULPS $alpha, $x, $x")
		g.zeroWhere("x", "VPCMPGTD", "", "$h", "$limit")
		g.store("x", "dst")
	},
}

// shiftXor is  h ^= h >> n.
func shiftXor(g *gen, n int) {
	g.op("VPSRLD $%d, $h, $t", n)
	g.op("VXORPS $t, $h, $h")
}

var adamNumbers = []string{"scale", "beta1", "rest1", "beta2", "rest2", "keep", "step", "root", "eps"}

// adamW follows ../portable.go line by line.
var adamW = kernel{
	name: "adamW", slices: "p g m v", args: "h *adamFactors",
	doc: "for i := range p {\n\td := h.scale * g[i]\n\tm[i] = h.beta1*m[i] + h.rest1*d\n\tv[i] = h.beta2*v[i] + h.rest2*d*d\n" +
		"\tp[i] = h.keep*p[i] + h.step*m[i]/(sqrt(v[i])*h.root+h.eps)\n}",
	start: func(g *gen) {
		for _, n := range adamNumbers {
			if g.part == 0 {
				g.op("VBROADCASTSS adamFactors_%s(R11), $%s", n, n)
			}
		}
	},
	body: func(g *gen, _ int) {
		g.load("d", "g")
		g.op("VMULPS $scale, $d, $d")
		g.op("VMULPS $rest1, $d, $t")
		g.load("mm", "m")
		g.op("VFMADD213PS $t, $beta1, $mm")
		g.store("mm", "m")
		g.op("VMULPS $rest2, $d, $t")
		g.op("VMULPS $d, $t, $t")
		g.load("vv", "v")
		g.op("VFMADD213PS $t, $beta2, $vv")
		g.store("vv", "v")
		g.op("VSQRTPS $vv, $vv")
		g.op("VFMADD213PS $eps, $root, $vv")
		g.op("VDIVPS $vv, $mm, $mm")
		g.load("t", "p")
		g.op("VMULPS $keep, $t, $t")
		g.op("VFMADD231PS $mm, $step, $t")
		g.store("t", "p")
	},
}

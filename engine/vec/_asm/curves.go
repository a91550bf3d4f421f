package main

import "fmt"

// The building blocks of ../lane.go. They work on named registers; reduceExp
// and what follows it use t, f, q and r.

// reduceExp splits x = n ln(2) + r: q = exp(r)-1, f = n, t = n in its low bits.
func reduceExp(g *gen, x, low string) {
	g.op("VMOVUPS {magic}, $t")
	g.op("VFMADD231PS {log2e}, $%s, $t", x)
	g.op("VSUBPS {magic}, $t, $f")
	g.op("VFMADD231PS {negLn2Hi}, $f, $%s", x)
	g.op("VFMADD231PS {negLn2Lo}, $f, $%s", x)
	if low != "" {
		g.op("VADDPS $%s, $%s, $%s", low, x, x)
	}
	horner(g, "q", x, "exp", len(expPoly))
	g.op("VMULPS $%s, $%s, $r", x, x)
	g.op("VFMADD213PS $%s, $r, $q", x)
}

// horner is  d = a polynomial in x.
func horner(g *gen, d, x, name string, n int) {
	g.op("VMOVUPS {%s0}, $%s", name, d)
	for i := 1; i < n; i++ {
		g.op("VFMADD213PS {%s%d}, $%s, $%s", name, i, x, d)
	}
}

// expLow is  q = exp(x+low), destroying x.
func expLow(g *gen, x, low string) {
	reduceExp(g, x, low)
	g.op("VADDPS {one}, $q, $q")
	if g.m.letter == "Z" {
		g.op("VSCALEFPS $f, $q, $q") // rounds once too
		return
	}
	g.op("VPSUBD {magic}, $t, $t")
	g.op("VPSRAD $1, $t, $f")
	g.op("VPSUBD $f, $t, $t")
	for _, r := range []string{"f", "t"} {
		power(g, r)
		g.op("VMULPS $%s, $q, $q", r)
	}
}

// power is  n = 2^n.
func power(g *gen, n string) {
	g.op("VPADDD {bias}, $%s, $%s", n, n)
	g.op("VPSLLD $23, $%s, $%s", n, n)
}

// atMost is  x = min(x, c); a NaN stays, because the second operand wins then.
func atMost(g *gen, x, c string) { g.op("VMINPS $%s, [%s], $%s", x, c, x) }

// atLeast is  x = max(x, c).
func atLeast(g *gen, x, c string) { g.op("VMAXPS $%s, [%s], $%s", x, c, x) }

// logistic is  q = exp(-|u|), num = q or 1: the numerator of sigmoid(u).
func logistic(g *gen, u, scratch string) {
	g.op("VORPS {signMask}, $%s, $%s", u, scratch)
	atLeast(g, scratch, "expMin")
	expLow(g, scratch, "")
	g.op("VMOVUPS {one}, $num")
	g.pick("num", u, "q", "num")
}

// normal is  phi = Phi(x), q = exp(-x*x/2), a = |x| limited to 14.5.
func normal(g *gen) {
	g.op("VANDPS {absMask}, $x, $a")
	atMost(g, "a", "tailMax")
	g.op("VMULPS $a, $a, $h")
	g.op("VMOVAPS $a, $l")
	g.op("VFMSUB213PS $h, $a, $l")
	g.op("VMULPS {negHalf}, $l, $l")
	g.op("VMULPS {negHalf}, $h, $h")
	expLow(g, "h", "l")
	g.op("VMOVAPS $a, $phi")
	g.op("VFMADD213PS {one}, [tailSlope], $phi")
	g.op("VMOVUPS {one}, $t")
	g.op("VDIVPS $phi, $t, $t")
	horner(g, "h", "t", "tail", len(tailPoly))
	g.op("VMULPS $t, $h, $h")
	g.op("VMULPS $h, $q, $h")
	g.op("VMOVUPS {one}, $phi")
	g.op("VSUBPS $h, $phi, $phi")
	g.pick("phi", "x", "h", "phi")
}

// limited is  c = x limited to +-14.5.
func limited(g *gen, c string) {
	g.op("VANDPS {absMask}, $x, $%s", c)
	atMost(g, c, "tailMax")
	g.op("VANDPS {signMask}, $x, $f")
	g.op("VORPS $f, $%s, $%s", c, c)
}

// foldFloats is  reg0 = op over its lanes and those of reg1, in 16, 8, 4, 2, 1.
func foldFloats(g *gen, instruction, reg string) {
	first := g.reg(reg + "0")[1:]
	if g.m.letter == "Z" {
		g.op("VEXTRACTF64X4 $1, Z%s, Y31", first)
		g.op("%s Y31, Y%s, Y%s", instruction, first, first)
	} else {
		g.op("%s Y%s, Y%s, Y%s", instruction, g.reg(reg + "1")[1:], first, first)
	}
	g.op("VEXTRACTF128 $1, Y%s, X14", first)
	for _, shuffle := range []string{"", "VPERMILPS $0x0e, X%s, X14", "VPERMILPS $0x01, X%s, X14"} {
		if shuffle != "" {
			g.op(shuffle, first)
		}
		g.op("%s X14, X%s, X%s", instruction, first, first)
	}
}

func name(s string, g *gen) string { return fmt.Sprintf("%s%d", s, g.part) }

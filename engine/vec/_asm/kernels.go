package main

import "fmt"

// kernels are all loops of the package. The names of slices and arguments are
// those of the portable twins.
var kernels = []kernel{
	pair("add", "a b", "VADDPS $b, $a, $a", "dst[i] = a[i] + b[i]"),
	pair("sub", "a b", "VSUBPS $b, $a, $a", "dst[i] = a[i] - b[i]"),
	pair("mul", "a b", "VMULPS $b, $a, $a", "dst[i] = a[i] * b[i]"),
	{name: "mulAdd", slices: "dst a b", doc: loop("dst", "dst[i] += a[i] * b[i]"), body: func(g *gen, _ int) {
		g.load("a", "a")
		g.load("b", "b")
		g.load("d", "dst")
		g.op("VFMADD231PS $b, $a, $d")
		g.store("d", "dst")
	}},
	{name: "axpy", slices: "y x", args: "alpha float32", doc: loop("y", "y[i] += alpha * x[i]"), body: func(g *gen, _ int) {
		g.load("x", "x")
		g.load("y", "y")
		g.op("VFMADD231PS $x, $alpha, $y")
		g.store("y", "y")
	}},
	{name: "scale", slices: "x", args: "alpha float32", doc: loop("x", "x[i] *= alpha"), body: func(g *gen, _ int) {
		g.load("x", "x")
		g.op("VMULPS $alpha, $x, $x")
		g.store("x", "x")
	}},
	{name: "fill", slices: "dst", args: "v float32", doc: loop("dst", "dst[i] = v"), body: func(g *gen, _ int) { g.store("v", "dst") }},

	curve("exp", func(g *gen) {
		atMost(g, "x", "expMax")
		atLeast(g, "x", "expMin")
		expLow(g, "x", "")
		g.op("VMOVAPS $q, $x")
	}),
	curve("tanh", func(g *gen) {
		g.op("VANDPS {absMask}, $x, $a")
		g.op("VADDPS $a, $a, $a")
		atMost(g, "a", "tanhMax")
		reduceExp(g, "a", "")
		g.op("VPSUBD {magic}, $t, $t")
		power(g, "t")
		g.op("VSUBPS {one}, $t, $r")
		g.op("VFMADD213PS $r, $t, $q")
		g.op("VADDPS {two}, $q, $r")
		g.op("VDIVPS $r, $q, $q")
		g.op("VANDPS {signMask}, $x, $x")
		g.op("VORPS $q, $x, $x")
	}),
	curve("sigmoid", func(g *gen) {
		logistic(g, "x", "a")
		g.op("VADDPS {one}, $q, $q")
		g.op("VDIVPS $q, $num, $x")
	}),
	curve("relu", func(g *gen) { atLeast(g, "x", "zero") }),
	curve("gelu", func(g *gen) {
		normal(g)
		atLeast(g, "x", "negTailMax")
		g.op("VMULPS $phi, $x, $x")
	}),
	curve("geluTanh", func(g *gen) {
		geluInner(g)
		logistic(g, "u", "a")
		g.op("VADDPS {one}, $q, $q")
		g.op("VDIVPS $q, $num, $num")
		atLeast(g, "x", "negTailMax")
		g.op("VMULPS $num, $x, $x")
	}),

	{name: "reluGrad", slices: "dx x dy", doc: loop("dx", "dx[i] = dy[i], or 0 where x[i] <= 0"), body: func(g *gen, _ int) {
		g.load("x", "x")
		g.load("d", "dy")
		g.zeroWhere("d", "VCMPPS", "18", "[zero]", "$x")
		g.store("d", "dx")
	}},
	{name: "tanhGrad", slices: "dx y dy", doc: loop("dx", "dx[i] = dy[i] * (1 - y[i]*y[i])"), body: func(g *gen, _ int) {
		g.load("y", "y")
		g.load("d", "dy")
		g.op("VMOVUPS {one}, $o")
		g.op("VFNMADD231PS $y, $y, $o")
		g.op("VMULPS $o, $d, $d")
		g.store("d", "dx")
	}},
	{name: "sigmoidGrad", slices: "dx y dy", doc: loop("dx", "dx[i] = dy[i] * (y[i] * (1 - y[i]))"), body: func(g *gen, _ int) {
		g.load("y", "y")
		g.load("d", "dy")
		g.op("VMOVUPS {one}, $o")
		g.op("VSUBPS $y, $o, $o")
		g.op("VMULPS $y, $o, $o")
		g.op("VMULPS $o, $d, $d")
		g.store("d", "dx")
	}},
	{name: "geluGrad", slices: "dx x dy", doc: loop("dx", "dx[i] = geluGrad1(x[i], dy[i])"), body: func(g *gen, _ int) {
		g.load("x", "x")
		normal(g)
		g.op("VANDPS {signMask}, $x, $x")
		g.op("VORPS $a, $x, $x")
		g.op("VMULPS {density0}, $q, $q")
		g.op("VFMADD231PS $q, $x, $phi")
		g.load("h", "dy")
		g.op("VMULPS $phi, $h, $h")
		g.store("h", "dx")
	}},
	{name: "geluTanhGrad", slices: "dx x dy", doc: loop("dx", "dx[i] = geluTanhGrad1(x[i], dy[i])"), body: func(g *gen, _ int) {
		g.load("x", "x")
		geluInner(g)
		logistic(g, "u", "a")
		g.op("VADDPS {one}, $q, $r")
		g.op("VMOVUPS {one}, $t")
		g.op("VDIVPS $r, $t, $t")
		g.op("VMULPS $t, $q, $q")
		g.op("VMULPS $t, $q, $q")
		g.op("VMULPS $t, $num, $num")
		g.op("VMOVUPS {geluU1}, $r")
		g.op("VFMADD231PS {geluDU3}, $h, $r")
		g.op("VMULPS $r, $c, $r")
		g.op("VFMADD231PS $r, $q, $num")
		g.load("x", "dy")
		g.op("VMULPS $num, $x, $x")
		g.store("x", "dx")
	}},

	reduction("dot", "a b", "", loop("a", "sum += a[i] * b[i]"), func(g *gen, part int) {
		g.load("a", "a")
		g.load("b", "b")
		g.op("VFMADD231PS $b, $a, $%s", name("sum", g))
	}),
	reduction("sum", "x", "", loop("x", "sum += x[i]"), func(g *gen, part int) {
		g.load("x", "x")
		g.op("VADDPS $x, $%s, $%s", name("sum", g), name("sum", g))
	}),
	reduction("sumDeviations", "x", "mean float32", loop("x", "sum += (x[i] - mean) * (x[i] - mean)"), func(g *gen, part int) {
		g.load("x", "x")
		g.op("VSUBPS $mean, $x, $x")
		g.inside("x")
		g.op("VFMADD231PS $x, $x, $%s", name("sum", g))
	}),
	reduction("expSum", "x", "max float32", loop("x", "x[i] = exp(x[i] - max); sum += x[i]"), func(g *gen, part int) {
		g.load("x", "x")
		g.op("VSUBPS $max, $x, $x")
		atMost(g, "x", "expMax")
		atLeast(g, "x", "expMin")
		expLow(g, "x", "")
		g.store("q", "x")
		g.inside("q")
		g.op("VADDPS $q, $%s, $%s", name("sum", g), name("sum", g))
	}),
	{name: "maximum", slices: "x", results: "max float32", doc: loop("x", "max = the larger of max and x[i]"),
		start: startMax, finish: finishMax, body: func(g *gen, _ int) {
			g.load("x", "x")
			stepMax(g)
		}},
	{name: "scaleMax", slices: "x", args: "alpha float32", results: "max float32",
		doc:   loop("x", "x[i] *= alpha; max = the larger of max and x[i]"),
		start: startMax, finish: finishMax, body: func(g *gen, _ int) {
			g.load("x", "x")
			g.op("VMULPS $alpha, $x, $x")
			g.store("x", "x")
			stepMax(g)
		}},
	{name: "maxAbs", slices: "x", results: "max float32", doc: loop("x", "max = the larger of max and |x[i]|"),
		start: func(g *gen) { clearReg(g, name("sum", g)) },
		body: func(g *gen, _ int) {
			g.load("x", "x")
			g.op("VANDPS {absMask}, $x, $x")
			g.op("VPMAXSD $x, $%s, $%s", name("sum", g), name("sum", g))
		},
		finish: func(g *gen) { foldFloats(g, "VPMAXSD", "sum") }},
	{name: "sumSquares", slices: "x", results: "sum float64", doc: loop("x", "sum += float64(x[i]) * float64(x[i])"),
		start: func(g *gen) {
			for h := range 2 {
				clearReg(g, fmt.Sprintf("s%d", 2*g.part+h))
			}
		},
		body: squareDoubles, finish: foldDoubles},

	{name: "softmaxGrad", slices: "dx y dy", args: "alpha, dot float32", doc: loop("dx", "dx[i] = alpha * y[i] * (dy[i] - dot)"), body: func(g *gen, _ int) {
		g.load("y", "y")
		g.load("d", "dy")
		g.op("VMULPS $alpha, $y, $y")
		g.op("VSUBPS $dot, $d, $d")
		g.op("VMULPS $d, $y, $y")
		g.store("y", "dx")
	}},
	{name: "normalise", slices: "y x gamma beta", args: "mean, rstd float32", doc: loop("y", "y[i] = (x[i]-mean)*rstd*gamma[i] + beta[i]"), body: func(g *gen, _ int) {
		standardise(g)
		g.load("gm", "gamma")
		g.load("b", "beta")
		g.op("VFMADD213PS $b, $gm, $h")
		g.store("h", "y")
	}},
	{name: "addScaled", slices: "dgamma dy x", args: "mean, rstd float32", doc: loop("dgamma", "dgamma[i] += dy[i] * (x[i]-mean)*rstd"), body: func(g *gen, _ int) {
		standardise(g)
		g.load("d", "dy")
		g.load("s", "dgamma")
		g.op("VFMADD231PS $h, $d, $s")
		g.store("s", "dgamma")
	}},
	{name: "normSums", slices: "dy x gamma", args: "mean, rstd float32", results: "s, sh float32",
		doc:   loop("dy", "s += dy[i]*gamma[i]; sh += dy[i]*gamma[i] * (x[i]-mean)*rstd"),
		start: func(g *gen) { clearReg(g, name("sum", g)); clearReg(g, name("dot", g)) },
		body: func(g *gen, _ int) {
			standardise(g)
			g.inside("h")
			g.load("d", "dy")
			g.load("gm", "gamma")
			g.op("VMULPS $gm, $d, $d")
			g.op("VADDPS $d, $%s, $%s", name("sum", g), name("sum", g))
			g.op("VFMADD231PS $h, $d, $%s", name("dot", g))
		},
		finish: func(g *gen) { foldFloats(g, "VADDPS", "sum"); foldFloats(g, "VADDPS", "dot") }},
	{name: "normGrad", slices: "dx dy x gamma", args: "mean, rstd, s, sh float32", doc: loop("dx", "dx[i] = rstd * (dy[i]*gamma[i] - s - (x[i]-mean)*rstd*sh)"), body: func(g *gen, _ int) {
		standardise(g)
		g.load("d", "dy")
		g.load("gm", "gamma")
		g.op("VFMSUB213PS $s, $gm, $d")
		g.op("VFNMADD231PS $sh, $h, $d")
		g.op("VMULPS $rstd, $d, $d")
		g.store("d", "dx")
	}},
	dropout, adamW,
}

// loop is the text of a loop over a slice.
func loop(over, body string) string { return fmt.Sprintf("for i := range %s { %s }", over, body) }

// pair is an operation on two slices, with the result in a.
func pair(name, from, instruction, doc string) kernel {
	return kernel{name: name, slices: "dst " + from, doc: loop("dst", doc), body: func(g *gen, _ int) {
		g.load("a", "a")
		g.load("b", "b")
		g.op("%s", instruction)
		g.store("a", "dst")
	}}
}

// curve is a function of one slice: f works on x in place.
func curve(name string, f func(g *gen)) kernel {
	return kernel{name: name, slices: "dst x", doc: loop("dst", "dst[i] = "+name+"1(x[i])"), body: func(g *gen, _ int) {
		g.load("x", "x")
		f(g)
		g.store("x", "dst")
	}}
}

// reduction adds into sum0, and for AVX2 sum1.
func reduction(name_, slices, args, doc string, body func(g *gen, part int)) kernel {
	return kernel{name: name_, slices: slices, args: args, results: "total float32", doc: doc, body: body,
		start:  func(g *gen) { clearReg(g, name("sum", g)) },
		finish: func(g *gen) { foldFloats(g, "VADDPS", "sum") }}
}

func clearReg(g *gen, r string) {
	if g.m.letter == "Z" {
		g.op("VPXORD $%s, $%s, $%s", r, r, r)
	} else {
		g.op("VPXOR $%s, $%s, $%s", r, r, r)
	}
}

// standardise is  h = (x-mean)*rstd.
func standardise(g *gen) {
	g.load("h", "x")
	g.op("VSUBPS $mean, $h, $h")
	g.op("VMULPS $rstd, $h, $h")
}

// geluInner is  u = 2 sqrt(2/pi) (c + 0.044715 c^3), h = c*c  with c = x limited.
func geluInner(g *gen) {
	limited(g, "c")
	g.op("VMULPS $c, $c, $h")
	g.op("VMOVUPS {geluU1}, $u")
	g.op("VFMADD231PS {geluU3}, $h, $u")
	g.op("VMULPS $u, $c, $u")
}

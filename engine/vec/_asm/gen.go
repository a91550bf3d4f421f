package main

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// A machine is a vector instruction set. A block of 16 values takes parts
// registers.
type machine struct {
	suffix, letter string
	bytes, parts   int
	regs           int
}

var (
	avx512 = machine{"AVX512", "Z", 64, 1, 32}
	avx2   = machine{"AVX2", "Y", 32, 2, 15} // the last one is the mask of the tail
)

// A kernel is a loop over slices in blocks of 16 values.
type kernel struct {
	name    string
	slices  string // names, the first has the length
	args    string // "name kind" of the other arguments: float32, uint32, *adamFactors
	results string // names of float32 or float64 results
	doc     string // the loop
	start   func(g *gen)
	body    func(g *gen, part int)
	finish  func(g *gen) // leaves the results in X registers 0, 1
}

// A gen is a kernel being written for a machine. Registers a body asks for by
// name are given out in order; constants take what is left, and those without
// a register are read from memory.
type gen struct {
	k      kernel
	m      machine
	lines  []string
	named  map[string]string
	most   int
	tail   bool
	part   int
	byName map[string]string // slice to its base register
	label  int
}

var baseRegs = []string{"DI", "SI", "DX", "R8", "R9", "R10"}

func newGen(k kernel, m machine) *gen {
	g := &gen{k: k, m: m, named: map[string]string{}, byName: map[string]string{}}
	for i, s := range strings.Fields(k.slices) {
		g.byName[s] = baseRegs[i]
	}
	return g
}

// op writes an instruction. Words beginning with $ in front of a letter are
// named registers, {x} is a constant that may be in memory and [x] one that
// must be in a register.
func (g *gen) op(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	text = nameRE.ReplaceAllStringFunc(text, func(n string) string { return g.reg(n[1:]) })
	g.lines = append(g.lines, "\t"+text)
}

var nameRE = regexp.MustCompile(`\$[a-zA-Z]\w*`)

// reg is the register with a name, a new one at its first use.
func (g *gen) reg(name string) string {
	if _, ok := g.named[name]; !ok {
		g.named[name] = fmt.Sprintf("%s%d", g.m.letter, g.most)
		g.most++
	}
	return g.named[name]
}

// each runs f for every part of a block.
func (g *gen) each(f func(part int)) {
	for p := range g.m.parts {
		g.part = p
		f(p)
	}
}

func (g *gen) at(slice string) string {
	return fmt.Sprintf("%d(%s)(AX*1)", g.part*g.m.bytes, g.byName[slice])
}

// load fills a register from a slice, with zeros behind its end.
func (g *gen) load(reg, slice string) {
	switch {
	case !g.tail:
		g.op("VMOVUPS %s, $%s", g.at(slice), reg)
	case g.m.letter == "Z":
		g.op("VMOVUPS.Z %s, K1, $%s", g.at(slice), reg)
	default:
		g.op("VMASKMOVPS %s, Y15, $%s", g.at(slice), reg)
	}
}

func (g *gen) store(reg, slice string) {
	switch {
	case !g.tail:
		g.op("VMOVUPS $%s, %s", reg, g.at(slice))
	case g.m.letter == "Z":
		g.op("VMOVUPS $%s, K1, %s", reg, g.at(slice))
	default:
		g.op("VMASKMOVPS $%s, Y15, %s", reg, g.at(slice))
	}
}

// inside makes the lanes behind the end of the slices zero.
func (g *gen) inside(reg string) {
	switch {
	case !g.tail:
	case g.m.letter == "Z":
		g.op("VMOVAPS.Z $%s, K1, $%s", reg, reg)
	default:
		g.op("VANDPS Y15, $%s, $%s", reg, reg)
	}
}

// orElse gives the lanes behind the end of the slices a constant.
func (g *gen) orElse(reg, constant string) {
	switch {
	case !g.tail:
	case g.m.letter == "Z":
		g.op("VBLENDMPS $%s, [%s], K1, $%s", reg, constant, reg)
	default:
		g.op("VBLENDVPS Y15, $%s, [%s], $%s", reg, constant, reg)
	}
}

// pick is  d = neg if x has its sign bit set, otherwise pos.
func (g *gen) pick(d, x, neg, pos string) {
	if g.m.letter == "Z" {
		g.op("VPMOVD2M $%s, K2", x)
		g.op("VBLENDMPS $%s, $%s, K2, $%s", neg, pos, d)
		return
	}
	g.op("VBLENDVPS $%s, $%s, $%s, $%s", x, neg, pos, d)
}

// zeroWhere is  d = 0 where a cmp b, with a comparison of 32-bit lanes.
func (g *gen) zeroWhere(d, instruction, predicate, b, a string) {
	if g.m.letter == "Z" {
		if predicate == "" { // greater than, integers
			g.op("VPCMPGTD %s, %s, K2", b, a)
		} else {
			g.op("%s $%s, %s, %s, K2", instruction, predicate, b, a)
		}
		g.op("KNOTW K2, K2")
		g.op("VMOVAPS.Z $%s, K2, $%s", d, d)
		return
	}
	if predicate == "" {
		g.op("VPCMPGTD %s, %s, $mask", b, a)
	} else {
		g.op("%s $%s, %s, %s, $mask", instruction, predicate, b, a)
	}
	g.op("VANDNPS $%s, $mask, $%s", d, d)
}

// print writes the whole function.
func (g *gen) print() {
	if g.k.start != nil {
		g.each(func(int) { g.k.start(g) })
	}
	prologue := g.take()
	g.each(func(p int) { g.k.body(g, p) })
	body := g.take()
	g.tail = true
	g.each(func(p int) {
		if g.m.letter == "Y" {
			g.lines = append(g.lines, fmt.Sprintf("\tVMOVUPS %d(BX), Y15", 32*p))
		}
		g.k.body(g, p)
	})
	tail := g.take()
	if g.k.finish != nil {
		g.k.finish(g)
	}
	end := g.take()
	regs := g.assign(append(append(append([]string{}, prologue...), body...), append(tail, end...)...))

	fmt.Printf("\n// func %s%s%s\nTEXT ·%s%s(SB), NOSPLIT, $0-%d\n", g.k.name, g.m.suffix, g.k.signature(), g.k.name, g.m.suffix, g.k.frame())
	g.printArguments()
	for _, c := range sortedKeys(regs) {
		fmt.Printf("\tVMOVUPS %s<>(SB), %s\n", symbol(c), regs[c])
	}
	g.emit(prologue, regs)
	fmt.Println("\tXORL AX, AX\n\tSUBQ $16, CX\n\tJLT  tail\nloop:")
	g.emit(body, regs)
	fmt.Println("\tADDQ $64, AX\n\tSUBQ $16, CX\n\tJGE  loop\ntail:\n\tADDQ $16, CX\n\tJZ   done")
	if g.m.letter == "Z" {
		fmt.Println("\tMOVL $1, BX\n\tSHLL CX, BX\n\tDECL BX\n\tKMOVW BX, K1")
	} else {
		fmt.Println("\tLEAQ mask<>+64(SB), BX\n\tSHLQ $2, CX\n\tSUBQ CX, BX")
	}
	g.emit(tail, regs)
	fmt.Println("done:")
	g.emit(end, regs)
	fmt.Println("\tVZEROUPPER")
	g.printResults()
	fmt.Println("\tRET")
}

func (g *gen) take() []string {
	l := g.lines
	g.lines = nil
	return l
}

var constRE = regexp.MustCompile(`[{\[]([a-zA-Z]\w*)[}\]]`)

// assign gives registers to constants: first to those that need one, then to
// the most used.
func (g *gen) assign(lines []string) map[string]string {
	uses := map[string]int{}
	for _, l := range lines {
		for _, m := range constRE.FindAllStringSubmatch(l, -1) {
			uses[m[1]]++
			if m[0][0] == '[' {
				uses[m[1]] += 1000
			}
		}
	}
	order := sortedKeys(uses)
	sort.SliceStable(order, func(i, j int) bool { return uses[order[i]] > uses[order[j]] })
	regs, next := map[string]string{}, g.most
	for _, c := range order {
		if next < g.m.regs {
			regs[c] = fmt.Sprintf("%s%d", g.m.letter, next)
			next++
		} else if uses[c] >= 1000 {
			panic(g.k.name + g.m.suffix + ": no register left for " + c)
		}
	}
	return regs
}

func (g *gen) emit(lines []string, regs map[string]string) {
	for _, l := range lines {
		fmt.Println(constRE.ReplaceAllStringFunc(l, func(t string) string {
			c := t[1 : len(t)-1]
			used[c] = true
			if r, ok := regs[c]; ok {
				return r
			}
			return symbol(c) + "<>(SB)"
		}))
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

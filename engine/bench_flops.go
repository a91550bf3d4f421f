package engine

// flops counts two operations for every multiplication of the matrix products that a step of b
// sequences of t tokens stands for: forward once for every layer, and twice more for what is thawed,
// less the input's gradient of the lowest thawed one. What an engine finds a way not to compute counts
// as done, so that figures of different engines say the same.
func (s benchShape) flops(b, t int, mode string) float64 {
	n := float64(b * t)
	if s.family == "elmo" {
		return n * s.elmoFlops(mode)
	}
	h := float64(s.width)
	layer := n * (2*(4*h*h+2*h*float64(s.ffn)) + 4*float64(t)*h)
	top, learned := 2*float64(b)*(h*h+2*h), 2.0
	if s.family == "gpt2" {
		top = 2 * n * h * float64(s.vocabulary)
		if mode != "all" {
			learned = 1 // the words are frozen with the embeddings
		}
	}
	thawed := float64(benchThawed(mode, s.layers))
	total := float64(s.layers)*layer + 2*thawed*layer + (1+learned)*top
	if mode != "all" && thawed > 0 {
		total -= 6 * h * h * n // of query, key and value
	}
	return total
}

// elmoFlops is flops per word.
func (s benchShape) elmoFlops(mode string) float64 {
	f, chars, p, c := 0.0, 0.0, float64(s.width), float64(s.cells)
	for _, bank := range s.filters {
		width, filters := float64(bank[0]), float64(bank[1])
		chars += 2 * width * elmoCharacterWidth * filters * (float64(s.slots) - width + 1)
		f += filters
	}
	chars += 4*f*f + 2*f*p
	layer := 2 * (2*p*4*c*2 + 2*c*p)
	total := chars + float64(s.layers)*layer
	switch thawed := benchThawed(mode, s.layers); {
	case mode == "all":
		total *= 3
	case thawed > 0:
		total += 2*layer*float64(thawed) - 2*2*p*4*c
	}
	return total
}

// benchThawed is how many layers learn.
func benchThawed(mode string, layers int) int {
	return map[string]int{"all": layers, "last2": 2, "last1": 1}[mode]
}

// flopsOfToken is what reading one token alone takes, its attention left out: every weight once.
func (s benchShape) flopsOfToken() float64 {
	h := float64(s.width)
	return 2 * (float64(s.layers)*(4*h*h+2*h*float64(s.ffn)) + h*float64(s.vocabulary))
}

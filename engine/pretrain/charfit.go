package pretrain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"

	"defrost/engine/backbone"
	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
	"defrost/engine/optim"
)

// A wordFit teaches a character network to give words the vectors that a teacher gives them, before
// it learns anything from text: spelling alone then says what a word means.
type wordFit struct {
	words   []string
	vectors []float32 // (W, P)
	upTo    []float64 // (W) running sum of the words' weights
}

// Constants of the fit; the rate was chosen by the loss after a tenth of it.
const (
	fitWordsAtOnce = 512
	fitRate        = 3e-3
	fitPower       = 0.6    // a word is drawn by its count to this power
	fittedWords    = 40_000 // of the text, the most frequent ones
	spaceWords     = 20_000 // that the principal axes are measured on
	taughtCount    = 200    // what a word of the teacher's own vocabulary counts as
	knownCount     = 20     // what a word counts as at least
)

// newWordFit asks the teacher about words: those of counts, and all of its own vocabulary, which
// may know more of the present than the text does.
func newWordFit(t *teacher, counts []wordCount, width int, seed uint64) (*wordFit, error) {
	f := &wordFit{}
	seen := map[string]bool{}
	sum := 0.0
	add := func(word string, count int) {
		if !seen[word] {
			sum += math.Pow(float64(max(count, knownCount)), fitPower)
			f.words, f.upTo = append(f.words, word), append(f.upTo, sum)
			seen[word] = true
		}
	}
	own := map[string]bool{}
	for id := range t.tok.Size() {
		if w := t.tok.Token(int32(id)); w != "" && w[0] != '#' && w[0] != '[' {
			own[w] = true
		}
	}
	for _, w := range counts[:min(len(counts), fittedWords)] {
		switch {
		case strings.HasPrefix(w.word, "<"):
		case own[w.word]:
			add(w.word, max(w.count, taughtCount))
		default:
			add(w.word, w.count)
		}
	}
	for id := range t.tok.Size() {
		if w := t.tok.Token(int32(id)); own[w] {
			add(w, taughtCount)
		}
	}
	states, err := t.alone(f.words)
	if err != nil {
		return nil, err
	}
	return f, f.place(states, t.width, width, seed)
}

// alone is the teacher's last state of every word standing by itself, the mean over its pieces,
// (W, width).
func (t *teacher) alone(words []string) ([]float32, error) {
	var out []float32
	for part := range slices.Chunk(words, 256) {
		seqs := make([]batch.Sequence, len(part))
		for i, w := range part {
			seqs[i] = t.piece(w)
		}
		states, err := t.states(seqs)
		if err != nil {
			return nil, err
		}
		row := 0
		for _, q := range seqs {
			n := len(q.IDs)
			out = append(out, mean(states, row+min(1, n-2), row+max(n-1, 1), t.width)...)
			row += n
		}
	}
	return out, nil
}

// place projects the teacher's states on their principal axes, in units of their mean deviation.
func (f *wordFit) place(states []float32, from, width int, seed uint64) error {
	if width > from {
		return fmt.Errorf("pretrain: the teacher is %d wide, expected at least the %d of one direction", from, width)
	}
	s, err := newSpace(states[:min(len(f.words), spaceWords)*from], from, width, seed)
	if err != nil {
		return err
	}
	for i := range f.words {
		for _, v := range s.project(states[i*from : (i+1)*from]) {
			f.vectors = append(f.vectors, float32(v/s.axis))
		}
	}
	return nil
}

// draw returns n distinct words by their weights.
func (f *wordFit) draw(rng *rand.Rand, n int) []int {
	n = min(n, len(f.words)/2)
	chosen := make(map[int]bool, n)
	list := make([]int, 0, n)
	for len(list) < n {
		i := sort.SearchFloat64s(f.upTo, rng.Float64()*f.upTo[len(f.upTo)-1])
		if i = min(i, len(f.words)-1); !chosen[i] {
			chosen[i] = true
			list = append(list, i)
		}
	}
	return list
}

// batch packs words as one sequence with their vectors as targets.
func (f *wordFit) batch(m *bilm, chosen []int) *batch.Batch {
	width := len(f.vectors) / len(f.words)
	words := make([]string, len(chosen))
	var targets []float32
	for i, c := range chosen {
		words[i] = f.words[c]
		targets = append(targets, f.vectors[c*width:(c+1)*width]...)
	}
	b := batch.Pack([]batch.Sequence{{IDs: m.tok.EncodeWords(words).IDs}})
	backbone.Spell(m.elmo, m.tok, b)
	b.Targets = targets
	return b
}

// run teaches params, those of the character network, over words readings.
func (f *wordFit) run(m *bilm, params []*nn.Param, words int, report func(seen int, loss, rate float64)) error {
	for _, p := range params {
		p.Thaw()
	}
	b := nn.NewBuilder(true)
	said := m.elmo.Words(b)
	prog, err := b.Build(b.Apply(&op.MeanSquare{Targets: func(b *batch.Batch) []float32 { return b.Targets }, Cols: said.Width}, said))
	if err != nil {
		return err
	}
	opt, err := optim.New("adamw", optim.Options{Beta2: distilBeta2})
	if err != nil {
		return err
	}
	groups := []optim.Group{{Layer: "words", Params: params, LR: fitRate}}
	rng := rand.New(rand.NewPCG(uint64(m.o.Seed), 0xf17))
	for seen := 0; seen < words; {
		chosen := f.draw(rng, fitWordsAtOnce)
		loss, err := prog.Run(f.batch(m, chosen), nn.Step{Train: true})
		if err != nil {
			return err
		}
		if !nn.Finite(loss) {
			return fmt.Errorf("pretrain: loss is %v after %d words, expected a number", loss, seen)
		}
		share := float64(seen) / float64(words)
		factor := min(float64(seen+1)/float64(words)*20, 1-share)
		opt.Step(groups, factor, optim.ClipScale(optim.Measure(groups).Global, 1))
		optim.ZeroGrad(groups)
		seen += len(chosen)
		report(seen, float64(loss), factor*fitRate)
	}
	return nil
}

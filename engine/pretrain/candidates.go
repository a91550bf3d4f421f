package pretrain

import (
	"math"
	"math/rand/v2"

	"defrost/engine/batch"
	"defrost/engine/op"
)

// A logUniform draws words of a vocabulary that is sorted by frequency: word k has the chance
// log((k+2)/(k+1)) / log(V+1), which is close to how often words are used (Zipf).
type logUniform struct {
	share []float64 // (V) of each word among all that are asked for
	at    []int32   // (V) place among the candidates of this step, -1 for none
}

func newLogUniform(words []wordCount) *logUniform {
	d := &logUniform{share: make([]float64, len(words)), at: make([]int32, len(words))}
	total := 0
	for _, w := range words {
		total += w.count
	}
	for i, w := range words {
		d.share[i], d.at[i] = float64(w.count)/float64(total), -1
	}
	return d
}

// candidates draws n times, adds the labels themselves and says where those lie among the rest,
// appended to placed. A word's chance counts both ways in.
func (d *logUniform) candidates(rng *rand.Rand, n int, labels, placed []int32) (op.Candidates, []int32) {
	var among op.Candidates
	asked := 0
	for _, l := range labels {
		if l != batch.Ignore {
			asked++
		}
	}
	add := func(word int32) {
		if d.at[word] >= 0 {
			return
		}
		d.at[word] = int32(len(among.Words))
		among.Words = append(among.Words, word)
		among.LogQ = append(among.LogQ, d.chance(word, n, asked))
	}
	all := math.Log(float64(len(d.at)) + 1)
	for range n {
		add(min(int32(math.Exp(rng.Float64()*all))-1, int32(len(d.at)-1)))
	}
	for _, l := range labels {
		if l != batch.Ignore {
			add(l)
			l = d.at[l]
		}
		placed = append(placed, l)
	}
	for _, w := range among.Words {
		d.at[w] = -1
	}
	return among, placed
}

// chance is the logarithm of how likely a word is among n draws and as many labels as are asked for.
func (d *logUniform) chance(word int32, n, asked int) float32 {
	drawn := math.Log((float64(word)+2)/(float64(word)+1)) / math.Log(float64(len(d.at))+1)
	missed := float64(n)*math.Log1p(-drawn) + float64(asked)*math.Log1p(-d.share[word])
	return float32(math.Log(-math.Expm1(missed)))
}

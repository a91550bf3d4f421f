package pretrain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"gonum.org/v1/gonum/mat"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// A space is the frame in which the student sees the teacher's states: centred, in units of their
// average deviation, with the directions of largest variance known.
type space struct {
	width int        // D of the teacher
	mean  []float64  // (D)
	scale float64    // root of the mean variance over all directions
	axes  *mat.Dense // (D, H): the first H principal axes, turned by a random rotation
	axis  float64    // root of the mean variance over those axes
}

// newSpace measures states (R, width) and keeps h directions. The rotation spreads the variance
// evenly over the student's columns, which a layer norm would otherwise have to undo.
func newSpace(states []float32, width, h int, seed uint64) (space, error) {
	s := space{width: width, mean: make([]float64, width)}
	rows := len(states) / width
	for i, v := range states {
		s.mean[i%width] += float64(v) / float64(rows)
	}
	cov := mat.NewSymDense(width, nil)
	centred := make([]float64, width)
	for r := range rows {
		for c := range centred {
			centred[c] = float64(states[r*width+c]) - s.mean[c]
		}
		cov.SymRankOne(cov, 1/float64(rows), mat.NewVecDense(width, centred))
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(cov, true) {
		return s, fmt.Errorf("pretrain: the teacher's states have no principal axes")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	s.setAxes(eigen.Values(nil), &vectors, h, seed)
	return s, nil
}

// setAxes takes the last h of the ascending eigenvalues.
func (s *space) setAxes(values []float64, vectors *mat.Dense, h int, seed uint64) {
	all, kept := 0.0, 0.0
	for i, v := range values {
		all += v
		if i >= s.width-h {
			kept += v
		}
	}
	s.scale, s.axis = math.Sqrt(all/float64(s.width)), math.Sqrt(kept/float64(h))
	top := vectors.Slice(0, s.width, s.width-h, s.width)
	s.axes = mat.NewDense(s.width, h, nil)
	s.axes.Mul(top, rotation(h, seed))
}

// rotation is a random orthogonal (h, h) matrix.
func rotation(h int, seed uint64) *mat.Dense {
	rng := rand.New(rand.NewPCG(seed, 0x07))
	g := mat.NewDense(h, h, nil)
	for i := range h {
		for j := range h {
			g.Set(i, j, rng.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(g)
	var q mat.Dense
	qr.QTo(&q)
	return &q
}

// standardise writes (state - mean) / scale over states.
func (s space) standardise(states []float32) {
	for i := range states {
		states[i] = float32((float64(states[i]) - s.mean[i%s.width]) / s.scale)
	}
}

// project returns the coordinates of one state along the student's axes, (H).
func (s space) project(state []float32) []float64 {
	_, h := s.axes.Dims()
	out := make([]float64, h)
	for d, v := range state {
		x := float64(v) - s.mean[d]
		for c := range out {
			out[c] += x * s.axes.At(d, c)
		}
	}
	return out
}

// readout fills the linear layer that maps the student's states back to the teacher's, (D, H), as
// if the student's were the projected ones in units of axis.
func (s space) readout(l nn.Linear) {
	_, h := s.axes.Dims()
	for d := range s.width {
		for c := range h {
			l.W.Value[d*h+c] = float32(s.axes.At(d, c) * s.axis / s.scale)
		}
	}
	l.W.Changed()
}

// embeddingRMS is the size of the student's initial embeddings: small against the layer norm that
// follows, large against the random position embeddings (measured: 0.05 learns faster than 0.02).
const embeddingRMS = 0.05

// embed places every piece of the student's vocabulary where the teacher sees the piece standing
// alone: its last hidden state between [CLS] and [SEP], projected.
func (s space) embed(t *teacher, tok tokenizer.Tokenizer, table *nn.Param) error {
	h := table.Shape[1]
	sum := 0.0
	const together = 256
	for from := 0; from < tok.Size(); from += together {
		to := min(from+together, tok.Size())
		if err := s.embedSome(t, tok, table, from, to); err != nil {
			return err
		}
	}
	for _, v := range table.Value[:tok.Size()*h] {
		sum += float64(v) * float64(v)
	}
	scale := float32(embeddingRMS / math.Sqrt(sum/float64(tok.Size()*h)))
	for i := range table.Value[:tok.Size()*h] {
		table.Value[i] *= scale
	}
	table.Changed()
	return nil
}

func (s space) embedSome(t *teacher, tok tokenizer.Tokenizer, table *nn.Param, from, to int) error {
	seqs := make([]batch.Sequence, to-from)
	for i := range seqs {
		seqs[i] = t.piece(tok.Token(int32(from + i)))
	}
	states, err := t.states(seqs)
	if err != nil {
		return err
	}
	h, row := table.Shape[1], 0
	for i, q := range seqs {
		n := len(q.IDs)
		state := mean(states, row+min(1, n-2), row+max(n-1, 1), t.width)
		for c, v := range s.project(state) {
			table.Value[(from+i)*h+c] = float32(v)
		}
		row += n
	}
	return nil
}

// piece is a student's token as the teacher reads it, with its special tokens.
func (t *teacher) piece(token string) batch.Sequence {
	sp := t.tok.Specials()
	ids := []int32{sp.CLS}
	switch id, known := t.tok.ID(token); {
	case token == t.tok.Token(sp.CLS) || token == t.tok.Token(sp.SEP):
	case known:
		ids = append(ids, id)
	default:
		ids = append(ids, t.tok.Encode(strings.TrimPrefix(token, "##")).IDs...)
	}
	if len(ids) == 1 {
		ids = append(ids, sp.UNK)
	}
	ids = append(ids, sp.SEP)
	return batch.Sequence{IDs: ids}
}

package op

import (
	"slices"
	"testing"
)

func TestRowAttentionGradients(t *testing.T) {
	for name, k := range map[string]*RowAttention{
		"first row":             {Heads: 2, Cols: 6, Row: PoolFirst},
		"last row":              {Heads: 2, Cols: 6, Row: PoolLast, Causal: true},
		"first row sees itself": {Heads: 2, Cols: 6, Row: PoolFirst, Causal: true},
		"dropout":               {Heads: 3, Cols: 6, Row: PoolFirst, Dropout: Rate{P: .4, ID: 9}},
	} {
		t.Run(name, func(t *testing.T) {
			b := lengthsBatch(5, 1, 3, 0)
			in := [][]float32{randomRow(rng(), b.Len()*6, 1), randomRow(rng(), b.Tokens()*12, 1)}
			gradCheck{kernel: k, batch: b, in: in, train: true, step: 1e-3}.run(t)
		})
	}
}

// TestRowAttentionIsThatRowOfAttention holds both to the same bits.
func TestRowAttentionIsThatRowOfAttention(t *testing.T) {
	const heads, h = 2, 6
	b := lengthsBatch(5, 1, 70)
	qkv := randomRow(rng(), b.Tokens()*3*h, 1)
	for _, row := range []Pooling{PoolFirst, PoolLast} {
		for _, causal := range []bool{false, true} {
			p := gradCheck{batch: b}.pass()
			all := (&Attention{Heads: heads, Cols: h, Causal: causal}).Forward(p, [][]float32{qkv})
			want := (&Pool{Kind: row, Cols: h}).Forward(p, [][]float32{all})
			q := (&Pool{Kind: row, Cols: 3 * h}).Forward(p, [][]float32{qkv})
			got := (&RowAttention{Heads: heads, Cols: h, Row: row, Causal: causal}).Forward(p, [][]float32{
				columns(q, 3*h, 0, h), columns(qkv, 3*h, h, 3*h),
			})
			if !slices.Equal(got, want) {
				t.Errorf("%s, causal %v: got %v, want %v", row, causal, got, want)
			}
		}
	}
}

// columns copies columns [from, to) of rows of a width.
func columns(x []float32, width, from, to int) []float32 {
	var part []float32
	for r := 0; r < len(x); r += width {
		part = append(part, x[r+from:r+to]...)
	}
	return part
}

func TestPickedPoolLeavesTextsWithoutWordsAtZero(t *testing.T) {
	b := lengthsBatch(2, 0, 3)
	k := &Pool{Kind: PoolFirst, Cols: 2, Picked: true}
	gradCheck{kernel: k, batch: b, in: [][]float32{randomRow(rng(), 6, 1)}}.run(t)
	if got, want := k.Forward(gradCheck{batch: b}.pass(), [][]float32{{1, 2, 3, 4, 5, 6}}), []float32{1, 2, 0, 0, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

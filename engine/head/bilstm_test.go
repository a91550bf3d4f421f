package head

import (
	"testing"

	"defrost/engine/batch"
	"defrost/engine/nn"
	"defrost/engine/op"
)

// orderBatch holds all texts of three of five words in which 1 stands before 2 (class 0) or
// behind it (class 1): only their order tells the classes apart.
func orderBatch() *batch.Batch {
	var seqs []batch.Sequence
	var classes []int32
	for filler := int32(0); filler < 5; filler++ {
		for class, pair := range [][2]int32{{1, 2}, {2, 1}} {
			for _, ids := range [][]int32{{filler, pair[0], pair[1]}, {pair[0], filler, pair[1]}, {pair[0], pair[1], filler}} {
				if filler == 1 || filler == 2 {
					continue
				}
				seqs = append(seqs, batch.Sequence{IDs: ids})
				classes = append(classes, int32(class))
			}
		}
	}
	b := batch.Pack(seqs)
	b.Classes = classes
	return b
}

func TestABiLSTMLearnsTheOrderOfWords(t *testing.T) {
	for _, pooling := range []op.Pooling{op.PoolFirst, op.PoolMax, op.PoolMean} {
		t.Run(string(pooling), func(t *testing.T) {
			loss := train(t, func(b *nn.Builder, words *nn.Node) (*nn.Node, []*nn.Param) {
				h := NewBiLSTM(words.Width, 6, 2, 0)
				params := thawed(h.Layer())
				return h.Logits(b, words, pooling), params
			})
			if loss > 0.1 {
				t.Errorf("got loss %v after training, want under 0.1", loss)
			}
		})
	}
}

// TestAMeanOfWordsCannotLearnTheirOrder shows that the test above asks for a BiLSTM.
func TestAMeanOfWordsCannotLearnTheirOrder(t *testing.T) {
	loss := train(t, func(b *nn.Builder, words *nn.Node) (*nn.Node, []*nn.Param) {
		h := NewClassifier("linear", words.Width, 2, 0)
		params := thawed(h.Layer())
		return h.Logits(b, b.Apply(&op.Pool{Kind: op.PoolMean, Cols: words.Width}, words)), params
	})
	if loss < 0.69 {
		t.Errorf("got loss %v, want log 2: the classes have the same means", loss)
	}
}

// thawed fills a head and lets it learn; programs see that only when they are built after.
func thawed(l nn.Layer) []*nn.Param {
	for _, p := range l.Params {
		p.Reset(3)
		p.Thaw()
	}
	return l.Params
}

// train descends on fixed random vectors of five words and returns the last loss.
func train(t *testing.T, build func(b *nn.Builder, words *nn.Node) (*nn.Node, []*nn.Param)) float32 {
	t.Helper()
	table := nn.NewEmbedding(5, 4)
	table.W.Std = 1
	table.W.Reset(5)
	b := nn.NewBuilder(true)
	words := b.Apply(&op.Embedding{Cols: 4, Tables: []op.Table{table.Table(func(b *batch.Batch) []int32 { return b.IDs })}})
	logits, params := build(b, words)
	prog, err := b.Build(b.Apply(&op.CrossEntropy{Labels: func(b *batch.Batch) []int32 { return b.Classes }, Cols: 2}, logits))
	if err != nil {
		t.Fatal(err)
	}
	data := orderBatch()
	var loss float32
	for range 300 {
		if loss, err = prog.Run(data, nn.Step{Train: true}); err != nil {
			t.Fatal(err)
		}
		for _, p := range params {
			for i, g := range p.Grad {
				p.Value[i] -= 0.7 * g
			}
			clear(p.Grad)
		}
	}
	return loss
}

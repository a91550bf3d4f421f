package engine

import "defrost/engine/task"

// publishedHeads are the names that transformers gives, by family and kind, to heads that compute
// what ours do. Under them its classes for sequence classification open our checkpoints.
var publishedHeads = map[string]map[string]string{
	"roberta mlp":  {"classifier.weight": "classifier.out_proj.weight", "classifier.bias": "classifier.out_proj.bias"},
	"xlnet linear": {"classifier.weight": "logits_proj.weight", "classifier.bias": "logits_proj.bias"},
}

// newHead makes the head of a task on m. dropout is of no account for predictions.
func newHead(tk task.Task, m *Model, kind, pool string, dropout float64) task.Head {
	return tk.NewHead(task.HeadOptions{
		Kind: kind, Pool: pool, Width: m.Shape().Width, Dropout: float32(dropout), Names: publishedHeads[m.family.Name+" "+kind],
	})
}

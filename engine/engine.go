// Package engine fine-tunes pre-trained backbones and tells what happens.
//
// Its one verb is Fit, the walk from text to a trained model:
//
//	b    := task.Collate(examples)            // text -> tokens -> packed batch
//	loss := program.Run(b)                    // backbone -> head -> loss, and backward to the lowest thawed layer
//	norm := optim.Measure(groups)             // gradients, clipped
//	optimizer.Step(groups, schedule.Factor())  // what learns moves, what is frozen does not exist here
//	emit(Step{...})                           // what happened
//
// Read recipe.go (what a person chooses), event.go (what can happen), fit.go (the walk), then
// prepare.go, evaluate.go and checkpoint.go. run.go starts a fit in a goroutine and keeps its log;
// folder.go and store.go keep runs on disk, board.go their curves for TensorBoard; obey.go answers
// the person at the wheel. The packages below are in the order of the walk: tokenizer, batch,
// backbone (made of nn and op, computed by gemm and vec), head, task, optim, metric.
package engine

package engine

import (
	"context"

	"defrost/engine/pretrain"
)

// GloVeOptions say how word vectors are made.
type GloVeOptions = pretrain.GloVeOptions

// GloVeProgress is what making them reports.
type GloVeProgress = pretrain.GloVeProgress

// GloVeDefaults are those the embedded pocket-glove was made with.
func GloVeDefaults() GloVeOptions { return pretrain.GloVeDefaults() }

// GloVe learns a vector for each word of running text and writes them to o.Out, where an
// unfinished run is resumed.
func GloVe(ctx context.Context, o GloVeOptions, report func(GloVeProgress)) error {
	return pretrain.GloVe(ctx, o, report)
}

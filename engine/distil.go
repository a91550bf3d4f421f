package engine

import (
	"context"
	"fmt"

	"defrost/engine/pretrain"
)

// DistilOptions say how a small backbone is made from a large one.
type DistilOptions struct {
	pretrain.Options          // Teacher and Corpus are filled by Distil
	TeacherDir       string   // model folder
	Files            []string // running text, .gz allowed
}

// DistilProgress is what pre-training reports.
type DistilProgress = pretrain.Progress

// DistilDefaults are those the embedded pocket-bert was made with.
func DistilDefaults() DistilOptions { return DistilOptions{Options: pretrain.DefaultOptions()} }

// Distil trains a small backbone to say what a teacher says about running text, and writes it to
// o.Out, where an unfinished run is resumed.
func Distil(ctx context.Context, o DistilOptions, report func(DistilProgress)) (err error) {
	if err := o.Check(); err != nil {
		return err
	}
	if o.Teacher, err = teacherFolder(o.TeacherDir); err != nil {
		return err
	}
	if o.Corpus, err = pretrain.ReadCorpus(o.Files); err != nil {
		return err
	}
	return pretrain.Distil(ctx, o.Options, report)
}

// Check reports the first option that cannot work.
func (o DistilOptions) Check() error {
	for _, r := range []rule{
		{"vocabulary", o.Vocabulary, "300 tokens or more", o.Vocabulary >= 300},
		{"layers", o.Layers, "1 or more", o.Layers >= 1},
		{"heads", o.Heads, "1 or more", o.Heads >= 1},
		{"width", o.Width, "a multiple of the heads", o.Width >= 1 && o.Heads >= 1 && o.Width%o.Heads == 0},
		{"ffn", o.FFN, "1 or more", o.FFN >= 1},
		{"length", o.Length, "8 tokens or more", o.Length >= 8},
		{"tokens", o.Tokens, "1 or more", o.Tokens >= 1},
		{"batch_tokens", o.BatchTokens, "1 or more", o.BatchTokens >= 1},
		{"lr", o.LR, "a number above 0", o.LR > 0 && o.LR < 100},
		{"save_every", o.SaveEvery, "more than 0", o.SaveEvery > 0},
	} {
		if !r.ok {
			return fmt.Errorf("pretrain: %s is %v, expected %s", r.name, r.value, r.want)
		}
	}
	return nil
}

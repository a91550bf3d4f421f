package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"defrost/engine/backbone"
	"defrost/engine/pretrain"
)

// PretrainOptions say how a backbone learns a language from running text.
type PretrainOptions struct {
	pretrain.LanguageOptions          // Config, Start, Teacher and Corpus are filled once it begins
	Backbone                 string   // name or folder: its weights where there are any, else its shape
	Scratch                  bool     // its shape alone
	TeacherDir               string   // model folder whose vectors of words fresh embeddings start from, or ""
	Files                    []string // running text, .gz allowed
}

// PretrainProgress is what pre-training reports.
type PretrainProgress = pretrain.Progress

// Objectives are what a backbone can be asked for in pre-training.
func Objectives() []string { return []string{"mlm", "clm", "bilm"} }

// PretrainDefaults suit a small backbone on a machine without a GPU.
func PretrainDefaults() PretrainOptions {
	return PretrainOptions{LanguageOptions: pretrain.DefaultLanguageOptions()}
}

// Pretrain makes a backbone learn a language and writes it to o.Out, where an unfinished run is
// resumed and what happened is kept as the events of a run.
func Pretrain(ctx context.Context, o PretrainOptions, report func(PretrainProgress)) error {
	run, err := StartPretraining(ctx, o, report)
	if err != nil {
		return err
	}
	_, err = run.Wait()
	return err
}

// language opens what the options name and learns.
func (o PretrainOptions) language(ctx context.Context, report func(PretrainProgress)) (err error) {
	if err := o.open(); err != nil {
		return err
	}
	if o.TeacherDir != "" {
		if o.Start != nil {
			return fmt.Errorf("pretrain: a teacher's vectors start fresh embeddings: found weights in %s, expected --scratch", o.Backbone)
		}
		if o.Teacher, err = teacherFolder(o.TeacherDir); err != nil {
			return err
		}
	}
	if o.Corpus, err = pretrain.ReadCorpus(o.Files); err != nil {
		return err
	}
	return pretrain.Language(ctx, o.LanguageOptions, report)
}

// open finds the shape, and the weights to go on from.
func (o *PretrainOptions) open() error {
	at, err := locate(o.Backbone)
	if card, known := cardOf(o.Backbone); err != nil && known {
		o.Config, err = shapeOf(card)
		return err
	}
	if err != nil {
		return err
	}
	if at.folder == nil {
		return fmt.Errorf("pretrain: %s is a file of word vectors, expected a network", o.Backbone)
	}
	if o.Config, err = backbone.Config(at.folder); err != nil || o.Scratch {
		return err
	}
	if hasWeights(at.folder) {
		o.Start = at.folder
	}
	return nil
}

// shapeOf is the config.json of a catalogued backbone that is not on this machine.
func shapeOf(c backbone.Card) ([]byte, error) {
	switch c.Family {
	case "bert":
		return json.Marshal(map[string]any{
			"model_type": "bert", "vocab_size": c.Vocabulary, "hidden_size": c.Width, "num_hidden_layers": c.Layers,
			"num_attention_heads": c.Heads, "intermediate_size": 4 * c.Width, "max_position_embeddings": 512, "type_vocab_size": 2,
			"hidden_act": "gelu", "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "layer_norm_eps": 1e-12,
		})
	case "gpt2":
		return json.Marshal(map[string]any{
			"model_type": "gpt2", "vocab_size": c.Vocabulary, "n_embd": c.Width, "n_layer": c.Layers, "n_head": c.Heads, "n_positions": 1024,
			"activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
		})
	}
	return nil, fmt.Errorf("pretrain: %s is not on this machine and its shape is not known without it: `defrost pull %s` fetches it", c.Name, c.Name)
}

// hasWeights says whether a folder holds anything besides a description.
func hasWeights(fsys fs.FS) bool {
	for _, pattern := range []string{"*.safetensors*", "*.bin*", "*.hdf5", "*.npy"} {
		if found, _ := fs.Glob(fsys, pattern); len(found) > 0 {
			return true
		}
	}
	return false
}

// teacherFolder opens a model folder.
func teacherFolder(dir string) (fs.FS, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("pretrain: teacher: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("pretrain: teacher: %s is a file, expected a model folder", dir)
	}
	return os.DirFS(dir), nil
}

// Check reports the first option that cannot work.
func (o PretrainOptions) Check() error {
	for _, r := range []rule{
		{"objective", o.Objective, fmt.Sprintf("one of %v", Objectives()), slices.Contains(Objectives(), o.Objective)},
		{"vocabulary", o.Vocabulary, "300 words or pieces or more", o.Vocabulary >= 300},
		{"candidates", o.Candidates, "0 (all words) or more", o.Candidates >= 0},
		{"length", o.Length, "0 (the backbone's) or 8 tokens or more", o.Length == 0 || o.Length >= 8},
		{"tokens", o.Tokens, "1 or more, or a time", o.Tokens >= 1 || o.Tokens == 0 && o.Time > 0},
		{"batch_tokens", o.BatchTokens, "1 or more", o.BatchTokens >= 1},
		{"accumulate", o.Accumulate, "1 or more", o.Accumulate >= 1},
		{"lr", o.LR, "a number above 0", o.LR > 0 && o.LR < 100},
		{"eval_tokens", o.EvalTokens, "1 or more", o.EvalTokens >= 1},
		{"save_every", o.SaveEvery, "more than 0", o.SaveEvery > 0},
	} {
		if !r.ok {
			return fmt.Errorf("pretrain: %s is %v, expected %s", r.name, r.value, r.want)
		}
	}
	return nil
}

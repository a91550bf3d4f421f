package pretrain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"defrost/engine/backbone"
	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/tokenizer"
)

// Files of a student's folder.
const (
	weightsFile   = "model.safetensors"
	optimizerFile = "optimizer.safetensors"
)

// position is where an unfinished run stands.
type position struct {
	Step, Seen, At, OptimizerStep int
	Seconds                       float64
}

// config is the student's config.json. Dropout is off while it is distilled, since the teacher's
// states are no noise to be guarded against, and on for whoever fine-tunes it.
func (d *distiller) config(dropout float64) []byte {
	data, err := json.MarshalIndent(map[string]any{
		"model_type": "bert", "architectures": []string{"BertModel"}, "vocab_size": d.tok.Size(),
		"hidden_size": d.o.Width, "num_hidden_layers": d.o.Layers, "num_attention_heads": d.o.Heads,
		"intermediate_size": d.o.FFN, "max_position_embeddings": d.o.Length, "type_vocab_size": 2,
		"hidden_act": "gelu", "hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout,
		"layer_norm_eps": 1e-12, "initializer_range": 0.02, "pad_token_id": 0,
	}, "", "  ")
	if err != nil {
		panic(err) // a map of plain values always marshals
	}
	return append(data, '\n')
}

// fineTuneDropout is what the saved configuration asks of those who fine-tune.
const fineTuneDropout = 0.1

// vocabulary reads the folder's tokenizer, or learns it and writes it there.
func (d *distiller) vocabulary() (tokenizer.Tokenizer, error) {
	if err := os.MkdirAll(d.o.Out, 0o755); err != nil {
		return nil, fmt.Errorf("pretrain: %w", err)
	}
	if tok, err := tokenizer.Open(os.DirFS(d.o.Out)); err == nil {
		return tok, nil
	}
	tok, err := Vocabulary(d.o.Corpus, d.o.Vocabulary)
	if err != nil {
		return nil, err
	}
	return tok, tok.Save(d.o.Out)
}

// student makes the network.
func (d *distiller) student() (backbone.Backbone, backbone.Family, error) {
	path := filepath.Join(d.o.Out, "config.json")
	if err := os.WriteFile(path, d.config(0), 0o644); err != nil {
		return nil, backbone.Family{}, fmt.Errorf("pretrain: %w", err)
	}
	bb, family, err := backbone.Describe(os.DirFS(d.o.Out))
	if err != nil {
		return nil, family, err
	}
	return bb, family, os.WriteFile(path, d.config(fineTuneDropout), 0o644)
}

// save writes the student; while unfinished in full precision with the optimizer's state, at the
// end in float16 without it.
func (d *distiller) save(finished bool) error {
	path := func(name string) string { return filepath.Join(d.o.Out, name) }
	if finished {
		err := checkpoint.WriteSafetensors(path(weightsFile), tensors(backbone.Params(d.bb)), checkpoint.F16, map[string]string{"format": "pt"})
		return errors.Join(err, remove(path(optimizerFile)))
	}
	return saveUnfinished(d.o.Out, learned(d.params, d.opt), position{d.step, d.seen, d.at, d.opt.Steps(), d.seconds()})
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("pretrain: %w", err)
	}
	return nil
}

func tensors(params []*nn.Param) []checkpoint.Tensor {
	list := make([]checkpoint.Tensor, len(params))
	for i, p := range params {
		list[i] = checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value}
	}
	return list
}

// restore goes on where an unfinished run was saved.
func (d *distiller) restore() error {
	var at position
	_, err := openUnfinished(d.o.Out, &at, func(src checkpoint.Source) error {
		d.step, d.seen, d.at, d.before = at.Step, at.Seen, at.At, at.Seconds
		d.opt.SetSteps(at.OptimizerStep)
		return relearn(src, d.params, d.opt)
	})
	return err
}

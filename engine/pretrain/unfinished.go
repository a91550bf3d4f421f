package pretrain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"defrost/engine/checkpoint"
	"defrost/engine/nn"
	"defrost/engine/optim"
)

// saveUnfinished writes what an interrupted run goes on from: tensors in full precision and where it
// stands, which must marshal to JSON.
func saveUnfinished(dir string, state []checkpoint.Tensor, position any) error {
	data, err := json.Marshal(position)
	if err != nil {
		return fmt.Errorf("pretrain: %w", err)
	}
	return checkpoint.WriteSafetensors(filepath.Join(dir, optimizerFile), state, checkpoint.F32, map[string]string{"position": string(data)})
}

// openUnfinished reads what an interrupted run left in dir and says whether there was anything.
// position is filled in before read is called with the tensors.
func openUnfinished(dir string, position any, read func(src checkpoint.Source) error) (found bool, err error) {
	file, err := os.Open(filepath.Join(dir, optimizerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("pretrain: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, fmt.Errorf("pretrain: %w", err)
	}
	src, err := checkpoint.OpenSafetensors(file, info.Size(), file.Name())
	if err != nil {
		return false, err
	}
	defer src.Close()
	if err := json.Unmarshal([]byte(checkpoint.Metadata(src)["position"]), position); err != nil {
		return false, fmt.Errorf("pretrain: %s: %w", file.Name(), err)
	}
	return true, read(src)
}

// learned is all that a network's run goes on from: its parameters and the optimizer's state.
func learned(params []*nn.Param, opt optim.Optimizer) []checkpoint.Tensor {
	state := tensors(params)
	for _, s := range opt.State(params) {
		state = append(state, checkpoint.Tensor{Name: s.Name, Shape: []int{len(s.Data)}, Data: s.Data})
	}
	return state
}

// relearn reads what learned listed.
func relearn(src checkpoint.Source, params []*nn.Param, opt optim.Optimizer) error {
	for _, p := range params {
		if err := src.Read(p.Name, p.Value); err != nil {
			return err
		}
		p.Changed()
	}
	for _, s := range opt.State(params) {
		if err := src.Read(s.Name, s.Data); err != nil {
			return err
		}
	}
	return nil
}

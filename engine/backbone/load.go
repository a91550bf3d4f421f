package backbone

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"defrost/engine/checkpoint"
	"defrost/engine/nn"
)

// A Report accounts for every tensor of a checkpoint and every parameter of a model.
type Report struct {
	Loaded  []string
	Dropped []Dropped // in the file, not used
	Fresh   []string  // not in the file, newly initialised
}

// Dropped is a tensor that was not used, and why.
type Dropped struct{ Name, Why string }

// Load fills params from a checkpoint. Names are matched after Canonical; tensors nobody asked
// for are dropped and parameters not in the file keep the values seed gives them. A tensor of
// the wrong shape and a value that is not finite are errors.
func Load(src checkpoint.Source, f Family, params []*nn.Param, seed uint64) (Report, error) {
	var report Report
	byName := make(map[string]*nn.Param, len(params))
	for _, p := range params {
		byName[p.Name] = p
	}
	filled := map[string]bool{}
	for _, t := range src.Tensors() {
		name := f.Canonical(t.Name)
		p, known := byName[name]
		if why, drop := f.why(t.Name, known, filled[name]); drop {
			report.Dropped = append(report.Dropped, Dropped{t.Name, why})
			continue
		}
		if err := fill(src, t, p); err != nil {
			return report, err
		}
		filled[name] = true
		report.Loaded = append(report.Loaded, t.Name)
	}
	for _, p := range params {
		if !filled[p.Name] {
			p.Reset(seed)
			report.Fresh = append(report.Fresh, p.Name)
		}
	}
	sort.Strings(report.Fresh)
	return report, nil
}

func (f Family) why(name string, known, filled bool) (string, bool) {
	if f.Drop != nil {
		if why, ok := f.Drop(name); ok {
			return why, true
		}
	}
	switch {
	case !known:
		return "no parameter of this model has this name", true
	case filled:
		return "a second tensor of this name", true
	}
	return "", false
}

// Canonical is a checkpoint's name without the family's optional prefix, and with the names that
// old TensorFlow conversions used for norms in their present form; dots join what HDF5 nests.
func (f Family) Canonical(name string) string {
	name = strings.ReplaceAll(name, "/", ".") // HDF5 groups
	for _, prefix := range f.Prefixes {
		name = strings.TrimPrefix(name, prefix)
	}
	if base, ok := strings.CutSuffix(name, "LayerNorm.gamma"); ok {
		return base + "LayerNorm.weight"
	}
	if base, ok := strings.CutSuffix(name, "LayerNorm.beta"); ok {
		return base + "LayerNorm.bias"
	}
	return name
}

func fill(src checkpoint.Source, t checkpoint.Info, p *nn.Param) error {
	if !slices.Equal(t.Shape, p.Shape) {
		return fmt.Errorf("backbone: tensor %s has shape %v, expected %v", t.Name, t.Shape, p.Shape)
	}
	if err := src.Read(t.Name, p.Value); err != nil {
		return err
	}
	p.Changed()
	return p.Check()
}

package engine

import (
	"fmt"

	"defrost/engine/backbone"
)

// Learning rates that the families' authors found to work.
const (
	pocketLR  = 2e-4 // networks up to 256 wide: Turc et al. 2019 tried 3e-5 to 3e-4
	smallLR   = 5e-5 // the largest that Devlin et al. 2019 tried
	baseLR    = 3e-5
	largeLR   = 2e-5
	featureLR = 1e-3 // of what reads a frozen network: AllenNLP's recipes for ELMo
)

// DefaultsFor is the recipe a newcomer starts from with a backbone: what is usual for its family
// and size, so that two backbones can be compared each at its own. Transformers are fine-tuned
// whole with a small rate, the smaller the wider. ELMo stays frozen: a recurrent head and the mix of
// its layers learn (Peters et al. 2018, 2019). So it is with static word vectors.
func DefaultsFor(nameOrPath string) (Recipe, error) {
	r := Defaults()
	r.Backbone = nameOrPath
	at, err := locate(nameOrPath)
	if err != nil {
		return r, err
	}
	if at.vectors != nil {
		return r.suited(vectorFamily, backbone.Shape{}), nil
	}
	config, err := backbone.Config(at.folder)
	if err != nil {
		return r, fmt.Errorf("%s: %w", nameOrPath, err)
	}
	bb, family, err := backbone.FromConfig(config)
	if err != nil {
		return r, fmt.Errorf("%s: %w", nameOrPath, err)
	}
	return r.suited(family.Name, bb.Shape()), nil
}

// suited changes what depends on the model's family and size.
func (r Recipe) suited(family string, s backbone.Shape) Recipe {
	if s.Positions > 0 {
		r.MaxLength = min(r.MaxLength, s.Positions)
	}
	switch {
	case family == "elmo", family == vectorFamily:
		r.Train, r.Head, r.LR, r.HeadLR = "head", "bilstm", featureLR, featureLR
	case s.Width <= 256:
		r.LR = pocketLR
	case s.Width <= 512:
		r.LR = smallLR
	case s.Width <= 768:
		r.LR = baseLR
	default:
		r.LR = largeLR
	}
	return r
}

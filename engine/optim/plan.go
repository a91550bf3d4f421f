package optim

import (
	"fmt"
	"math"

	"defrost/engine/nn"
)

// A FreezePlan says which layers learn and how fast.
type FreezePlan struct {
	Train      Spec    // what learns; the head always does unless Freeze names it
	Freeze     Spec    // what does not, taken out of Train; "" for nothing
	ThawEvery  int     // epochs between two thawed layers, from the top (gradual unfreezing, Howard and Ruder 2018); 0 = all at once
	LayerDecay float64 // learning rate falls by this factor per layer down; 0 or 1 = equal
	LR, HeadLR float64 // peak learning rates
}

// A Group is the thawed part of one layer.
type Group struct {
	Layer  string
	Params []*nn.Param
	LR     float64 // peak
}

// Learns returns the parameters the plan ever trains.
func (f FreezePlan) Learns(layers []nn.Layer) (map[*nn.Param]bool, error) {
	train := f.Train
	if train == "" {
		train = "all"
	}
	chosen, err := train.Select(layers)
	if err != nil {
		return nil, err
	}
	if train != "none" {
		for _, l := range layers {
			if l.Kind == "head" {
				add(chosen, l.Params)
			}
		}
	}
	if f.Freeze != "" {
		frozen, err := f.Freeze.Select(layers)
		if err != nil {
			return nil, err
		}
		for p := range frozen {
			delete(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("freeze plan: nothing learns, expected at least one thawed layer")
	}
	return chosen, nil
}

func add(set map[*nn.Param]bool, params []*nn.Param) {
	for _, p := range params {
		set[p] = true
	}
}

// Thawed returns the parameters that learn in an epoch, counted from 1: with gradual thawing the
// head first, then one layer more every ThawEvery epochs. A pooler, a mix of layers and the norm
// above the top layer come with what they belong to.
func (f FreezePlan) Thawed(layers []nn.Layer, epoch int) (map[*nn.Param]bool, error) {
	all, err := f.Learns(layers)
	if err != nil || f.ThawEvery == 0 {
		return all, err
	}
	now := map[*nn.Param]bool{}
	budget := (epoch - 1) / f.ThawEvery // layers below the head that have been thawed
	for i := len(layers) - 1; i >= 0; i-- {
		learns := false
		below := layers[i].Kind == "encoder" || layers[i].Kind == "embeddings"
		for _, p := range layers[i].Params {
			learns = learns || all[p]
		}
		if !learns {
			continue
		}
		if budget == 0 && (below || layers[i].Kind == "norm") {
			break
		}
		if below {
			budget--
		}
		for _, p := range layers[i].Params {
			if all[p] {
				now[p] = true
			}
		}
	}
	return now, nil
}

// Apply thaws exactly the parameters of thawed.
func Apply(layers []nn.Layer, thawed map[*nn.Param]bool) {
	for _, l := range layers {
		for _, p := range l.Params {
			if thawed[p] {
				p.Thaw()
			} else {
				p.Freeze()
			}
		}
	}
}

// Groups returns the thawed parameters by layer with their peak learning rates:
// lr decay^d, d layers below the top one; the head has its own.
func (f FreezePlan) Groups(layers []nn.Layer) []Group {
	var groups []Group
	for i, l := range layers {
		g := Group{Layer: l.Name, LR: f.Rate(layers, i)}
		for _, p := range l.Params {
			if !p.Frozen() {
				g.Params = append(g.Params, p)
			}
		}
		if len(g.Params) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// Rate is the peak learning rate of layer i when it learns.
func (f FreezePlan) Rate(layers []nn.Layer, i int) float64 {
	if layers[i].Kind == "head" {
		return f.HeadLR
	}
	if f.LayerDecay == 0 || f.LayerDecay == 1 {
		return f.LR
	}
	below := 0
	for _, l := range layers[i+1:] {
		if l.Kind == "encoder" {
			below++
		}
	}
	return f.LR * math.Pow(f.LayerDecay, float64(below))
}

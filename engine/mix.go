package engine

import "defrost/engine/nn"

// mixOf is what layer i mixes, nil for a layer that mixes nothing. Its parameters are s and gamma
// (Peters et al. 2018).
func mixOf(layers []nn.Layer, i int) *MixState {
	l := layers[i]
	if l.Kind != "mix" || len(l.Params) != 2 {
		return nil
	}
	s, gamma := l.Params[0].Value, l.Params[1].Value
	return &MixState{Layers: stateNames(layers, len(s)), Shares: sharesOf(s), Gamma: Number(gamma[0])}
}

// sharesOf are softmax(s).
func sharesOf(s []float32) []Number {
	shares := make([]Number, len(s))
	for k, share := range softmax64(s) {
		shares[k] = Number(share)
	}
	return shares
}

package verify

import (
	"fmt"
	"slices"

	"defrost/engine/nn"
)

// allenNLP returns the gradients of an ELMo as AllenNLP's modules hold its weights: linear layers
// are (out, in), convolutions (n, E, width), a row for padding precedes the characters, a highway
// has its transform above its carry with the sign turned, and gates are ordered i, f, j, o.
func allenNLP(params []*nn.Param) map[string][]float32 {
	a := allenNames{in: map[string]*nn.Param{}, out: map[string][]float32{}}
	for _, p := range params {
		a.in[p.Name] = p
	}
	a.characters()
	a.highways()
	for d, direction := range []string{"forward", "backward"} {
		for l := 0; a.lstm(d, l, fmt.Sprintf("_elmo_lstm._elmo_lstm.%s_layer_%d.", direction, l)); l++ {
		}
	}
	for i := range a.in["mix.scalars"].Grad {
		a.out[fmt.Sprintf("scalar_mix_0.scalar_parameters.%d", i)] = a.in["mix.scalars"].Grad[i : i+1]
	}
	a.out["scalar_mix_0.gamma"] = a.in["mix.gamma"].Grad
	return a.out
}

// allenNames maps our names to parameters and theirs to gradients.
type allenNames struct {
	in  map[string]*nn.Param
	out map[string][]float32
}

const allenTokens = "_elmo_lstm._token_embedder."

func (a allenNames) characters() {
	embed := a.in["char_embed"]
	a.out[allenTokens+"_char_embedding_weights"] = slices.Concat(make([]float32, embed.Shape[1]), embed.Grad)
	for i := 0; a.in[fmt.Sprintf("CNN.W_cnn_%d", i)] != nil; i++ {
		w := a.in[fmt.Sprintf("CNN.W_cnn_%d", i)]
		conv := fmt.Sprintf("%schar_conv_%d.", allenTokens, i)
		a.out[conv+"weight"] = convolution(w.Grad, w.Shape[1], w.Shape[2], w.Shape[3])
		a.out[conv+"bias"] = a.in[fmt.Sprintf("CNN.b_cnn_%d", i)].Grad
	}
	proj := a.in["CNN_proj.W_proj"]
	a.out[allenTokens+"_projection.weight"] = transposed(proj.Grad, proj.Shape[0], proj.Shape[1])
	a.out[allenTokens+"_projection.bias"] = a.in["CNN_proj.b_proj"].Grad
}

func (a allenNames) highways() {
	for i := 0; a.in[fmt.Sprintf("CNN_high_%d.W_carry", i)] != nil; i++ {
		get := func(name string) []float32 { return a.in[fmt.Sprintf("CNN_high_%d.%s", i, name)].Grad }
		f := len(get("b_carry"))
		layer := fmt.Sprintf("%s_highways._layers.%d.", allenTokens, i)
		a.out[layer+"weight"] = slices.Concat(transposed(get("W_transform"), f, f), negated(transposed(get("W_carry"), f, f)))
		a.out[layer+"bias"] = slices.Concat(get("b_transform"), negated(get("b_carry")))
	}
}

// lstm reports whether layer l of direction d exists.
func (a allenNames) lstm(d, l int, theirs string) bool {
	ours := fmt.Sprintf("RNN_%d.RNN.MultiRNNCell.Cell%d.LSTMCell.", d, l)
	w, b, proj := a.in[ours+"W_0"], a.in[ours+"B"], a.in[ours+"W_P_0"]
	if w == nil {
		return false
	}
	gates, states := b.Shape[0], proj.Shape[1]
	inputs := w.Shape[0] - states
	a.out[theirs+"input_linearity.weight"] = reordered(transposed(w.Grad[:inputs*gates], inputs, gates))
	a.out[theirs+"state_linearity.weight"] = reordered(transposed(w.Grad[inputs*gates:], states, gates))
	a.out[theirs+"state_linearity.bias"] = reordered(b.Grad)
	a.out[theirs+"state_projection.weight"] = transposed(proj.Grad, proj.Shape[0], states)
	return true
}

// convolution turns (width, E, n) into (n, E, width).
func convolution(x []float32, width, e, n int) []float32 {
	y := make([]float32, len(x))
	for w := range width {
		for c := range e {
			for f := range n {
				y[(f*e+c)*width+w] = x[(w*e+c)*n+f]
			}
		}
	}
	return y
}

func transposed(x []float32, rows, cols int) []float32 {
	y := make([]float32, len(x))
	for r := range rows {
		for c := range cols {
			y[c*rows+r] = x[r*cols+c]
		}
	}
	return y
}

func negated(x []float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = -v
	}
	return y
}

// reordered turns quarters i, j, f, o into i, f, j, o.
func reordered(x []float32) []float32 {
	q := len(x) / 4
	return slices.Concat(x[:q], x[2*q:3*q], x[q:2*q], x[3*q:])
}

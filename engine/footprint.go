package engine

import (
	"defrost/engine/backbone"
)

// A Need is the memory that a use of a backbone takes beside text and screens, in bytes, and whether
// this machine has it to give.
type Need struct {
	Use   string `json:"use"`   // predict, train the head, train all
	Bytes int    `json:"bytes"` // weights, gradients and moments; activations come on top
	Free  int    `json:"free"`  // 0 where the system does not tell
	Fits  bool   `json:"fits"`  // true where the system does not tell
}

// Footprint is the memory of the weights, known before they are read.
func (m *Model) Footprint() Memory {
	n := 0
	for _, p := range backbone.Params(m.bb) {
		n += p.Len()
	}
	return Memory{Weights: bytesPerFloat * n}
}

// Footprint is the memory of the weights of a backbone that need not be on this machine, 0 where its
// size is not known.
func (c Card) Footprint() Memory { return Memory{Weights: bytesPerFloat * c.Params} }

// Needs says for the uses of a backbone with these weights whether they fit: predicting, and
// training all of it with AdamW, whose gradients and two moments take the weights' room thrice more.
func (m Memory) Needs() []Need {
	const trained = 4
	free, known := FreeMemory()
	var list []Need
	for _, n := range []Need{{Use: "predict or train the head", Bytes: m.Weights}, {Use: "train all", Bytes: trained * m.Weights}} {
		n.Free, n.Fits = free, !known || n.Bytes <= free
		list = append(list, n)
	}
	return list
}

// FreeMemory is the bytes that this process can still take before the machine swaps or the
// container's limit ends it. Where the system does not say what is free, it is what is installed.
func FreeMemory() (bytes int, ok bool) {
	free, ok := systemMemory()
	if limit, limited := containerMemory(); limited && (!ok || limit < free) {
		return limit, true
	}
	return free, ok
}

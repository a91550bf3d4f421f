package engine

import "defrost/engine/verify"

// A Verification compares a model of ours with its reference.
type Verification = verify.Verification

// Verify runs the model of dir against its golden.safetensors.
func Verify(dir string) (Verification, error) { return verify.Dir(dir) }

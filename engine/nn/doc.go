// Package nn builds networks: parameters with their published names, layers made of them, and
// programs, the compiled Gorgonia graphs that a step runs.
package nn

//go:build !purego

package gemm

//go:generate sh -c "cd _asm && go run . arm64 > ../kernel_arm64.s"

// machineISAs needs no check: every arm64 processor has NEON.
func machineISAs() []isa {
	return []isa{{name: "neon", lanes: 4, tile: tileNEON, pack: portable.pack}}
}

// tileNEON computes a tile in parts of 4 x 16.
func tileNEON(t *tile) {
	for j := 0; j < panelCols; j += 16 {
		for i := 0; i < t.m; i += 4 {
			rowsNEON[min(4, t.m-i)](t, i, j)
		}
	}
}

var rowsNEON = [5]func(t *tile, i, j int){1: tileNEON_1, 2: tileNEON_2, 3: tileNEON_3, 4: tileNEON_4}

// tileNEON_m is portableTile for the m rows from i and the 16 columns from j.

func tileNEON_1(t *tile, i, j int)
func tileNEON_2(t *tile, i, j int)
func tileNEON_3(t *tile, i, j int)
func tileNEON_4(t *tile, i, j int)

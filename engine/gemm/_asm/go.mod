module defrost/engine/gemm/_asm

go 1.26.0

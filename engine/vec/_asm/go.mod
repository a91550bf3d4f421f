module defrost/engine/vec/_asm

go 1.26.0

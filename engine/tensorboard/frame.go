package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// maskDelta is what TFRecord adds to a rotated checksum.
const maskDelta = 0xa282ead8

// masked is the CRC-32C of data, rotated and shifted as TFRecord wants it, so that checksums of
// data that itself holds checksums stay strong.
func masked(data []byte) uint32 {
	crc := crc32.Checksum(data, castagnoli)
	return (crc>>15 | crc<<17) + maskDelta
}

// appendFrame appends one TFRecord: the length of data as a little-endian uint64, its masked
// checksum, data, and the masked checksum of data.
func appendFrame(to, data []byte) []byte {
	to = binary.LittleEndian.AppendUint64(to, uint64(len(data)))
	to = binary.LittleEndian.AppendUint32(to, masked(to[len(to)-8:]))
	to = append(to, data...)
	return binary.LittleEndian.AppendUint32(to, masked(data))
}

package checkpoint

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/nlpodyssey/gopickle/pickle"
)

// maxPickle bounds the description of a PyTorch file, in bytes. A tensor takes about
// 200, so this is ten thousand of them; unpickling costs at most some hundred times
// the bytes read.
const maxPickle = 2 << 20

// maxText bounds what a pickle may spell out in digits and lines, in bytes: names and
// small numbers.
const maxText = 4096

// How an opcode's argument is written: a number of bytes (0 to 8), lines, or bytes
// counted by a length of 1, 4 or 8 bytes.
const (
	oneLine  = -1
	twoLines = -2
	counted1 = -11
	counted4 = -14
	counted8 = -18
)

// pickleArgs lists the opcodes of protocols 0 to 5 with the form of their argument.
// Opcodes for extensions and out-of-band buffers are left out: no checkpoint has them.
var pickleArgs = func() map[byte]int {
	args := map[byte]int{
		'J': 4, 'K': 1, 'M': 2, 'G': 8, 'h': 1, 'j': 4, 'q': 1, 'r': 4, '\x80': 1, '\x95': 8,
		'c': twoLines, 'i': twoLines,
		'U': counted1, 'C': counted1, '\x8a': counted1, '\x8c': counted1,
		'T': counted4, 'X': counted4, 'B': counted4, '\x8b': counted4,
		'\x8d': counted8, '\x8e': counted8, '\x96': counted8,
	}
	for _, op := range []byte("FILPSVgp") {
		args[op] = oneLine
	}
	for _, op := range []byte("(.012NQRabd}elo]st)u\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94") {
		args[op] = 0
	}
	return args
}()

// pickleEnd walks the opcodes of the pickle that b begins with, without running them,
// and returns its length. It exists because the unpickler trusts the lengths it reads:
// here each is held against the bytes that are left.
func pickleEnd(b []byte) (int, error) {
	const stop, frame, long4 = '.', '\x95', '\x8b'
	for at := 0; at < len(b); {
		op := b[at]
		form, known := pickleArgs[op]
		if !known {
			return 0, fmt.Errorf("found pickle opcode 0x%02x at byte %d, expected one that checkpoints use", op, at)
		}
		n, err := argLen(b[at+1:], form)
		if err == nil && op == frame && binary.LittleEndian.Uint64(b[at+1:]) > uint64(len(b)) {
			err = fmt.Errorf("found a frame longer than the pickle")
		}
		if err == nil && op == long4 && n > maxText {
			err = fmt.Errorf("found an integer of %d bytes", n)
		}
		if err != nil {
			return 0, fmt.Errorf("pickle opcode 0x%02x at byte %d: %w", op, at, err)
		}
		at += 1 + n
		if op == stop {
			return at, nil
		}
	}
	return 0, fmt.Errorf("found no end of the pickle in %d bytes", len(b))
}

// argLen is the length of an opcode's argument at the start of b.
func argLen(b []byte, form int) (int, error) {
	switch form {
	case oneLine, twoLines:
		n := 0
		for range -form {
			end := bytes.IndexByte(b[n:min(len(b), n+maxText)], '\n')
			if end < 0 {
				return 0, fmt.Errorf("found no end of line in %d bytes", maxText)
			}
			n += end + 1
		}
		return n, nil
	case counted1, counted4, counted8:
		return countedLen(b, -form-10)
	}
	if form > len(b) {
		return 0, fmt.Errorf("found %d bytes of argument, expected %d", len(b), form)
	}
	return form, nil
}

// countedLen is the length of bytes that width bytes count, the count included.
func countedLen(b []byte, width int) (int, error) {
	if width > len(b) {
		return 0, fmt.Errorf("found %d bytes, expected a length of %d", len(b), width)
	}
	var wide [8]byte
	copy(wide[:], b[:width])
	n := binary.LittleEndian.Uint64(wide[:])
	if n > uint64(len(b)-width) {
		return 0, fmt.Errorf("found %d bytes, expected %d", len(b)-width, n)
	}
	return width + int(n), nil
}

// A finder resolves the classes and stored objects a pickle refers to.
type finder struct {
	class      func(module, name string) (any, error)
	persistent func(id any) (any, error)
}

// unpickle runs the pickle that b begins with and returns its value and length. Only
// what f knows can be built. The unpickler panics on some malformed input: that is an
// error like any other.
func unpickle(b []byte, f finder) (value any, length int, err error) {
	defer func() {
		if r := recover(); r != nil {
			value, err = nil, fmt.Errorf("pickle: %s", shorten(fmt.Sprint(r)))
		}
	}()
	if length, err = pickleEnd(b); err != nil {
		return nil, 0, err
	}
	u := pickle.NewUnpickler(bytes.NewReader(b[:length]))
	u.FindClass, u.PersistentLoad = f.class, f.persistent
	if value, err = u.Load(); err != nil {
		return nil, 0, fmt.Errorf("pickle: %s", shorten(err.Error()))
	}
	return value, length, nil
}

// shorten makes a message of the unpickler, which may print whole objects, one line.
func shorten(s string) string {
	const most = 200
	s = strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return s
}

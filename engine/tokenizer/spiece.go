package tokenizer

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// A spiece is what we need of SentencePiece's spiece.model, a protocol buffer
// ModelProto.
type spiece struct {
	pieces   []string  // field 1.1
	scores   []float64 // field 1.2
	charsmap []byte    // field 3.2
}

// Wire types of protocol buffers.
const (
	varintWire = 0
	fixed64    = 1
	bytesWire  = 2
	fixed32    = 5
)

// readSpiece reads a ModelProto.
func readSpiece(b []byte) (*spiece, error) {
	s := new(spiece)
	err := eachField(b, func(field uint64, wire int, value []byte) error {
		switch {
		case field == 1 && wire == bytesWire:
			return s.readPiece(value)
		case field == 3 && wire == bytesWire:
			return eachField(value, func(field uint64, wire int, value []byte) error {
				if field == 2 && wire == bytesWire {
					s.charsmap = value
				}
				return nil
			})
		}
		return nil
	})
	if err == nil && len(s.pieces) == 0 {
		err = fmt.Errorf("found no pieces, expected a SentencePiece model")
	}
	return s, err
}

// readPiece reads one SentencePiece message.
func (s *spiece) readPiece(b []byte) error {
	var text string
	var score float64
	err := eachField(b, func(field uint64, wire int, value []byte) error {
		switch {
		case field == 1 && wire == bytesWire:
			text = string(value)
		case field == 2 && wire == fixed32:
			score = float64(math.Float32frombits(binary.LittleEndian.Uint32(value)))
		}
		return nil
	})
	if err == nil && (!utf8.ValidString(text) || math.IsNaN(score) || math.IsInf(score, 0)) {
		err = fmt.Errorf("piece %d is %q with score %v, expected UTF-8 and a number", len(s.pieces), text, score)
	}
	s.pieces, s.scores = append(s.pieces, text), append(s.scores, score)
	return err
}

// eachField calls f with every field of a message: the bytes of a string or
// message, or the 4 or 8 bytes of a fixed number; nothing for a varint.
func eachField(b []byte, f func(field uint64, wire int, value []byte) error) error {
	whole := len(b)
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return fmt.Errorf("byte %d of a message of %d: found no field tag", whole-len(b), whole)
		}
		value, rest, ok := cutField(b[n:], int(tag&7))
		if !ok {
			return fmt.Errorf("byte %d of a message of %d: field %d of wire type %d does not fit", whole-len(b), whole, tag>>3, tag&7)
		}
		if err := f(tag>>3, int(tag&7), value); err != nil {
			return err
		}
		b = rest
	}
	return nil
}

// cutField returns the value of a field and what follows it.
func cutField(b []byte, wire int) (value, rest []byte, ok bool) {
	size := uint64(0)
	switch wire {
	case varintWire:
		_, n := binary.Uvarint(b)
		return nil, b[max(n, 0):], n > 0
	case fixed64:
		size = 8
	case fixed32:
		size = 4
	case bytesWire:
		var n int
		if size, n = binary.Uvarint(b); n <= 0 {
			return nil, nil, false
		}
		b = b[n:]
	default:
		return nil, nil, false
	}
	if size > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:size], b[size:], true
}

// xlnetSpecials are XLNet's special tokens, ids 0 to 8.
var xlnetSpecials = []string{"<unk>", "<s>", "</s>", "<cls>", "<sep>", "<pad>", "<mask>", "<eod>", "<eop>"}

// openSpiece reads spiece.model, as XLNet is published in.
func openSpiece(f folder) (Tokenizer, error) {
	name, b, err := f.file("spiece.model")
	if err != nil {
		return nil, err
	}
	s, err := readSpiece(b)
	if err != nil {
		return nil, fmt.Errorf("tokenizer: %s: %w", name, err)
	}
	for i := range s.scores {
		if endsWithNumberComma(s.pieces[i]) {
			s.scores[i] -= numberCommaPenalty
		}
	}
	v := newVocabulary(s.pieces)
	for _, t := range xlnetSpecials {
		if v.id(t) < 0 {
			return nil, fmt.Errorf("tokenizer: %s: found no piece %q among %d, expected an XLNet model", name, t, len(s.pieces))
		}
	}
	fields := &unigramFields{Type: "Unigram", Unknown: new(v.id("<unk>")), Vocab: scoredPieces{s.pieces, s.scores}}
	return named(name)(build(xlnetDocument(v, s.charsmap), fields))
}

// numberCommaPenalty keeps "1991," in two pieces, as encode_pieces of XLNet's
// prepro_utils.py does by cutting again.
const numberCommaPenalty = 100

// endsWithNumberComma reports whether a piece ends with a digit and a comma.
func endsWithNumberComma(piece string) bool {
	head, ok := strings.CutSuffix(piece, ",")
	return ok && head != "" && '0' <= head[len(head)-1] && head[len(head)-1] <= '9'
}

// xlnetDocument describes XLNet's tokenizer. Its words are cut at all blanks
// first, which comes closest to the original Python.
func xlnetDocument(v *vocabulary, charsmap []byte) document {
	type object = map[string]any
	quote := func(pattern string) object {
		return object{"type": "Replace", "pattern": object{"String": pattern}, "content": `"`}
	}
	steps := []object{
		quote("``"), quote("''"),
		{"type": "Replace", "pattern": object{"Regex": " {2,}"}, "content": " "},
		{"type": "NFKD"}, {"type": "StripAccents"},
	}
	if len(charsmap) > 0 {
		steps = append(steps, object{"type": "Precompiled", "precompiled_charsmap": base64.StdEncoding.EncodeToString(charsmap)})
	}
	meta := object{"type": "Metaspace", "replacement": "▁", "add_prefix_space": true, "prepend_scheme": "always"}
	d := document{
		Version:       "1.0",
		Normalizer:    stageOf(object{"type": "Sequence", "normalizers": steps}),
		PreTokenizer:  stageOf(object{"type": "Sequence", "pretokenizers": []object{{"type": "WhitespaceSplit"}, meta}}),
		PostProcessor: templateStage(v, "A <sep> <cls>:2", "A <sep> B:1 <sep>:1 <cls>:2"),
		Decoder:       stageOf(meta),
	}
	for _, t := range xlnetSpecials {
		d.AddedTokens = append(d.AddedTokens, addedToken{ID: v.id(t), Content: t, LStrip: t == "<mask>", Special: true})
	}
	return d
}

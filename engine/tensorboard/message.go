package tensorboard

import (
	"encoding/binary"
	"math"
	"time"
)

// fileVersion is what the first event of a file must say.
const fileVersion = "brain.Event:2"

// Wire types of protocol buffers.
const (
	varint  = 0
	fixed64 = 1
	bytes   = 2
	fixed32 = 5
)

// Fields of the messages Event, Summary and Summary.Value, as TensorFlow's event.proto and
// summary.proto number them.
const (
	eventWallTime    = 1 // double, seconds since 1970
	eventStep        = 2 // int64
	eventFileVersion = 3 // string
	eventSummary     = 5 // Summary
	summaryValue     = 1 // repeated Value
	valueTag         = 1 // string
	valueSimple      = 2 // float
)

// version is the Event that opens a file.
func version(wall time.Time) []byte {
	return appendBytes(appendWall(nil, wall), eventFileVersion, []byte(fileVersion))
}

// event is the Event that holds the figures of one step.
func event(wall time.Time, step int64, values []Scalar) []byte {
	var summary []byte
	for _, v := range values {
		summary = appendBytes(summary, summaryValue, value(v))
	}
	m := appendKey(appendWall(nil, wall), eventStep, varint)
	m = binary.AppendUvarint(m, uint64(step))
	return appendBytes(m, eventSummary, summary)
}

// value is the message Summary.Value.
func value(s Scalar) []byte {
	m := appendKey(appendBytes(nil, valueTag, []byte(s.Tag)), valueSimple, fixed32)
	return binary.LittleEndian.AppendUint32(m, math.Float32bits(float32(s.Value)))
}

func appendWall(to []byte, wall time.Time) []byte {
	seconds := float64(wall.Unix()) + float64(wall.Nanosecond())/1e9
	return binary.LittleEndian.AppendUint64(appendKey(to, eventWallTime, fixed64), math.Float64bits(seconds))
}

func appendKey(to []byte, field, wire int) []byte { return append(to, byte(field<<3|wire)) }

// appendBytes appends a field of the given bytes: a string or a message.
func appendBytes(to []byte, field int, data []byte) []byte {
	to = binary.AppendUvarint(appendKey(to, field, bytes), uint64(len(data)))
	return append(to, data...)
}

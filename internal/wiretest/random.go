// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"math/rand/v2"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// Random returns a message of m's type with random values, as protobuf writes it.
func (t Types) Random(r *rand.Rand, m wire.Message) ([]byte, error) {
	message := t.New(m)
	fill(r, message)
	return proto.Marshal(message)
}

func fill(r *rand.Rand, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		switch {
		case r.IntN(4) == 0: // not set
		case field.IsMap():
			for range r.IntN(4) {
				value := m.Mutable(field).Map().NewValue()
				m.Mutable(field).Map().Set(protoreflect.ValueOfString(text(r)).MapKey(), random(r, field.MapValue(), value))
			}
		case field.IsList():
			for range r.IntN(4) {
				list := m.Mutable(field).List()
				list.Append(random(r, field, list.NewElement()))
			}
		default:
			m.Set(field, random(r, field, m.NewField(field)))
		}
	}
}

// random is a value in the place of an empty one.
func random(r *rand.Rand, field protoreflect.FieldDescriptor, empty protoreflect.Value) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.MessageKind:
		fill(r, empty.Message())
		return empty
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text(r))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(text(r) + "\xff"))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(r.IntN(2) == 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(number(r)))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(number(r) << r.IntN(30))
	}
	return protoreflect.ValueOfInt32(int32(number(r)))
}

// number is small, great or negative.
func number(r *rand.Rand) int64 { return int64(int32(r.Uint32())) >> r.IntN(32) }

// text is of a length that takes one byte, or two, to tell.
func text(r *rand.Rand) string {
	return strings.Repeat(string([]rune("aé日😀\x00")[r.IntN(5)]), r.IntN(5)*r.IntN(5)*r.IntN(20))
}

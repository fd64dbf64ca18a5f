// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// Compare decodes data into m, a new message, and as protobuf does. It returns in what
// the two differ: whether they accept it, the values that they find, or what becomes of
// it when it is encoded again by either and read by the other.
func (t Types) Compare(m wire.Message, data []byte) error {
	theirs, failed := t.New(m), m.DecodeWire(data)
	refused := proto.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(data, theirs)
	switch {
	case failed == nil && refused != nil && strings.Contains(refused.Error(), "invalid UTF-8"):
		return nil // which protobuf refuses, and servers send
	case (failed == nil) != (refused == nil):
		return fmt.Errorf("error %v, protobuf's %v", failed, refused)
	case failed != nil:
		return nil
	}
	if err := same(theirs, reflect.ValueOf(m)); err != nil {
		return err
	}
	encoded, again := m.AppendWire(nil), t.New(m)
	if err := proto.Unmarshal(encoded, again); err != nil || !proto.Equal(again, theirs) {
		return fmt.Errorf("encoded as %x, which protobuf reads as %v, %v; want %v", encoded, again, err, theirs)
	}
	written, err := proto.Marshal(theirs)
	if err != nil {
		return err
	}
	back := New(m)
	if err := back.DecodeWire(written); err != nil || !bytes.Equal(back.AppendWire(nil), encoded) {
		return fmt.Errorf("protobuf's %x is read as %x, %v; want %x", written, back.AppendWire(nil), err, encoded)
	}
	return nil
}

// same compares the fields of a message with those that its struct has under the same
// names.
func same(theirs protoreflect.Message, ours reflect.Value) error {
	fields := theirs.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		getter := ours.MethodByName("Get" + camel(string(field.Name())))
		if !getter.IsValid() { // those of protobuf's own have not all of them
			getter = ours.Elem().FieldByName(camel(string(field.Name())))
		} else {
			getter = getter.Call(nil)[0]
		}
		if err := sameField(theirs, field, getter); err != nil {
			return fmt.Errorf("%s: %w", field.Name(), err)
		}
	}
	return nil
}

// camel is the name in Go of a field.
func camel(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		if part != "" {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		if part != "" && '0' <= part[0] && part[0] <= '9' && b.Len() > 0 {
			b.WriteByte('_')
		}
		b.WriteString(part)
	}
	return b.String()
}

func sameField(theirs protoreflect.Message, field protoreflect.FieldDescriptor, ours reflect.Value) error {
	value := theirs.Get(field)
	switch {
	case field.IsMap():
		if ours.Len() != value.Map().Len() {
			return fmt.Errorf("%d entries, want %d", ours.Len(), value.Map().Len())
		}
		var err error
		value.Map().Range(func(key protoreflect.MapKey, v protoreflect.Value) bool {
			err = sameValue(v, field.MapValue(), ours.MapIndex(reflect.ValueOf(key.String())))
			return err == nil
		})
		return err
	case field.IsList():
		if ours.Len() != value.List().Len() {
			return fmt.Errorf("%d elements, want %d", ours.Len(), value.List().Len())
		}
		for i := range ours.Len() {
			if err := sameValue(value.List().Get(i), field, ours.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case field.Message() != nil && theirs.Has(field) == ours.IsNil():
		return fmt.Errorf("a message is there: %v, want %v", !ours.IsNil(), theirs.Has(field))
	case field.Message() != nil && ours.IsNil():
		return nil
	}
	return sameValue(value, field, ours)
}

func sameValue(theirs protoreflect.Value, field protoreflect.FieldDescriptor, ours reflect.Value) error {
	if !ours.IsValid() {
		return fmt.Errorf("missing, want %v", theirs)
	}
	equal := false
	switch field.Kind() {
	case protoreflect.MessageKind:
		return same(theirs.Message(), ours)
	case protoreflect.EnumKind:
		equal = ours.Int() == int64(theirs.Enum())
	case protoreflect.Int32Kind, protoreflect.Int64Kind:
		equal = ours.Int() == theirs.Int()
	case protoreflect.BoolKind:
		equal = ours.Bool() == theirs.Bool()
	case protoreflect.StringKind:
		equal = ours.String() == theirs.String()
	case protoreflect.BytesKind:
		equal = bytes.Equal(ours.Bytes(), theirs.Bytes())
	}
	if !equal {
		return fmt.Errorf("%v, want %v", ours, theirs)
	}
	return nil
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package wiretest compares the generated messages of this module with what
// google.golang.org/protobuf makes of the same .proto files, for tests.
package wiretest

import (
	"fmt"
	"os"
	"reflect"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// Types are the messages of .proto files, by the names that they have in Go.
type Types map[string]protoreflect.MessageDescriptor

// Load reads what scripts/wirepb.sh keeps of the .proto files in a folder, and of
// those of protobuf's own that they import.
func Load(file string) (Types, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	set := new(descriptorpb.FileDescriptorSet)
	if err := proto.Unmarshal(data, set); err != nil {
		return nil, err
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, err
	}
	types := Types{}
	files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		for i := range file.Messages().Len() {
			types[string(file.Messages().Get(i).Name())] = file.Messages().Get(i)
		}
		return true
	})
	return types, nil
}

// Declared are the names of the messages, but for those of protobuf's own.
func (t Types) Declared() (names []string) {
	for name, message := range t {
		if message.ParentFile().Package() != "google.protobuf" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// New returns an empty message of protobuf's, of the type that m has.
func (t Types) New(m wire.Message) *dynamicpb.Message {
	return dynamicpb.NewMessage(t[reflect.TypeOf(m).Elem().Name()])
}

// JSON writes a message as recordings have it: with the names of the .proto file and
// the numbers of enums.
func (t Types) JSON(m wire.Message) ([]byte, error) {
	theirs := t.New(m)
	if err := proto.Unmarshal(m.AppendWire(nil), theirs); err != nil {
		return nil, err
	}
	if err := same(theirs, reflect.ValueOf(m)); err != nil {
		return nil, err
	}
	return protojson.MarshalOptions{UseProtoNames: true, UseEnumNumbers: true}.Marshal(theirs)
}

// FromJSON reads JSON into a message. Members that are not known are an error.
func (t Types) FromJSON(text []byte, m wire.Message) error {
	theirs := t.New(m)
	if err := protojson.Unmarshal(text, theirs); err != nil {
		return err
	}
	data, err := proto.Marshal(theirs)
	if err != nil {
		return err
	}
	if err := m.DecodeWire(data); err != nil {
		return fmt.Errorf("what protobuf writes: %w", err)
	}
	return same(theirs, reflect.ValueOf(m))
}

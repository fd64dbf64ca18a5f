// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// check refuses what is not written here.
func check(file *protogen.File) error {
	for _, s := range file.Services {
		for _, m := range s.Methods {
			if m.Desc.IsStreamingClient() {
				return fmt.Errorf("%s has a stream of requests", m.Desc.FullName())
			}
		}
	}
	return checkMessages(file.Messages)
}

func checkMessages(messages []*protogen.Message) error {
	for _, m := range messages {
		if m.Desc.IsMapEntry() {
			continue
		}
		if contains(m, m, nil) {
			return fmt.Errorf("%s contains itself: how deep messages are has no bound then", m.Desc.FullName())
		}
		for _, f := range m.Fields {
			if !known(f) {
				return fmt.Errorf("%s is of a kind that internal/wire/gen does not write", f.Desc.FullName())
			}
		}
		if err := checkMessages(m.Messages); err != nil {
			return err
		}
	}
	return nil
}

// contains tells whether m is a field of in, at any depth.
func contains(in, m *protogen.Message, seen []*protogen.Message) bool {
	if slices.Contains(seen, in) {
		return false
	}
	seen = append(seen, in)
	return slices.ContainsFunc(in.Fields, func(f *protogen.Field) bool {
		return f.Message != nil && (f.Message == m || contains(f.Message, m, seen))
	})
}

func known(f *protogen.Field) bool {
	switch d := f.Desc; {
	case d.HasOptionalKeyword():
		return false
	case d.IsMap():
		value := d.MapValue().Kind()
		return d.MapKey().Kind() == protoreflect.StringKind && (value == protoreflect.StringKind || value == protoreflect.MessageKind)
	case d.ContainingOneof() != nil:
		return d.Kind() == protoreflect.MessageKind
	case d.IsList():
		return slices.Contains([]protoreflect.Kind{protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind}, d.Kind())
	}
	return slices.Contains([]protoreflect.Kind{
		protoreflect.BoolKind, protoreflect.Int32Kind, protoreflect.EnumKind,
		protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind,
	}, f.Desc.Kind())
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// TestRefused: what no message has is refused, and not written wrongly.
func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct{ message, want string }{
		"strings, bytes, lists": {`field { name: "a" number: 1 type: TYPE_STRING label: LABEL_REPEATED } field { name: "b" number: 2 type: TYPE_BYTES label: LABEL_OPTIONAL }`, ""},
		"64 bits":               {`field { name: "a" number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL }`, "try.M.a"},
		"zigzag":                {`field { name: "a" number: 1 type: TYPE_SINT32 label: LABEL_OPTIONAL }`, "try.M.a"},
		"a float":               {`field { name: "a" number: 1 type: TYPE_FLOAT label: LABEL_OPTIONAL }`, "try.M.a"},
		"a list of numbers":     {`field { name: "a" number: 1 type: TYPE_INT32 label: LABEL_REPEATED }`, "try.M.a"},
		"optional":              {`field { name: "a" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL proto3_optional: true oneof_index: 0 } oneof_decl { name: "_a" }`, "try.M.a"},
		"one of strings":        {`field { name: "a" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 } oneof_decl { name: "of" }`, "try.M.a"},
		"a message in itself":   {`field { name: "a" number: 1 type: TYPE_MESSAGE type_name: ".try.M" label: LABEL_OPTIONAL }`, "try.M contains itself"},
		"a message in a list in itself": {`field { name: "a" number: 1 type: TYPE_MESSAGE type_name: ".try.M.N" label: LABEL_REPEATED }
			nested_type { name: "N" field { name: "b" number: 1 type: TYPE_MESSAGE type_name: ".try.M" label: LABEL_OPTIONAL } }`, "try.M contains itself"},
		"a map by numbers": {`field { name: "a" number: 1 type: TYPE_MESSAGE type_name: ".try.M.AEntry" label: LABEL_REPEATED }
			nested_type { name: "AEntry" options { map_entry: true } field { name: "key" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL } field { name: "value" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL } }`, "try.M.a"},
	} {
		file := new(descriptorpb.FileDescriptorProto)
		text := `name: "try.proto" package: "try" syntax: "proto3" options { go_package: "example.com/try" } message_type { name: "M" ` + tc.message + ` }`
		if err := prototext.Unmarshal([]byte(text), file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plugin, err := protogen.Options{}.New(&pluginpb.CodeGeneratorRequest{
			FileToGenerate: []string{"try.proto"}, Parameter: proto.String("paths=source_relative"), ProtoFile: []*descriptorpb.FileDescriptorProto{file},
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err = generate(plugin)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q", name, err, tc.want)
		}
		if written := plugin.Response().GetFile(); err == nil && (len(written) != 1 || !strings.Contains(written[0].GetContent(), "type M struct")) {
			t.Errorf("%s: written %v", name, written)
		}
	}
}

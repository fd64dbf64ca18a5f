// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Gen is a plugin of protoc, the compiler of .proto files: it writes plain structs,
// which package wire reads and writes, in place of those of protoc-gen-go, which bring
// reflection and a registry along. Names are the same. What of proto3 no message here
// uses, it refuses. scripts/wirepb.sh runs it.
package main

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
)

// Packages that generated code uses.
const (
	wirePackage    = protogen.GoImportPath("github.com/tshmcp/tshmcp/internal/wire")
	contextPackage = protogen.GoImportPath("context")
)

func main() { protogen.Options{}.Run(generate) }

func generate(plugin *protogen.Plugin) error {
	for _, file := range plugin.Files {
		if !file.Generate {
			continue
		}
		if err := check(file); err != nil {
			return fmt.Errorf("%s: %w", file.Desc.Path(), err)
		}
		g := plugin.NewGeneratedFile(file.GeneratedFilenamePrefix+".pb.go", file.GoImportPath)
		g.P("// Code generated from ", file.Desc.Path(), " by internal/wire/gen. DO NOT EDIT.")
		g.P()
		g.P("package ", file.GoPackageName)
		for _, enum := range file.Enums {
			writeEnum(g, enum)
		}
		for _, message := range file.Messages {
			writeMessage(g, message)
		}
		for _, service := range file.Services {
			writeService(g, service)
		}
	}
	return nil
}

// comment is what stands before a declaration in the .proto file, or what else says
// what it is.
func comment(written protogen.Comments, otherwise string) string {
	if written == "" {
		return "// " + otherwise + "\n"
	}
	return written.String()
}

func writeEnum(g *protogen.GeneratedFile, enum *protogen.Enum) {
	g.P()
	g.P(comment(enum.Comments.Leading, enum.GoIdent.GoName+" is "+string(enum.Desc.FullName())+"."), "type ", enum.GoIdent, " int32")
	g.P()
	g.P("const (")
	for _, value := range enum.Values {
		g.P(value.GoIdent, " ", enum.GoIdent, " = ", value.Desc.Number())
	}
	g.P(")")
}

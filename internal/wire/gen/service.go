// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
)

func writeService(g *protogen.GeneratedFile, s *protogen.Service) {
	g.P()
	g.P("// The methods of ", s.Desc.FullName(), " on the wire.")
	g.P("const (")
	for _, m := range s.Methods {
		g.P(fullMethod(m), ` = "/`, s.Desc.FullName(), "/", m.Desc.Name(), `"`)
	}
	g.P(")")
	writeClient(g, s)
	writeServer(g, s)
	writeDescription(g, s)
}

func fullMethod(m *protogen.Method) string {
	return m.Parent.GoName + "_" + m.GoName + "_FullMethodName"
}

func writeClient(g *protogen.GeneratedFile, s *protogen.Service) {
	client := s.GoName + "Client"
	g.P()
	g.P("// ", client, " calls ", s.Desc.FullName(), ".")
	g.P("type ", client, " struct{ Caller ", wirePackage.Ident("Caller"), " }")
	for _, m := range s.Methods {
		in, out := g.QualifiedGoIdent(messageIdent(m.Input)), g.QualifiedGoIdent(messageIdent(m.Output))
		g.P()
		function, result, each, name := "Call", fmt.Sprintf("(*%s, error)", out), "", ""
		if m.Desc.IsStreamingServer() {
			function, result, each, name = "Receive", "error", fmt.Sprintf(", each func(*%s) error", out), ", each"
		}
		g.P(comment(m.Comments.Leading, m.GoName+" calls the method of that name."),
			"func (c ", client, ") ", m.GoName, "(ctx ", contextPackage.Ident("Context"), ", in *", in, each, ") ", result, " {")
		g.P("return ", wirePackage.Ident(function), "[", out, "](ctx, c.Caller, ", fullMethod(m), ", in", name, ")")
		g.P("}")
	}
}

func writeServer(g *protogen.GeneratedFile, s *protogen.Service) {
	server := s.GoName + "Server"
	g.P()
	g.P("// ", server, " answers the calls of ", s.Desc.FullName(), ".")
	g.P("type ", server, " interface {")
	for _, m := range s.Methods {
		g.P(m.GoName, signature(g, m))
	}
	g.P("}")
	g.P()
	g.P("// Unimplemented", server, " answers that nothing is implemented.")
	g.P("type Unimplemented", server, " struct{}")
	for _, m := range s.Methods {
		g.P()
		g.P("// ", m.GoName, " is not implemented.")
		g.P("func (Unimplemented", server, ") ", m.GoName, signature(g, m), " {")
		failure := []any{"&", wirePackage.Ident("UnimplementedError"), `{Method: "`, m.Desc.Name(), `"}`}
		if m.Desc.IsStreamingServer() {
			g.P(append([]any{"return "}, failure...)...)
		} else {
			g.P(append([]any{"return nil, "}, failure...)...)
		}
		g.P("}")
	}
}

// signature is that of a method's implementation.
func signature(g *protogen.GeneratedFile, m *protogen.Method) string {
	ctx := g.QualifiedGoIdent(contextPackage.Ident("Context"))
	in, out := g.QualifiedGoIdent(messageIdent(m.Input)), g.QualifiedGoIdent(messageIdent(m.Output))
	if m.Desc.IsStreamingServer() {
		return fmt.Sprintf("(ctx %s, in *%s, send func(*%s) error) error", ctx, in, out)
	}
	return fmt.Sprintf("(ctx %s, in *%s) (*%s, error)", ctx, in, out)
}

func writeDescription(g *protogen.GeneratedFile, s *protogen.Service) {
	service := wirePackage.Ident("Service")
	g.P()
	g.P("// ", s.GoName, " describes the service, whose implementation is a ", s.GoName, "Server.")
	g.P("func ", s.GoName, "() ", service, " {")
	g.P("return ", service, `{Name: "`, s.Desc.FullName(), `", Methods: []`, wirePackage.Ident("Method"), "{")
	for _, m := range s.Methods {
		kind := "Unary"
		if m.Desc.IsStreamingServer() {
			kind = "Stream"
		}
		g.P(wirePackage.Ident(kind), `("`, m.Desc.Name(), `", `, s.GoName, "Server.", m.GoName, "),")
	}
	g.P("}}")
	g.P("}")
}

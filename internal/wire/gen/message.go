// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// wellKnown are messages of protobuf's own that package wire has.
var wellKnown = map[protoreflect.FullName]protogen.GoIdent{
	"google.protobuf.Empty":     wirePackage.Ident("Empty"),
	"google.protobuf.Timestamp": wirePackage.Ident("Timestamp"),
}

func messageIdent(m *protogen.Message) protogen.GoIdent {
	if ident, ok := wellKnown[m.Desc.FullName()]; ok {
		return ident
	}
	return m.GoIdent
}

func writeMessage(g *protogen.GeneratedFile, m *protogen.Message) {
	if m.Desc.IsMapEntry() {
		return
	}
	name := m.GoIdent.GoName
	g.P()
	g.P(comment(m.Comments.Leading, name+" is "+string(m.Desc.FullName())+"."), "type ", m.GoIdent, " struct {")
	for _, f := range m.Fields {
		switch {
		case f.Oneof == nil:
			g.P(f.Comments.Leading, f.GoName, " ", goType(g, f))
		case f == f.Oneof.Fields[0]:
			g.P(f.Oneof.Comments.Leading, f.Oneof.GoName, " is", f.Oneof.GoIdent)
		}
	}
	g.P("}")
	for _, oneof := range m.Oneofs {
		writeOneof(g, oneof)
	}
	for _, f := range m.Fields {
		writeGetter(g, m, f)
	}
	writeAppend(g, m)
	writeDecode(g, m)
	for _, enum := range m.Enums {
		writeEnum(g, enum)
	}
	for _, nested := range m.Messages {
		writeMessage(g, nested)
	}
}

func writeOneof(g *protogen.GeneratedFile, oneof *protogen.Oneof) {
	is := "is" + oneof.GoIdent.GoName
	g.P()
	g.P("type ", is, " interface{ ", is, "() }")
	for _, f := range oneof.Fields {
		g.P()
		g.P("// ", f.GoIdent, " is the field ", f.Desc.Name(), " of ", oneof.GoIdent, ".")
		g.P("type ", f.GoIdent, " struct{ ", f.GoName, " ", goType(g, f), " }")
		g.P()
		g.P("func (*", f.GoIdent, ") ", is, "() {}")
	}
}

func writeGetter(g *protogen.GeneratedFile, m *protogen.Message, f *protogen.Field) {
	g.P()
	g.P("// Get", f.GoName, " returns the field, or the zero value of it.")
	g.P("func (m *", m.GoIdent, ") Get", f.GoName, "() (v ", goType(g, f), ") {")
	switch {
	case f.Oneof == nil:
		g.P("if m != nil { v = m.", f.GoName, " }")
	default:
		g.P("if m == nil { return nil }")
		g.P("if one, ok := m.", f.Oneof.GoName, ".(*", f.GoIdent, "); ok { v = one.", f.GoName, " }")
	}
	g.P("return v")
	g.P("}")
}

func goType(g *protogen.GeneratedFile, f *protogen.Field) string {
	switch {
	case f.Desc.IsMap():
		return "map[string]" + goType(g, f.Message.Fields[1])
	case f.Desc.IsList():
		return "[]" + elementType(g, f)
	}
	return elementType(g, f)
}

func elementType(g *protogen.GeneratedFile, f *protogen.Field) string {
	switch f.Desc.Kind() {
	case protoreflect.MessageKind:
		return "*" + g.QualifiedGoIdent(messageIdent(f.Message))
	case protoreflect.EnumKind:
		return g.QualifiedGoIdent(f.Enum.GoIdent)
	case protoreflect.BytesKind:
		return "[]byte"
	}
	return f.Desc.Kind().String() // bool, int32, string: the same in Go
}

func writeAppend(g *protogen.GeneratedFile, m *protogen.Message) {
	g.P()
	g.P("// AppendWire appends the message to b.")
	g.P("func (m *", m.GoIdent, ") AppendWire(b []byte) []byte {")
	if len(m.Fields) > 0 {
		g.P("if m == nil { return b }")
	}
	for _, f := range m.Fields {
		field, number := "m."+f.GoName, f.Desc.Number()
		appendTo := func(function string, value string) string {
			return fmt.Sprintf("b = %s(b, %d, %s)", g.QualifiedGoIdent(wirePackage.Ident(function)), number, value)
		}
		switch {
		case f.Oneof != nil:
			g.P("if one, ok := m.", f.Oneof.GoName, ".(*", f.GoIdent, "); ok { ", appendTo("AppendMessage", "one."+f.GoName), " }")
		case f.Desc.IsList() && f.Message != nil:
			g.P("for _, v := range ", field, " { ", appendTo("AppendMessage", "v"), " }")
		case f.Desc.Kind() == protoreflect.MessageKind && !f.Desc.IsMap():
			g.P("if ", field, " != nil { ", appendTo("AppendMessage", field), " }")
		default:
			g.P(appendTo(appender(f), field))
		}
	}
	g.P("return b")
	g.P("}")
}

// appender is the function of package wire that appends a field, when it is set.
func appender(f *protogen.Field) string {
	kind := f.Desc.Kind()
	switch {
	case f.Desc.IsMap() && f.Desc.MapValue().Kind() == protoreflect.MessageKind:
		return "AppendMessageMap"
	case f.Desc.IsMap():
		return "AppendStringMap"
	case f.Desc.IsList() && kind == protoreflect.BytesKind:
		return "AppendByteLists"
	case f.Desc.IsList():
		return "AppendStrings"
	}
	return map[protoreflect.Kind]string{
		protoreflect.BoolKind: "AppendBool", protoreflect.Int32Kind: "AppendInt", protoreflect.EnumKind: "AppendInt",
		protoreflect.StringKind: "AppendString", protoreflect.BytesKind: "AppendBytes",
	}[kind]
}

func writeDecode(g *protogen.GeneratedFile, m *protogen.Message) {
	g.P()
	g.P("// DecodeWire adds what b holds to the message.")
	g.P("func (m *", m.GoIdent, ") DecodeWire(b []byte) error {")
	g.P("r := ", wirePackage.Ident("NewReader"), "(b)")
	g.P("for r.Next() {")
	if len(m.Fields) > 0 {
		g.P("switch r.Tag {")
		for _, f := range m.Fields {
			g.P("case ", f.Desc.Number(), "<<3 | ", wirePackage.Ident(wireType(f)), ": // ", f.Desc.Name())
			writeRead(g, f)
		}
		g.P("default:")
	}
	g.P("r.Skip()")
	if len(m.Fields) > 0 {
		g.P("}")
	}
	g.P("}")
	g.P("return r.Err()")
	g.P("}")
}

func wireType(f *protogen.Field) string {
	switch f.Desc.Kind() {
	case protoreflect.BoolKind, protoreflect.Int32Kind, protoreflect.EnumKind:
		return "Varint"
	}
	return "Bytes"
}

// writeRead writes how the value of a field is read.
func writeRead(g *protogen.GeneratedFile, f *protogen.Field) {
	field := "m." + f.GoName
	wire := func(name string) string { return g.QualifiedGoIdent(wirePackage.Ident(name)) }
	switch {
	case f.Desc.IsMap() && f.Desc.MapValue().Kind() == protoreflect.MessageKind:
		g.P(wire("MessageEntry"), "(&r, &", field, ")")
	case f.Desc.IsMap():
		g.P(wire("StringEntry"), "(&r, &", field, ")")
	case f.Oneof != nil:
		g.P("one, ok := m.", f.Oneof.GoName, ".(*", f.GoIdent, ")")
		g.P("if !ok {")
		g.P("one = new(", f.GoIdent, ")")
		g.P("m.", f.Oneof.GoName, " = one")
		g.P("}")
		g.P("r.Message(", wire("Of"), "(&one.", f.GoName, "))")
	case f.Desc.IsList() && f.Message != nil:
		g.P("r.Message(", wire("Another"), "(&", field, "))")
	case f.Message != nil:
		g.P("r.Message(", wire("Of"), "(&", field, "))")
	case f.Desc.IsList():
		g.P(field, " = append(", field, ", ", value(g, f), ")")
	default:
		g.P(field, " = ", value(g, f))
	}
}

// value is the expression that reads a value which is no message.
func value(g *protogen.GeneratedFile, f *protogen.Field) string {
	switch f.Desc.Kind() {
	case protoreflect.StringKind:
		return "r.String()"
	case protoreflect.BytesKind:
		return "r.Bytes()"
	case protoreflect.BoolKind:
		return "r.Varint() != 0"
	}
	return elementType(g, f) + "(r.Varint())"
}

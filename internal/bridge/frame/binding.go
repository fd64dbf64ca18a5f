// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const annotationName = "x-mcp-header"

// Binding says which argument of a tool is repeated in which Mcp-Param header.
type Binding struct {
	Header string   // behind Mcp-Param-
	path   []string // from the root of the arguments
	kind   string   // string, integer or boolean
}

// Bindings reads the annotations of a tool's input schema. An error means
// that clients over HTTP must not offer the tool (transport.md 1D.3).
func Bindings(tool []byte) ([]Binding, error) {
	schema := Lookup(tool, "inputSchema")
	if !bytes.Contains(schema, []byte(annotationName)) && !bytes.Contains(schema, []byte(`\u`)) {
		return nil, nil
	}
	w := &schemaWalk{used: map[string]bool{}}
	err := w.schema(schema, place{reachable: true})
	return w.found, err
}

// maxPath is how deep in the arguments one may be that is repeated.
const maxPath = 64

// BindingsSize is about how much memory the bindings of a tool take, in bytes.
func BindingsSize(all []Binding) (size int) {
	for _, b := range all {
		size += 64 + len(b.Header)
		for _, name := range b.path {
			size += 16 + len(name)
		}
	}
	return size
}

// schemaWalk visits every subschema.
type schemaWalk struct {
	found []Binding
	used  map[string]bool // header names in lower case
}

// place is where a subschema stands. Only what is reached through properties
// alone describes one certain argument.
type place struct {
	path      []string
	reachable bool
}

// schema visits one schema.
func (w *schemaWalk) schema(doc []byte, at place) error {
	if annotation := Lookup(doc, annotationName); annotation != nil {
		if err := w.annotation(doc, annotation, at); err != nil {
			return err
		}
	}
	var failed error
	EachMember(doc, func(name []byte, v Span) bool {
		failed = w.keyword(string(name), v.Of(doc), at)
		return failed == nil
	})
	return failed
}

// keyword visits the schemas in a keyword's value.
func (w *schemaWalk) keyword(name string, value []byte, at place) error {
	switch name {
	case annotationName, "default", "const", "enum", "example", "examples": // data, not schemas
		return nil
	case "properties":
		return w.named(value, at)
	case "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
		return w.named(value, place{})
	}
	return w.nested(value)
}

// named visits a map of schemas whose names are not keywords.
func (w *schemaWalk) named(doc []byte, at place) error {
	if len(at.path) == maxPath {
		at = place{}
	}
	var failed error
	EachMember(doc, func(name []byte, v Span) bool {
		path := append(slices.Clip(at.path), string(name))
		failed = w.schema(v.Of(doc), place{path: path, reachable: at.reachable})
		return failed == nil
	})
	return failed
}

// nested visits a schema, or a list of them, under any other keyword.
func (w *schemaWalk) nested(doc []byte) error {
	var failed error
	EachElement(doc, func(v Span) bool {
		failed = w.nested(v.Of(doc))
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return w.schema(doc, place{})
}

// annotation checks and records one annotation.
func (w *schemaWalk) annotation(schema, annotation []byte, at place) error {
	header, ok := DecodeString(annotation)
	kind, _ := LookupString(schema, "type")
	lower := strings.ToLower(header)
	switch {
	case !at.reachable || len(at.path) == 0:
		return errors.New(annotationName + " where it belongs to no single argument")
	case !ok || !IsToken(header):
		return errors.New(annotationName + " is no header name")
	case kind != "string" && kind != "integer" && kind != "boolean":
		return fmt.Errorf("%s %s on a type that is not string, integer or boolean", annotationName, header)
	case w.used[lower]:
		return fmt.Errorf("%s %s is used twice", annotationName, header)
	}
	w.used[lower] = true
	w.found = append(w.found, Binding{Header: header, path: at.path, kind: kind})
	return nil
}

// Value returns the header's value for a call with these arguments; ok is
// false if the header is to be left out (transport.md 1D.4).
func (bd *Binding) Value(arguments []byte) (value string, ok bool) {
	raw := Lookup(arguments, bd.path...)
	if len(raw) == 0 {
		return "", false
	}
	switch {
	case bd.kind == "string" && raw[0] == '"':
		text, ok := DecodeString(raw)
		return EncodeHeader(text), ok
	case bd.kind == "integer" && IsNumber(raw):
		return Integer(string(raw))
	case bd.kind == "boolean" && (raw[0] == 't' || raw[0] == 'f'):
		return string(raw), true
	}
	return "", false
}

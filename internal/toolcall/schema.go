// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Argument is one argument of a tool, as its schema declares it.
type Argument struct {
	Name        string `json:"name" yaml:"name"`
	Type        string `json:"type" yaml:"type"` // such as "string" or "array of integer", "any" if the schema has none
	Required    bool   `json:"required" yaml:"required"`
	Description string `json:"description" yaml:"description"`
	Values      []any  `json:"values,omitempty" yaml:"values,omitempty"`   // all that it may be, if that is few
	Default     any    `json:"default,omitempty" yaml:"default,omitempty"` // if it is left out

	title  string // for people
	kind   kind
	of     kind   // of an array's elements
	limits limits // of what may be typed
}

// schema is the JSON Schema of a tool's arguments, as far as a command line goes. A
// server may send anything: what is not understood allows everything.
type schema struct {
	doc        json.RawMessage
	properties []member // in the schema's order
	required   []string
}

// member is a member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// The bounds of a schema: one that refers to itself, or branches without end, is
// followed so far.
const (
	maxDepth      = 8
	maxProperties = 1000
)

func newSchema(doc json.RawMessage) schema {
	s := schema{doc: doc}
	top := object(doc)
	for _, p := range members(top["properties"]) {
		if !slices.ContainsFunc(s.properties, func(q member) bool { return q.name == p.name }) {
			s.properties = append(s.properties, p)
		}
	}
	_ = json.Unmarshal(top["required"], &s.required)
	return s
}

// object is a JSON object by names; nil if it is none.
func object(doc json.RawMessage) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	_ = json.Unmarshal(doc, &all)
	return all
}

// members are those of a JSON object in its order; none if it is none.
func members(doc json.RawMessage) []member {
	dec := json.NewDecoder(bytes.NewReader(doc))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		return nil
	}
	var all []member
	for dec.More() && len(all) < maxProperties {
		name, err := dec.Token()
		if err != nil {
			return nil
		}
		m := member{name: name.(string)} // the decoder refuses everything else
		if err := dec.Decode(&m.value); err != nil {
			return nil
		}
		all = append(all, m)
	}
	return all
}

// kind is what a value may be.
type kind struct {
	types []string // of JSON Schema, without doubles; none: anything
	enum  []option
	items json.RawMessage // schema of an array's elements
}

// option is one of the values that there are.
type option struct {
	value json.RawMessage
	title string // for people; may be empty
}

// options are values with their titles, of which there may be fewer, or none.
func options(values []json.RawMessage, titles []string) []option {
	var all []option
	for i, v := range values {
		o := option{value: v}
		if i < len(titles) {
			o.title = titles[i]
		}
		all = append(all, o)
	}
	return all
}

func (k kind) is(name string) bool { return slices.Contains(k.types, name) }

// kindOf is what a declaration allows. Of alternatives it allows what any of them
// does.
func (s schema) kindOf(decl json.RawMessage) kind {
	steps := 0
	return s.follow(decl, 0, &steps)
}

func (s schema) follow(decl json.RawMessage, depth int, steps *int) kind {
	if *steps++; depth > maxDepth || *steps > maxProperties {
		return kind{}
	}
	node := object(decl)
	if target, ok := s.target(node["$ref"]); ok {
		return s.follow(target, depth+1, steps)
	}
	k := kind{types: typesOf(node["type"]), items: node["items"]}
	var values []json.RawMessage
	var titles []string
	_, _ = json.Unmarshal(node["enum"], &values), json.Unmarshal(node["enumNames"], &titles)
	k.enum = options(values, titles)
	if only := node["const"]; only != nil {
		k.enum = options([]json.RawMessage{only}, []string{textOf(node["title"])})
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf"} {
		var parts []json.RawMessage
		if _ = json.Unmarshal(node[name], &parts); len(parts) > 0 {
			k = k.or(s.union(parts, name == "allOf", depth, steps), len(k.types) == 0)
		}
	}
	return k
}

// union is what any of the parts allows. Where all of them hold, those that allow
// everything say nothing.
func (s schema) union(parts []json.RawMessage, allHold bool, depth int, steps *int) kind {
	var all kind
	open, closed := false, true
	for _, part := range parts {
		k := s.follow(part, depth+1, steps)
		free := len(k.enum) == 0
		if free && len(k.types) == 0 && allHold {
			continue
		}
		open = open || free && len(k.types) == 0
		closed = closed && (!free || slices.Equal(k.types, []string{"null"}))
		all = all.or(k, true)
	}
	if open {
		return kind{items: all.items}
	}
	if !closed {
		all.enum = nil
	}
	return all
}

// or adds what the other allows; types only if they are not told already.
func (k kind) or(other kind, types bool) kind {
	if types {
		for _, t := range other.types {
			if !k.is(t) {
				k.types = append(k.types, t)
			}
		}
	}
	k.enum = append(k.enum, other.enum...)
	if k.items == nil {
		k.items = other.items
	}
	return k
}

// target follows a reference inside the document.
func (s schema) target(ref json.RawMessage) (json.RawMessage, bool) {
	var pointer string
	if json.Unmarshal(ref, &pointer) != nil || !strings.HasPrefix(pointer, "#/") {
		return nil, false
	}
	at := s.doc
	for _, step := range strings.Split(pointer[2:], "/") {
		next, ok := object(at)[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		if !ok {
			return nil, false
		}
		at = next
	}
	return at, true
}

// typesOf reads a name or a list of names; others than JSON Schema's are none.
func typesOf(doc json.RawMessage) []string {
	var names []string
	if json.Unmarshal(doc, &names) != nil {
		names = make([]string, 1)
		_ = json.Unmarshal(doc, &names[0])
	}
	known := []string{"string", "number", "integer", "boolean", "array", "object", "null"}
	return slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(known, name) })
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"
)

// maxValues is how many values of an argument are told.
const maxValues = 20

// declared are the arguments in the schema's order.
func (s schema) declared() []Argument {
	all := []Argument{}
	for _, p := range s.properties {
		k := s.kindOf(p.value)
		node := object(p.value)
		a := Argument{
			Name: p.name, Type: s.typeText(k, 0), Required: slices.Contains(s.required, p.name),
			Description: textOf(node["description"]), Default: decoded(node["default"]),
			title: textOf(node["title"]), kind: k, limits: limitsOf(p.value),
		}
		if k.is("array") {
			a.of = s.kindOf(k.items)
		}
		if len(k.enum) <= maxValues {
			for _, o := range k.enum {
				a.Values = append(a.Values, decoded(o.value))
			}
		}
		all = append(all, a)
	}
	return all
}

// textOf is a JSON text; empty if it is none.
func textOf(doc json.RawMessage) string {
	var text string
	_ = json.Unmarshal(doc, &text)
	return text
}

// arguments are those that a tool declares, required ones first.
func (s schema) arguments() []Argument {
	all := s.declared()
	sort.SliceStable(all, func(i, j int) bool { return all[i].Required && !all[j].Required })
	return all
}

// typeText names the types of a value.
func (s schema) typeText(k kind, depth int) string {
	names := slices.Clone(k.types)
	if len(names) == 0 && len(k.enum) > 0 {
		names = typesOfValues(k.enum)
	}
	for i, name := range names {
		if name == "array" && k.items != nil && depth < maxDepth {
			names[i] = "array of " + s.typeText(s.kindOf(k.items), depth+1)
		}
	}
	if len(names) == 0 {
		return "any"
	}
	return strings.Join(names, " or ")
}

// typesOfValues are the types that values have.
func typesOfValues(values []option) []string {
	var types []string
	for _, o := range values {
		if t := typeOf(o.value); !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// typeOf is the type of a JSON value.
func typeOf(doc json.RawMessage) string {
	switch v := decoded(doc).(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case number:
		if v.isInteger() {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}

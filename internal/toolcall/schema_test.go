// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// What a declaration allows, in the words of the table of arguments.
func TestTypes(t *testing.T) {
	const defs = `"$defs":{"Mode":{"enum":["fast","slow"]},"Loop":{"$ref":"#/$defs/Loop"},"a/b~c":{"type":"integer"},
		"Both":{"anyOf":[{"$ref":"#/$defs/Both"},{"$ref":"#/$defs/Both"}]}}`
	for decl, want := range map[string]string{
		`{"type":"string"}`:                                         "string",
		`{"type":["string","null"]}`:                                "string or null",
		`{"type":"array","items":{"type":"integer"}}`:               "array of integer",
		`{"type":"array","items":{"type":"array"}}`:                 "array of array",
		`{"anyOf":[{"type":"integer"},{"type":"null"}]}`:            "integer or null",
		`{"oneOf":[{"type":"string"},{"type":"array","items":{}}]}`: "string or array of any",
		`{"anyOf":[{"type":"string"},{}]}`:                          "any",
		`{"allOf":[{"$ref":"#/$defs/Mode"},{"description":"x"}]}`:   "string",
		`{"$ref":"#/$defs/Mode"}`:                                   "string",
		`{"$ref":"#/$defs/a~1b~0c"}`:                                "integer",
		`{"enum":["a",1,null]}`:                                     "string or integer or null",
		`{"const":true}`:                                            "boolean",
		`{"type":"object","properties":{}}`:                         "object",
		`{}`:                                                        "any",
		`true`:                                                      "any",
		`null`:                                                      "any",
		`"string"`:                                                  "any",
		`{"type":"\u001b[31mred"}`:                                  "any",
		`{"type":{"string":1}}`:                                     "any",
		`{"type":["string","string",7]}`:                            "any",
		`{"enum":7}`:                                                "any",
		`{"$ref":"#/$defs/Loop"}`:                                   "any",
		`{"$ref":"#/$defs/Both"}`:                                   "any",
		`{"$ref":"https://example.com/schema.json"}`:                "any",
		`{"$ref":"#/$defs/nosuch"}`:                                 "any",
		`{"anyOf":[]}`:                                              "any",
		`{"anyOf":{}}`:                                              "any",
		strings.Repeat(`{"anyOf":[`, 500) + `{}` + strings.Repeat(`]}`, 500): "any",
	} {
		s := newSchema(json.RawMessage(`{"type":"object","properties":{"x":` + decl + `},` + defs + `}`))
		all := s.arguments()
		if len(all) != 1 || all[0].Type != want {
			t.Errorf("%.80s: %+v, want %s", decl, all, want)
		}
	}
}

// The order is the schema's, required ones first; what may be said is said.
func TestArguments(t *testing.T) {
	s := newSchema(json.RawMessage(`{"type":"object","required":["z","nosuch"],"properties":{
		"b":{"type":"integer","default":10},"a":{"enum":["x","y",null],"description":"which"},"z":{"type":"string"},"b":{"type":"string"}}}`))
	var got []string
	for _, a := range s.arguments() {
		got = append(got, fmt.Sprintf("%s %s %v: %s", a.Name, a.Type, a.Required, a.meaning()))
	}
	want := "z string true: |b integer false: (default: 10)|a string or null false: which [x, y, null]"
	if strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
}

// What a server calls a schema may be anything, and of any size.
func TestHostileSchemas(t *testing.T) {
	var wide strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&wide, `"p%d":{"anyOf":[{"type":"string"},{"type":"null"}]},`, i)
	}
	for _, doc := range []string{
		``, `null`, `[]`, `7`, `{"properties":[]}`, `{"properties":{"x"`, `{"required":"x","properties":{"x":1}}`,
		`{"properties":{"` + strings.Repeat("x", 1<<20) + `":{}}}`,
		`{"properties":{` + wide.String() + `"z":{}}}`,
		`{"properties":{"x":` + strings.Repeat(`{"items":`, 9000) + `{}` + strings.Repeat(`}`, 9000) + `}}`,
	} {
		began := time.Now()
		s := newSchema(json.RawMessage(doc))
		tool := Tool{Name: "t", Arguments: s.arguments(), schema: s}
		if len(tool.Arguments) > maxProperties || len([]rune(tool.signature())) > longestSignature {
			t.Errorf("%.40s: %d arguments", doc, len(tool.Arguments))
		}
		for _, a := range tool.Arguments {
			a.meaning()
		}
		if d := time.Since(began); d > 5*time.Second {
			t.Errorf("%.40s: took %v", doc, d)
		}
	}
}

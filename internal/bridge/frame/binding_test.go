// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/json"
	"strings"
	"testing"
)

func schemaTool(name, schema string) string {
	return `{"name":"` + name + `","inputSchema":` + schema + `}`
}

func TestBindings(t *testing.T) {
	property := func(body string) string { return `{"type":"object","properties":{"a":` + body + `}}` }
	good := map[string]struct{ schema, want string }{
		"none":             {`{"type":"object"}`, ""},
		"no schema object": {`true`, ""},
		"string":           {property(`{"type":"string","x-mcp-header":"Region"}`), "Region=a:string"},
		"integer":          {property(`{"type":"integer","x-mcp-header":"N"}`), "N=a:integer"},
		"boolean":          {property(`{"type":"boolean","x-mcp-header":"B"}`), "B=a:boolean"},
		"nested":           {property(`{"type":"object","properties":{"b":{"type":"string","x-mcp-header":"Deep"}}}`), "Deep=a.b:string"},
		"token":            {property("{\"type\":\"string\",\"x-mcp-header\":\"a-Z0!#$%&'*+.^_`|~\"}"), "a-Z0!#$%&'*+.^_`|~=a:string"},
		"escaped name":     {property(`{"type":"string","x-mcp-\u0068eader":"R"}`), "R=a:string"},
		"in data":          {property(`{"type":"object","default":{"x-mcp-header":"X"},"examples":[{"x-mcp-header":""}],"const":{"x-mcp-header":1}}`), ""},
		"property of that name": {
			`{"type":"object","properties":{"x-mcp-header":{"type":"string"},"items":{"type":"string","x-mcp-header":"I"}}}`, "I=items:string"},
	}
	for name, tt := range good {
		found, err := Bindings([]byte(schemaTool("t", tt.schema)))
		var got []string
		for _, bd := range found {
			got = append(got, bd.Header+"="+strings.Join(bd.path, ".")+":"+bd.kind)
		}
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v %v", name, got, err)
		}
	}
	ann := `{"type":"string","x-mcp-header":"H"}`
	bad := map[string]string{
		"empty":             property(`{"type":"string","x-mcp-header":""}`),
		"no string":         property(`{"type":"string","x-mcp-header":5}`),
		"null":              property(`{"type":"string","x-mcp-header":null}`),
		"space":             property(`{"type":"string","x-mcp-header":"a b"}`),
		"colon":             property(`{"type":"string","x-mcp-header":"a:"}`),
		"line end":          property(`{"type":"string","x-mcp-header":"a\n"}`),
		"not ASCII":         property(`{"type":"string","x-mcp-header":"é"}`),
		"number":            property(`{"type":"number","x-mcp-header":"H"}`),
		"object":            property(`{"type":"object","x-mcp-header":"H"}`),
		"no type":           property(`{"x-mcp-header":"H"}`),
		"two types":         property(`{"type":["string","null"],"x-mcp-header":"H"}`),
		"root":              `{"type":"string","x-mcp-header":"H"}`,
		"used twice":        `{"properties":{"a":{"type":"string","x-mcp-header":"Same"},"b":{"type":"string","x-mcp-header":"sAME"}}}`,
		"items":             property(`{"type":"array","items":` + ann + `}`),
		"prefixItems":       property(`{"prefixItems":[{},` + ann + `]}`),
		"oneOf":             property(`{"oneOf":[` + ann + `]}`),
		"anyOf":             `{"anyOf":[{"properties":{"a":` + ann + `}}]}`,
		"allOf":             `{"allOf":[{"properties":{"a":` + ann + `}}]}`,
		"not":               property(`{"not":` + ann + `}`),
		"if":                `{"if":{"properties":{"a":` + ann + `}}}`,
		"then":              `{"then":{"properties":{"a":` + ann + `}}}`,
		"$defs":             `{"$defs":{"d":` + ann + `}}`,
		"definitions":       `{"definitions":{"d":{"properties":{"a":` + ann + `}}}}`,
		"patternProperties": `{"patternProperties":{"^x":` + ann + `}}`,
		"additional":        `{"additionalProperties":` + ann + `}`,
		"dependentSchemas":  `{"dependentSchemas":{"d":` + ann + `}}`,
		"unevaluated":       `{"unevaluatedProperties":` + ann + `}`,
		"below items":       property(`{"items":{"properties":{"b":` + ann + `}}}`),
	}
	for name, schema := range bad {
		if !json.Valid([]byte(schema)) {
			t.Fatalf("%s: the test is wrong", name)
		}
		if found, err := Bindings([]byte(schemaTool("t", schema))); err == nil {
			t.Errorf("%s: accepted: %v", name, found)
		}
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"maps"
	"testing"
)

func tool(name, schema string) string { return `{"name":"` + name + `","inputSchema":` + schema + `}` }

func TestParamHeaders(t *testing.T) {
	box := newToolHeaders()
	box.learn([][]byte{[]byte(tool("t", `{"properties":{
		"s":{"type":"string","x-mcp-header":"S"},"n":{"type":"integer","x-mcp-header":"N"},"b":{"type":"boolean","x-mcp-header":"B"},
		"o":{"type":"object","properties":{"p":{"type":"string","x-mcp-header":"P"}}}}}`))})
	tests := []struct {
		arguments string
		want      map[string]string
	}{
		{`{"s":"x","n":42,"b":true,"o":{"p":"deep"}}`, map[string]string{"S": "x", "N": "42", "B": "true", "P": "deep"}},
		{`{"s":"","n":42.0,"b":false}`, map[string]string{"S": "=?base64??=", "N": "42", "B": "false"}},
		{`{"s":"é\t","n":-9007199254740991}`, map[string]string{"S": "=?base64?w6kJ?=", "N": "-9007199254740991"}},
		{`{"s":null,"n":null,"b":null,"o":null}`, nil},
		{`{"s":5,"n":"5","b":"true","o":"p"}`, nil},
		{`{"n":9007199254740993}`, nil},
		{`{"n":1.5}`, nil},
		{`{"o.p":"x","o":{"q":"y"}}`, nil},
		{`{}`, nil},
		{`[]`, nil},
	}
	for _, tt := range tests {
		got := box.arguments([]byte(`{"name":"t","arguments":` + tt.arguments + `}`))
		if !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.arguments, got, tt.want)
		}
	}
	box.forget()
	if got := box.arguments([]byte(`{"name":"t","arguments":{"s":"x"}}`)); len(got) != 0 {
		t.Errorf("after a change of the tools: %v", got)
	}
}

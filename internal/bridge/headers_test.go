// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEncodeHeader(t *testing.T) {
	b64 := func(s string) string { return "=?base64?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	plain := []string{"a", "get_weather", "a b", "x=y", "=?base64?", "=?base64?abc", "abc?=", "=?BASE64?YQ==?=", "~!@#$%^&*()", "file:///a%20b"}
	for _, s := range plain {
		if got := encodeHeader(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	encoded := []string{"", " ", " a", "a ", "\ta", "a\tb", "a\t", "é", "日本", "a\nb", "a\r\nX: y", "\x00", "\x7f", "=?base64?YQ==?=", "=?base64??=", "=?base64?x?="}
	for _, s := range encoded {
		if got := encodeHeader(s); got != b64(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// decodeHeader is the server's side of the codec.
func decodeHeader(v string) (string, bool) {
	inner, ok := strings.CutPrefix(v, base64Prefix)
	if inner, ok2 := strings.CutSuffix(inner, base64Suffix); ok && ok2 {
		raw, err := base64.StdEncoding.DecodeString(inner)
		return string(raw), err == nil
	}
	return v, true
}

func FuzzHeader(f *testing.F) {
	f.Add("get_weather")
	f.Add(" =?base64?é?=\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		v := encodeHeader(text)
		if got, ok := decodeHeader(v); !ok || got != text {
			t.Fatalf("%q became %q, which is %q", text, v, got)
		}
		if v == "" || v != strings.TrimSpace(v) || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
			t.Fatalf("%q became %q, which no header carries", text, v)
		}
	})
}

func TestIntegerLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"42": "42", "0": "0", "-0": "0", "-7": "-7", "42.0": "42", "42.000": "42", "4.2e1": "42", "4.2E+1": "42", "420e-1": "42", "-1.5e1": "-15",
		"9007199254740991": "9007199254740991", "-9007199254740991": "-9007199254740991", "1e15": "1000000000000000", "0e99": "0", "0.0": "0", "0e-5": "0",
		"9007199254740992": "", "1e16": "", "1.5": "", "1e-1": "", "1e999999999999": "", "0.1": "", "9007199254740990.5": "", "1e400": "",
	} {
		got, ok := integerLiteral(in)
		if ok != (want != "") || got != want {
			t.Errorf("%s: %q %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzIntegerLiteral(f *testing.F) {
	f.Add("42.0")
	f.Add("-1.50e2")
	f.Fuzz(func(t *testing.T, literal string) {
		if len(literal) > 40 || !json.Valid([]byte(literal)) || literal == "" || literal[0] != '-' && (literal[0] < '0' || literal[0] > '9') {
			return
		}
		if strings.TrimSpace(literal) != literal {
			return
		}
		if _, exponent, ok := strings.Cut(strings.ToLower(literal), "e"); ok && len(exponent) > 4 {
			return
		}
		got, ok := integerLiteral(literal)
		want, valid := new(big.Rat).SetString(literal)
		if !valid {
			return
		}
		limit := big.NewInt(maxSafeInteger)
		isInt := want.IsInt() && want.Num().CmpAbs(limit) <= 0
		if ok != isInt || ok && got != want.Num().String() {
			t.Errorf("%s: %q %v, want %s", literal, got, ok, want)
		}
	})
}

func tool(name, schema string) string { return `{"name":"` + name + `","inputSchema":` + schema + `}` }

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
		found, err := bindingsOf([]byte(tool("t", tt.schema)))
		var got []string
		for _, bd := range found {
			got = append(got, bd.header+"="+strings.Join(bd.path, ".")+":"+bd.kind)
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
		if found, err := bindingsOf([]byte(tool("t", schema))); err == nil {
			t.Errorf("%s: accepted: %v", name, found)
		}
	}
}

func TestParamHeaders(t *testing.T) {
	var box toolbox
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
		h := http.Header{}
		box.stamp(h, []byte(`{"name":"t","arguments":`+tt.arguments+`}`))
		if len(h) != len(tt.want) {
			t.Errorf("%s: %v", tt.arguments, h)
		}
		for name, want := range tt.want {
			if got := h.Get("Mcp-Param-" + name); got != want {
				t.Errorf("%s: %s is %q, want %q", tt.arguments, name, got, want)
			}
		}
	}
	h := http.Header{}
	box.forget()
	box.stamp(h, []byte(`{"name":"t","arguments":{"s":"x"}}`))
	if len(h) != 0 {
		t.Errorf("after a change of the tools: %v", h)
	}
}

func TestCutElements(t *testing.T) {
	doc := `{"a":[ 0 , 1 ,2,3 ],"b":1}`
	var at []span
	list, _ := find([]byte(doc), "a")
	eachElement(list.of([]byte(doc)), func(v span) bool {
		at = append(at, span{list.start + v.start, list.start + v.end})
		return true
	})
	for want, drop := range map[string][]int{
		doc:                        {},
		`{"a":[ 1 ,2,3 ],"b":1}`:   {0},
		`{"a":[ 0 , 1 ,2 ],"b":1}`: {3},
		`{"a":[ 0 , 3 ],"b":1}`:    {2, 1},
		`{"a":[ 1 ],"b":1}`:        {0, 2, 3},
		`{"a":[  ],"b":1}`:         {3, 1, 2, 0},
		`{"a":[ 0 ],"b":1}`:        {1, 2, 3},
		`{"a":[ 2 ],"b":1}`:        {0, 1, 3},
		`{"a":[ 0 , 2 ],"b":1}`:    {1, 3},
	} {
		if got := string(cutElements([]byte(doc), at, drop)); got != want {
			t.Errorf("without %v: %s, want %s", drop, got, want)
		}
	}
}

// Cutting elements out must leave a valid text that encoding/json reads as the
// list without them, and every other byte where it was.
func FuzzCutElements(f *testing.F) {
	f.Add([]byte(`{"result":{"tools":[{"name":"a"} , {"name":"b"},3]},"x":[1]}`), uint(0b010))
	f.Add([]byte(`{"result":{"tools":[ ]}}`), uint(1))
	f.Fuzz(func(t *testing.T, doc []byte, mask uint) {
		if !json.Valid(doc) || !utf8.Valid(doc) {
			return
		}
		list, ok := find(doc, "result", "tools")
		if !ok {
			return
		}
		var at []span
		var drop []int
		var want []json.RawMessage
		eachElement(list.of(doc), func(v span) bool {
			v = span{list.start + v.start, list.start + v.end}
			if at = append(at, v); mask>>(len(at)-1)&1 == 1 {
				drop = append(drop, len(at)-1)
			} else {
				want = append(want, v.of(doc))
			}
			return true
		})
		out := cutElements(doc, at, drop)
		if !json.Valid(out) {
			t.Fatalf("%s became %s", doc, out)
		}
		var got []json.RawMessage
		cut, _ := find(out, "result", "tools")
		eachElement(cut.of(out), func(v span) bool { got = append(got, v.of(cut.of(out))); return true })
		if len(got) != len(want) {
			t.Fatalf("%s without %v became %s", doc, drop, out)
		}
		for i := range want {
			if string(got[i]) != string(want[i]) {
				t.Fatalf("element %d of %s", i, out)
			}
		}
		if string(out[:cut.start]) != string(doc[:list.start]) || string(out[cut.end:]) != string(doc[list.end:]) {
			t.Fatalf("%s became %s", doc, out)
		}
	})
}

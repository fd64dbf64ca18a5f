// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"strings"
	"testing"
)

// A text becomes what the declaration allows, or is refused with the reason.
func TestValues(t *testing.T) {
	for _, tt := range []struct{ decl, typed, want string }{
		{`{"type":"string"}`, `5`, `"5"`},
		{`{"type":"string"}`, `true`, `"true"`},
		{`{"type":"string"}`, ``, `""`},
		{`{"type":"string"}`, "\x1b\n\"<é>\\", `"\u001b\n\"<é>\\"`},
		{`{"type":["string","null"]}`, `null`, `"null"`},
		{`{"type":"string"}`, `{"a":1}`, `"{\"a\":1}"`},
		{`{"type":"integer"}`, `123456789012345678901`, `123456789012345678901`},
		{`{"type":"integer"}`, `-0`, `-0`},
		{`{"type":"integer"}`, ` 7 `, `7`},
		{`{"type":"integer"}`, `7.0`, `takes an integer, not "7.0"`},
		{`{"type":"integer"}`, `007`, `takes an integer, not "007"`},
		{`{"type":"integer"}`, ``, `takes an integer, not ""`},
		{`{"type":"integer"}`, `+1`, `takes an integer, not "+1"`},
		{`{"type":"number"}`, `1.50e-3`, `1.50e-3`},
		{`{"type":"number"}`, `.5`, `takes a number, not ".5"`},
		{`{"type":"number"}`, `NaN`, `takes a number, not "NaN"`},
		{`{"type":"number"}`, `1,5`, `takes a number, not "1,5"`},
		{`{"type":"boolean"}`, `false`, `false`},
		{`{"type":"boolean"}`, `yes`, `takes a boolean, not "yes"`},
		{`{"type":["integer","null"]}`, `null`, `null`},
		{`{"type":["integer","string"]}`, `5`, `5`},
		{`{"type":["integer","string"]}`, `five`, `"five"`},
		{`{"type":"null"}`, `x`, `takes a null, not "x"`},
		{`{"type":"object"}`, `{"a": [1, 2]}`, `{"a":[1,2]}`},
		{`{"type":"object"}`, `a`, `takes an object, not "a"`},
		{`{"type":"object"}`, `{"a"}`, `is not valid JSON`},
		{`{"type":"array","items":{"type":"integer"}}`, `[1, 2]`, `[1,2]`},
		{`{"type":"array","items":{"type":"integer"}}`, `1`, `[1]`},
		{`{"type":"array","items":{"type":"integer"}}`, `x`, `takes an integer, not "x"`},
		{`{"type":"array","items":{"type":"string"}}`, `a,b`, `["a,b"]`},
		{`{"type":"array"}`, `5`, `[5]`},
		{`{"type":["array","string"]}`, `[x`, `"[x"`},
		{`{"type":["array","string"]}`, `["x"]`, `["x"]`},
		{`{"enum":["fast","slow"]}`, `slow`, `"slow"`},
		{`{"enum":[1,2,null]}`, `2`, `2`},
		{`{"enum":[1,2,null]}`, `null`, `null`},
		{`{"enum":["1",1]}`, `1`, `"1"`},
		{`{"type":"string","enum":["fast","slow"]}`, `Slow`, `takes one of these: fast, slow; not "Slow"`},
		{`{}`, `5`, `5`},
		{`{}`, `"5"`, `"5"`},
		{`{}`, `5 apples`, `"5 apples"`},
		{`{}`, `{"a"`, `"{\"a\""`},
		{`{"type":"nonsense"}`, `x`, `"x"`},
	} {
		s := newSchema(json.RawMessage(`{"properties":{"x":` + tt.decl + `}}`))
		decl, _ := s.lookup("x")
		got, err := s.encode(s.kindOf(decl), []string{tt.typed})
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), tt.want), err == nil && string(got) != tt.want:
			t.Errorf("%s %q: %s %v, want %s", tt.decl, tt.typed, got, err, tt.want)
		case err == nil && !json.Valid(got):
			t.Errorf("%s %q: %s is not valid", tt.decl, tt.typed, got)
		}
	}
}

// A key that is repeated makes a list.
func TestRepeatedKeys(t *testing.T) {
	for decl, want := range map[string]string{
		`{"type":"array","items":{"type":"integer"}}`:                            `[1,2]`,
		`{"type":"array","items":{"type":"array"}}`:                              `[[1],[2]]`,
		`{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"null"}]}`: `["1","2"]`,
		`{}`:                `[1,2]`,
		`{"type":"string"}`: `was given 2 times but takes one value`,
	} {
		s := newSchema(nil)
		got, err := s.encode(s.kindOf(json.RawMessage(decl)), []string{"1", "2"})
		if err != nil && err.Error() != want || err == nil && string(got) != want {
			t.Errorf("%s: %s %v, want %s", decl, got, err, want)
		}
	}
}

func TestChoiceIsShort(t *testing.T) {
	var values []option
	for range 10_000 {
		values = append(values, option{value: quote(strings.Repeat("v", 1000))})
	}
	_, err := choice(values, strings.Repeat("x", 10_000))
	if err == nil || len(err.Error()) > 2*longestSaid {
		t.Errorf("%d bytes", len(err.Error()))
	}
}

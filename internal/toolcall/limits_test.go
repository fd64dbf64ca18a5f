// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestLimits: what a schema asks of a value is told in words, and held.
func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		decl  string
		told  string
		takes []string // as they are typed
		not   [][2]string
	}{
		{`{"type":"string"}`, "", []string{"x"}, nil},
		{`{"type":"string","minLength":2,"maxLength":3}`, "2 to 3 characters", []string{"ab", "äöü"}, [][2]string{{"a", "takes 2 to 3 characters"}, {"abcd", "takes 2 to 3 characters"}}},
		{`{"type":"string","minLength":1}`, "at least 1 character", []string{"a"}, nil},
		{`{"type":"string","minLength":0,"maxLength":1}`, "at most 1 character", []string{"a"}, [][2]string{{"ab", "takes at most 1 character"}}},
		{`{"type":"string","minLength":4,"maxLength":4}`, "exactly 4 characters", []string{"abcd"}, [][2]string{{"ab", "takes exactly 4 characters"}}},
		{`{"type":"string","pattern":"^[a-z]+$"}`, "matches ^[a-z]+$", []string{"abc"}, [][2]string{{"A", "takes what matches ^[a-z]+$"}}},
		{`{"type":"string","pattern":"(?!x)["}`, "matches (?!x)[", []string{"x"}, nil}, // of another kind of expressions
		{`{"type":"string","format":"email"}`, "an email address", []string{"ada@example.com"}, [][2]string{{"ada", "takes an email address"}, {"Ada <ada@example.com>", "takes an email address"}}},
		{`{"type":"string","format":"uri"}`, "an address such as https://example.com", []string{"https://example.com/x", "mailto:x@y"}, [][2]string{{"example", "takes an address such as https://example.com"}}},
		{`{"type":"string","format":"date"}`, "a date such as 2026-01-31", []string{"2024-02-29"}, [][2]string{{"2023-02-29", "takes a date such as 2026-01-31"}, {"1.2.2026", "takes a date such as 2026-01-31"}}},
		{`{"type":"string","format":"date-time"}`, "a time such as 2026-01-31T12:00:00Z", []string{"2026-01-31T12:00:00+01:00"}, [][2]string{{"2026-01-31", "takes a time such as 2026-01-31T12:00:00Z"}}},
		{`{"type":"string","format":"unheard-of"}`, "", []string{"x"}, nil},
		{`{"type":"integer","minimum":0,"maximum":150}`, "0 to 150", []string{"0", "150"}, [][2]string{{"-1", "takes 0 to 150"}, {"151", "takes 0 to 150"}, {"x", `takes an integer, not "x"`}}},
		{`{"type":"number","minimum":0.5}`, "at least 0.5", []string{"0.5"}, [][2]string{{"0.4", "takes at least 0.5"}}},
		{`{"type":"number","maximum":1e3}`, "at most 1000", []string{"1000"}, [][2]string{{"1000.1", "takes at most 1000"}, {"1e999", "takes a smaller number"}}},
		{`{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`, "more than 0; less than 1", []string{"0.5"}, [][2]string{{"0", "takes more than 0"}, {"1", "takes less than 1"}}},
		{`{"type":"array","minItems":1,"maxItems":2,"items":{"enum":["a","b","c"]}}`, "1 to 2 values", []string{"a", "a, b"}, [][2]string{{"a,b,c", "takes 1 to 2 values"}}},
		{`{"type":"string","minLength":"two","maxLength":[],"minimum":3}`, "", []string{"x"}, nil}, // nothing that is understood
	} {
		s := newSchema(json.RawMessage(`{"properties":{"x":` + tt.decl + `}}`))
		a := s.declared()[0]
		if got := strings.Join(a.limits.texts(a.kind), "; "); got != tt.told {
			t.Errorf("%s: %q, want %q", tt.decl, got, tt.told)
		}
		for _, text := range tt.takes {
			if _, err := s.answer(a, text); err != nil {
				t.Errorf("%s takes %q, not: %v", tt.decl, text, err)
			}
		}
		for _, bad := range tt.not {
			if v, err := s.answer(a, bad[0]); err == nil || err.Error() != bad[1] {
				t.Errorf("%s, %q: %v, %v, want %q", tt.decl, bad[0], v, err, bad[1])
			}
		}
	}
}

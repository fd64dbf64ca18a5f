// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import "testing"

func TestIDKey(t *testing.T) {
	equal := [][2]string{
		{`1`, `1.0`}, {`100`, `1e2`}, {`0`, `-0`}, {`"a/b"`, `"a\/b"`}, {`"é"`, `"\u00e9"`}, {`-3`, `-3.0`},
	}
	for _, p := range equal {
		a, _ := IDKey([]byte(p[0]))
		if b, _ := IDKey([]byte(p[1])); a != b {
			t.Errorf("%s and %s differ: %q %q", p[0], p[1], a, b)
		}
	}
	distinct := []string{`1`, `"1"`, `2`, `""`, `"n1"`, `"s1"`, `1.5`, `9007199254740993`, `9007199254740992`, `-1`, `1e400`, `1e300`}
	keys := map[string]string{}
	for _, id := range distinct {
		k, ok := IDKey([]byte(id))
		if other, dup := keys[k]; dup || !ok {
			t.Errorf("%s: key %q, ok %v, also of %s", id, k, ok, other)
		}
		keys[k] = id
	}
	for _, bad := range []string{``, `null`, `true`, `{}`, `[]`, `"`} {
		if _, ok := IDKey([]byte(bad)); ok {
			t.Errorf("%s is an id", bad)
		}
	}
}

func TestSameButForm(t *testing.T) {
	same := [][2]string{
		{`1`, `"1"`}, {`1`, `" 1"`}, {`1`, `"1\n"`}, {`1`, `"1.0"`}, {`1`, `"1e0"`}, {`100`, `"1E2"`}, {`"1"`, `1`}, {`"1.0"`, `1e0`},
		{`-7`, `"-7"`}, {`0`, `"-0"`}, {`9007199254740993`, `"9007199254740993"`}, {`18446744073709551616`, `"18446744073709551616"`},
		{`1.5`, `"1.5"`}, {`"a/b"`, `" a\/b "`}, {`"1"`, `" 1"`},
	}
	other := [][2]string{
		{`1`, `"01"`}, {`1`, `"+1"`}, {`1`, `"0x1"`}, {`1`, `"1_0"`}, {`1`, `"1 0"`}, {`1`, `"n1"`}, {`0`, `""`}, {`0`, `"-"`}, {`1`, `"-1"`},
		{`9007199254740993`, `"9007199254740992"`}, {`9007199254740993`, `9007199254740992.0`}, {`"a"`, `"A"`}, {`1`, `"1.5"`}, {`1`, `"１"`},
	}
	for i, p := range append(same, other...) {
		a, okA := IDKey([]byte(p[0]))
		b, okB := IDKey([]byte(p[1]))
		if got := SameButForm(a, b); got != (i < len(same)) || got != SameButForm(b, a) || !okA || !okB {
			t.Errorf("%s and %s: %v", p[0], p[1], got)
		}
	}
}

func TestIDExcerpt(t *testing.T) {
	for in, want := range map[string]string{`"a\u001b"`: `"a\u001b"`, "\"\xffé\x7f\"": `"???"`, `12`: `12`, ``: ``} {
		if got := IDExcerpt([]byte(in)); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := IDExcerpt(make([]byte, 1<<20)); len(got) != 64 {
		t.Errorf("%d bytes", len(got))
	}
}

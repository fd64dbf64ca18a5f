// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzWalk holds the walk to what json says, however the text is cut into parts.
func FuzzWalk(f *testing.F) {
	for _, text := range []string{
		`{"a":"b\"\\\/\b\f\n\r\tü\u00fF","c":[1,-2.5e3,true,null,""]}`, `"`, `"\`, `"\u12"`, `"\u12g4"`, `"\x"`, "\"\x00\"", "\"\xff\"",
		`"a""b"`, `{"a" "b"}`, `[1,]`, `01`, ``, `x`, `"\ud800"`, "\"\x7f\"", `["a",]`, `{"a":1,}`, `""x`, "\"\n\"", `{,}`, `[}`, `{"a":}`, `{"a"}`,
		`-`, `-0.0E+0`, `1.`, `.1`, `1e`, `tru`, `nulll`, "\"\xe2\x82\xac\"", "\"\xe2\x82\"", " \t\r\n1 ", `1 2`, `[]]`, `,`, `:`, `{"a":1:2}`, `[1:2]`, `{1:2}`,
	} {
		f.Add([]byte(text), uint8(1))
		f.Add([]byte(text), uint8(7))
	}
	f.Fuzz(func(t *testing.T, text []byte, step uint8) {
		var w walk
		for n := 0; n < len(text); n += int(step) + 1 {
			w.more(bytes.Clone(text[:n]))
		}
		messages, batch, err := w.messages(text)
		if valid := json.Valid(text) && utf8.Valid(text); valid == errors.Is(err, ErrParse) {
			t.Fatalf("that it is valid is %t: %v: %q", valid, err, text)
		}
		whole, wholeBatch, wholeErr := Parse(text)
		if !reflect.DeepEqual(messages, whole) || batch != wholeBatch || err != wholeErr {
			t.Errorf("in parts of %d: %+v, %v, in one %+v, %v", step, messages, err, whole, wholeErr)
		}
	})
}

// TestWalkNesting holds that no deeper nesting is taken than encoding/json takes.
func TestWalkNesting(t *testing.T) {
	for _, depth := range []int{maxNesting, maxNesting + 1} {
		text := []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
		var w walk
		if got, want := w.end(text), json.Valid(text); got != want {
			t.Errorf("%d: %t, want %t", depth, got, want)
		}
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

// FuzzValid holds Valid to what json says, of long text.
func FuzzValid(f *testing.F) {
	for _, text := range []string{
		`{"a":"b\"\\\/\b\f\n\r\tü\u00fF","c":[1,-2.5e3,true,null,""]}`, `"`, `"\`, `"\u12"`, `"\u12g4"`, `"\x"`, "\"\x00\"", "\"\xff\"",
		`"a""b"`, `{"a" "b"}`, `[1,]`, `01`, ``, `x`, `"\ud800"`, "\"\x7f\"", `["a",]`, `{"a":1,}`, `""x`, "\"\n\"",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, long := range [][]byte{
			append(bytes.Repeat([]byte(" "), fastFrom), text...),
			append(append([]byte(`["`), bytes.Repeat([]byte("x"), fastFrom)...), append(append([]byte(`"`), bytes.Repeat([]byte(",1"), fastFrom)...), append(bytes.Clone(text), ']')...)...),
			append(append([]byte(`["`), bytes.Repeat([]byte("x"), fastFrom)...), append(append([]byte(`",`), text...), ']')...),
			append(append([]byte(`"`), bytes.Repeat([]byte("x"), fastFrom)...), append(bytes.Clone(text), '"')...),
		} {
			if got, want := valid(long), json.Valid(long); got != want {
				t.Errorf("%t, want %t: %q", got, want, text)
			}
		}
	})
}

// TestEndOfString holds the search that looks at eight bytes at a time to json,
// wherever a byte stands.
func TestEndOfString(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			for _, behind := range []byte{0, '"', 'n', 'u', 0x80, 0xff, ' ', '!', '#', '[', ']'} {
				text := append([]byte{'"'}, bytes.Repeat([]byte{'x'}, 22)...)
				text[1+at], text[2+at], text[22] = byte(c), behind, '"'
				end := endOfString(text, 1)
				if valid := json.Valid(text); valid != (end == 22) || end >= 0 && !json.Valid(text[:end+1]) {
					t.Fatalf("%q: it ends at %d, and that it is valid is %t", text, end, valid)
				}
			}
		}
	}
}

// What is not mostly in strings is not copied.
func TestValidCopiesLittle(t *testing.T) {
	for name, text := range map[string]string{
		"numbers": "[" + strings.Repeat("123.45,", 1<<17) + "1]",
		"names":   "[" + strings.Repeat(`{"id":"x","v":1,"name":"ab"},`, 1<<15) + "1]",
		"a text":  `{"a":"` + strings.Repeat("x", 1<<20) + `"}`,
	} {
		doc := []byte(text)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if !valid(doc) {
			t.Errorf("%s: it is valid", name)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > uint64(len(doc))/4 {
			t.Errorf("%s: %d bytes for %d", name, n, len(doc))
		}
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// TestEndOfString holds the search that looks at eight bytes at a time to json,
// wherever a byte stands.
func TestEndOfString(t *testing.T) {
	for c := range 256 {
		for at := range 20 {
			for _, behind := range []byte{0, '"', 'n', 'u', 0x80, 0xff, ' ', '!', '#', '[', ']', '\\', 'a'} {
				text := append([]byte{'"'}, bytes.Repeat([]byte{'x'}, 22)...)
				text[1+at], text[2+at], text[22] = byte(c), behind, '"'
				end, why := endOfString(text, 1)
				if valid := json.Valid(text); valid != (end == 22 && why == quoted) || why == quoted && !json.Valid(text[:end+1]) {
					t.Fatalf("%q: it ends at %d (%d), and that it is valid is %t", text, end, why, valid)
				}
			}
		}
	}
}

// FuzzScalar holds what numbers and literals are to json.
func FuzzScalar(f *testing.F) {
	for _, text := range []string{"0", "-0", "01", "1.5", "1.", ".5", "1e5", "1E+05", "1e", "-", "", "+1", "true", "nul", "1e-", "0x1", "NaN", "1.5.5"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.ContainsAny(text, " \t\r\n{}[]\"") {
			return
		}
		if got, want := isScalar(text), json.Valid(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	})
}

// TestEscapes holds the search to json where escapes are close together.
func TestEscapes(t *testing.T) {
	pieces := []string{`\n`, `\"`, `\n`, `\"`, `\\`, `\t`, `\u00e9`, "x", "0123456789", "é", `\`, `"`, "\x01", "n"}
	random := rand.New(rand.NewPCG(1, 2))
	seen := map[bool]int{}
	for range 50_000 {
		text := []byte(`"`)
		without := random.IntN(2) * 4 // how many of the last are left out
		for range random.IntN(40) {
			text = append(text, pieces[random.IntN(len(pieces)-without)]...)
		}
		text = append(text, '"')
		end, why := endOfString(text, 1)
		valid := json.Valid(text)
		if seen[valid]++; valid != (why == quoted && end == len(text)-1) || why == quoted && !json.Valid(text[:end+1]) {
			t.Fatalf("%q: it ends at %d (%d), and that it is valid is %t", text, end, why, valid)
		}
	}
	if seen[true] < 1000 || seen[false] < 1000 {
		t.Errorf("texts that are valid: %v", seen)
	}
}

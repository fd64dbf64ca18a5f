// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestLineStarts compares with a look at the whole text, in files of lines that are
// short, empty, and longer than the parts that are counted.
func TestLineStarts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	for _, most := range []int{1, 3, 100, 3 * linesPart} {
		var text []byte
		starts := []int{0}
		for len(text) < 10*linesPart {
			text = append(append(text, bytes.Repeat([]byte("x"), random.IntN(most))...), '\n')
			starts = append(starts, len(text))
		}
		l := linesOf(text)
		for n, at := range starts {
			if got := l.nth(n); got != at {
				t.Fatalf("line %d of at most %d bytes begins at %d, want %d", n, most, got, at)
			}
		}
		for at := 0; at <= len(text); at += 1 + random.IntN(50) {
			if got, want := l.start(at), lineStart(text, at); got != want {
				t.Fatalf("the line of %d begins at %d, want %d", at, got, want)
			}
		}
	}
	if empty := linesOf(nil); empty.start(0) != 0 || empty.nth(0) != 0 || empty.nth(3) != 0 {
		t.Error("an empty text has no first line")
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"errors"
	"strings"
	"testing"
)

// Each word to a person is one line, whatever is in it.
func TestVoice(t *testing.T) {
	var b strings.Builder
	v := Voice{W: &b}
	v.Line("Wrote %s.", "a\nb")
	v.Say("%d of them", 3)
	v.Warn("%v", errors.New("red\x1b[31m"))
	v.Hint("100%%")
	want := "Wrote a b.\ntshmcp: 3 of them\ntshmcp: warning: red [31m\ntshmcp: hint: 100%\n"
	if b.String() != want {
		t.Errorf("said %q, want %q", b.String(), want)
	}
}

// TestPrompt: what is answered on the same line has no end of its own, and is broken at
// words.
func TestPrompt(t *testing.T) {
	for width, want := range map[int]string{
		0: "The web address of your proxy: ", 20: "The web address of\n    your proxy: ",
		31: "The web address of your proxy: ", 30: "The web address of your\n    proxy: ",
	} {
		var b strings.Builder
		w := NewWriter(&b)
		w.Window = Window{Terminal: true, Width: width}
		Voice{W: w}.Prompt("The web address of\nyour proxy: ")
		if b.String() != want {
			t.Errorf("%d: %q, want %q", width, b.String(), want)
		}
	}
}

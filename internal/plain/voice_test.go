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

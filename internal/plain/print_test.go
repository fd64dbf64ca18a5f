// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// TestArgumentsStayOnTheLine is a format with each kind of text in it.
func TestArgumentsStayOnTheLine(t *testing.T) {
	type name string
	const bad = "a\nforged: \x1b[2J\u202e"
	got := Sprintf("%s|%v|%v|%q|%d|%v|%s\n", bad, errors.New(bad), name(bad), bad, 7, nil, netip.MustParseAddr("::1"))
	const clean = "a forged:  [2J"
	if want := clean + "|" + clean + "|" + clean + `|"` + clean + `"|7|<nil>|::1` + "\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWriter(t *testing.T) {
	var out strings.Builder
	w := NewWriter(&out)
	if err := Fprintf(w, "%s\n", "a\nb"); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write([]byte("a\tb\n\x1b[2Jc\xff")); n != 10 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got, want := out.String(), "a b\na\tb\n [2Jc\ufffd"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if Raw(w) != &out || Raw(&out) != &out {
		t.Error("what is behind it is something else")
	}
}

// TestErrors: what was joined is told apart, and nothing else is.
func TestErrors(t *testing.T) {
	one, two := errors.New("one\x1b"), errors.New("two\nlines")
	for want, err := range map[string]error{
		"one ; two lines":          errors.Join(one, two),
		"one ; two lines; one ":    errors.Join(errors.Join(one, two), one),
		"read: one  and two lines": fmt.Errorf("read: %w and %w", one, two),
		"one ":                     errors.Join(one),
	} {
		if got := Error(err); got != want || Sprintf("%v", err) != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

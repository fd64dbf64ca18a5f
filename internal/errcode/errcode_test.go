// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

type coded struct {
	code  Code
	cause error
}

func (e *coded) Error() string   { return "coded" }
func (e *coded) Unwrap() error   { return e.cause }
func (e *coded) ErrorCode() Code { return e.code }

// TestOf: the outermost error that has a code, then what is known of one of
// another module.
func TestOf(t *testing.T) {
	denied := &coded{code: AppDenied}
	for _, test := range []struct {
		err  error
		want Code
	}{
		{nil, ""},
		{errors.New("x"), Internal},
		{denied, AppDenied},
		{fmt.Errorf("x: %w", denied), AppDenied},
		{&coded{code: Locked, cause: denied}, Locked},
		{&coded{cause: denied}, AppDenied},
		{&coded{cause: io.EOF}, ConnectionLost},
		{errors.Join(io.EOF, denied, &coded{code: Locked}), AppDenied},
		{fmt.Errorf("%w: %w", io.EOF, &coded{cause: denied}), AppDenied},
		{New(Locked, "x"), Locked},
		{Errorf(Locked, "x: %w", denied), Locked},
	} {
		if got := Of(test.err); got != test.want {
			t.Errorf("%v: %s, want %s", test.err, got, test.want)
		}
	}
	if cause := errors.New("x"); Errorf(Locked, "y: %w", cause).Error() != "y: x" || !errors.Is(Errorf(Locked, "y: %w", cause), cause) {
		t.Error("an error with a code loses its text or its cause")
	}
	if Or(nil, Locked) != Locked || Or(io.EOF, Locked) != ConnectionLost || Or(denied, Locked) != AppDenied || Or(errors.New("x"), Locked) != Locked {
		t.Error("Or does not do what Of does")
	}
}

// TestBracketed: all codes but that of wrong usage end a line.
func TestBracketed(t *testing.T) {
	for code, want := range map[Code]string{"": "", Usage: "", AppDenied: " [app-denied]"} {
		if got := code.Bracketed(); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

// isClause: neither a sentence nor anything that a table cannot hold.
func isClause(s string) bool {
	return s != "" && !strings.ContainsAny(s, "|\n") && !strings.HasSuffix(s, ".") && strings.TrimSpace(s) == s
}

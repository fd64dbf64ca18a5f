// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
)

// says is an error that explains itself with an exit code.
type says struct {
	exit  int
	cause error
}

func (e *says) Error() string   { return "says" }
func (e *says) Unwrap() error   { return e.cause }
func (e *says) Hints() []string { return nil }
func (e *says) ExitCode() int   { return e.exit }

// TestExplain: the outermost one that has something to say.
func TestExplain(t *testing.T) {
	one, two := &says{exit: 1}, &says{exit: 2}
	for _, test := range []struct {
		err  error
		want Explained // nil: none
	}{
		{nil, nil},
		{io.EOF, nil},
		{&says{}, nil},
		{one, one},
		{fmt.Errorf("x: %w", one), one},
		{fmt.Errorf("x: %w", &says{cause: two}), two},
		{fmt.Errorf("%w; %w", io.EOF, errors.Join(&says{}, two, one)), two},
		{errors.Join(&says{cause: one}, two), one},
	} {
		if got := Explain(test.err); got != test.want {
			t.Errorf("%v: %v, want %v", test.err, got, test.want)
		}
	}
}

// TestHinted: an error that is always the same says all that one of a type does.
func TestHinted(t *testing.T) {
	one, other := Hinted(Locked, "x", "do this", "or that"), Hinted(Locked, "x", "do this", "or that")
	if one.Error() != "x" || Of(one) != Locked || !slices.Equal(one.Hints(), []string{"do this", "or that"}) || one.ExitCode() != 1 {
		t.Errorf("%v: %s, %q, exit code %d", one, Of(one), one.Hints(), one.ExitCode())
	}
	if Explain(fmt.Errorf("y: %w", one)) != one || !errors.Is(fmt.Errorf("y: %w", one), one) || errors.Is(one, other) {
		t.Error("it is not found by what it is")
	}
	if hints := Hinted(Locked, "x").Hints(); len(hints) != 0 {
		t.Errorf("hints out of nothing: %q", hints)
	}
}

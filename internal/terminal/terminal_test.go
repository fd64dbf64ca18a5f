// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestReadLine(t *testing.T) {
	in := strings.NewReader("first\r\n\nlast")
	for _, want := range []string{"first", "", "last"} {
		if got, err := ReadLine(t.Context(), in); got != want || err != nil {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	if _, err := ReadLine(t.Context(), in); !errors.Is(err, io.EOF) {
		t.Errorf("error %v", err)
	}
	long := strings.Repeat("x", maxTyped)
	if got, err := ReadLine(t.Context(), strings.NewReader(long+"\n")); got != long || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := ReadLine(t.Context(), strings.NewReader(long+"x\n")); err == nil {
		t.Error("a line without an end was taken")
	}
	broken := errors.New("gone")
	if _, err := ReadLine(t.Context(), io.MultiReader(strings.NewReader("half"), errReader{broken})); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

type errReader struct{ error }

func (r errReader) Read([]byte) (int, error) { return 0, r.error }

// TestReadLineEnds is a pipe that nobody writes to.
func TestReadLineEnds(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadLine(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancelled := make(chan struct{})
	go func() { defer close(cancelled); cancel() }()
	if _, err := ReadLine(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-cancelled
}

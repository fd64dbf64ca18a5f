// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// writes records every single Write.
type writes struct {
	all  []string
	fail error
}

func (w *writes) Write(p []byte) (int, error) {
	w.all = append(w.all, string(p))
	return len(p), w.fail
}

func TestLineWriter(t *testing.T) {
	w := &writes{}
	l := NewLineWriter(w)
	for _, s := range []string{"a", "bc"} {
		if err := l.Write(context.Background(), []byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(w.all, "|") != "a\n|bc\n" {
		t.Errorf("wrote %q", w.all)
	}
	w.fail = io.ErrClosedPipe
	err := l.Write(context.Background(), []byte("d"))
	if !errors.Is(err, io.ErrClosedPipe) || !errors.Is(err, errOutput) {
		t.Errorf("error %v", err)
	}
	if err := l.Write(context.Background(), []byte("e")); err == nil || len(w.all) != 3 {
		t.Errorf("wrote %q after an error", w.all)
	}
	<-l.failed
}

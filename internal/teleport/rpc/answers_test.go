// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// endless is the same message again and again.
type endless struct{ one, rest []byte }

func (e *endless) Read(b []byte) (int, error) {
	if len(e.rest) == 0 {
		e.rest = e.one
	}
	n := copy(b, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestEndlessStream is answers without end, each of them small enough, or empty.
func TestEndlessStream(t *testing.T) {
	for _, length := range []int{0, 1 << 20} {
		a := &answers{body: &endless{one: message(0, -1, strings.Repeat("x", length))}}
		got := 0
		var err error
		for err == nil {
			var answer []byte
			answer, err = a.next()
			got += len(answer) + costOfOne
		}
		wantError(t, err, ResourceExhausted)
		if got > maxStream+costOfOne || got < maxStream-maxMessage {
			t.Errorf("answers of %d bytes: %d bytes came", length, got)
		}
	}
}

// FuzzAnswers is that whatever comes is read to its end or to an error, and is no more
// than there was.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte{})
	f.Add(message(0, -1, "whole"))
	f.Add(append(message(0, -1, ""), message(0, 9, "cut")...))
	f.Add(message(1, -1, "compressed"))
	f.Add(message(0, 1<<32-1, "long"))
	f.Fuzz(func(t *testing.T, body []byte) {
		a := &answers{body: bytes.NewReader(body)}
		size := 0
		for {
			answer, err := a.next()
			if err == nil {
				size += 5 + len(answer)
				continue
			}
			var malformed *Error
			if size > len(body) || (err == io.EOF) != (size == len(body)) || !errors.As(err, &malformed) && !a.ended {
				t.Errorf("%v after %d bytes of %d", err, size, len(body))
			}
			return
		}
	})
}

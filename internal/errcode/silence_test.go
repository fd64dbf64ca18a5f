// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// TestSilenceText is who did not answer, and how long that was waited for.
func TestSilenceText(t *testing.T) {
	for after, want := range map[time.Duration]string{
		15 * time.Second: "it did not answer within 15 seconds", 1400 * time.Millisecond: "it did not answer within 1 second",
		20 * time.Millisecond: "it did not answer within 20ms", 15800 * time.Millisecond: "it did not answer within 15 seconds",
		14950 * time.Millisecond: "it did not answer within 15 seconds", 960 * time.Millisecond: "it did not answer within 960ms",
	} {
		if got := (&SilentError{Who: "it", What: "did not answer", After: after}).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSilenceOf: what tells that the time is over becomes a silence, once, and nothing
// else does.
func TestSilenceOf(t *testing.T) {
	for _, late := range []error{
		context.DeadlineExceeded, os.ErrDeadlineExceeded, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ETIMEDOUT)},
	} {
		var silent *SilentError
		first := Silence(late, time.Now().Add(-2*time.Second), "it", "did not answer", "")
		if !errors.As(first, &silent) || !errors.Is(first, late) || silent.ExitCode() != 0 || first.Error() != "it did not answer within 2 seconds" {
			t.Errorf("%v: %v", late, first)
		}
		if second := Silence(first, time.Now(), "another", "is silent", "next"); second != first {
			t.Errorf("%v: %v", late, second)
		}
		if last := Silence(late, time.Now(), "it", "did not answer", "wait"); Explain(last) == nil || Explain(last).Hints()[0] != "wait" {
			t.Errorf("%v: no hint", last)
		}
	}
	for _, other := range []error{nil, io.EOF, context.Canceled, syscall.ECONNREFUSED} {
		if got := Silence(other, time.Now(), "it", "did not answer", ""); got != other {
			t.Errorf("%v: %v", other, got)
		}
	}
}

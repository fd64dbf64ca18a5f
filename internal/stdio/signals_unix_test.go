// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package stdio

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// TestSignals: what would end the process is ignored from the beginning, caught once
// it listens, and the first signal to stop cancels the context.
func TestSignals(t *testing.T) {
	all := []os.Signal{syscall.SIGXFSZ, syscall.SIGPIPE, syscall.SIGTERM}
	t.Cleanup(func() { signal.Reset(all...) })
	s := NewSignals()
	s.OutlastReaders()
	for _, sig := range all[:2] {
		if !signal.Ignored(sig) {
			t.Errorf("%v is not ignored", sig)
		}
	}
	if signal.Ignored(syscall.SIGTERM) {
		t.Error("a signal to stop is ignored")
	}
	s.Listen()
	s.Listen() // by whoever is to be sure of it
	for _, sig := range all {
		if signal.Ignored(sig) {
			t.Errorf("%v is ignored still, as programs that are started would inherit", sig)
		}
		if err := syscall.Kill(os.Getpid(), sig.(syscall.Signal)); err != nil {
			t.Fatal(err)
		}
	}
	<-s.Context().Done()
}

// TestNoHangup: what nohup has a process ignore it goes on to ignore, and it is
// stopped by the others.
func TestNoHangup(t *testing.T) {
	t.Cleanup(func() { signal.Reset(syscall.SIGHUP, syscall.SIGTERM) })
	signal.Ignore(syscall.SIGHUP)
	s := NewSignals()
	s.Listen()
	if !signal.Ignored(syscall.SIGHUP) {
		t.Error("the end of the terminal stops it")
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-s.Context().Done()
}

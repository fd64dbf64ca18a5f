// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package stdio

import (
	"bytes"
	"io"
	"os"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// Streams that are non-blocking behind the back of package os: not a byte is
// lost, in either direction, whether what is read is there already or not.
func TestNonBlocking(t *testing.T) {
	var fds [2]int
	if err := unix.Pipe(fds[:]); err != nil {
		t.Fatal(err)
	}
	r, w := os.NewFile(uintptr(fds[0]), "r"), os.NewFile(uintptr(fds[1]), "w")
	defer r.Close()
	for _, fd := range fds {
		if err := unix.SetNonblock(fd, true); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Read(make([]byte, 1)); !isBusyRead(err) {
		t.Fatalf("package os waits by itself: %v", err)
	}
	want := bytes.Repeat([]byte("0123456789"), 100_000)
	var writing sync.WaitGroup
	writing.Go(func() {
		defer w.Close()
		if n, err := NewOutput(w).Write(want); n != len(want) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	})
	got, err := io.ReadAll(NewInput(r))
	writing.Wait()
	if !bytes.Equal(got, want) || err != nil {
		t.Errorf("read %d bytes of %d, %v", len(got), len(want), err)
	}
}

// A socket whose other end is gone is at its end.
func TestInputReset(t *testing.T) {
	if n, err := NewInput(broken{syscall.ECONNRESET}).Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("%d, %v", n, err)
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"fmt"
	"io"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// patience is how long a regular file may give nothing: one on a file system that
// hangs, as one over a network, can do so for ever, and nothing interrupts that.
var patience = 5 * time.Second

// SlowError means that a file gives nothing of what is in it, or cannot even be looked
// at.
type SlowError struct {
	Path   string
	Closed bool // nothing was opened
}

func (e *SlowError) Error() string {
	if e.Closed {
		return fmt.Sprintf("%s: the file system that it is on did not answer within %v", e.Path, patience)
	}
	return fmt.Sprintf("%s: nothing of it can be read: nothing came for %v", e.Path, patience)
}

// Hints name what can be done.
func (e *SlowError) Hints() []string {
	return []string{"it hangs: look what is mounted there, or name a file elsewhere"}
}

// ExitCode is that of the program.
func (e *SlowError) ExitCode() int           { return exitError }
func (e *SlowError) ErrorCode() errcode.Code { return errcode.FileFailed }

// Patient reads a file as r does, but for no longer than it gives something. What hangs
// is left to itself.
func Patient(path string, r io.Reader) io.Reader { return &patient{path: path, r: r} }

type patient struct {
	path string
	r    io.Reader
	buf  []byte
	err  error
}

// portion is what one read gave.
type portion struct {
	n   int
	err error
}

func (p *patient) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	size := min(len(b), 32<<10)
	if len(p.buf) < size { // its own, since a read that hangs may still end
		p.buf = make([]byte, size)
	}
	part := p.buf[:size]
	done := make(chan portion, 1)
	go func() {
		n, err := p.r.Read(part)
		done <- portion{n, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case got := <-done:
		return copy(b, part[:got.n]), got.err
	case <-timer.C:
		p.err = &SlowError{Path: p.path}
		return 0, p.err
	}
}

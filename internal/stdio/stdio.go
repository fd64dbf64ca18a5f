// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package stdio is the streams that a process is given by whoever starts it. They
// are not its own: others hold the same pipe or terminal, make it non-blocking
// under it, close the other end, or do not read it.
//
//	Input, Output  go on where others made the stream non-blocking
//	Queue          is for what nobody has to read, and never makes anybody wait
//	Counter        writes lines of a log that repeat themselves once
//	Signals        are what ends the process, and what does not
package stdio

import (
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// IsTerminal leaves the mode of the file as it is, which others may have, too.
func IsTerminal(file *os.File) (is bool) {
	if conn, err := file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { is = term.IsTerminal(int(fd)) })
	}
	return is
}

// Width is how wide the terminal of a file is, in cells; 0 if that is not known.
func Width(file *os.File) int {
	width, _ := Size(file)
	return width
}

// Size is that of the terminal of a file, in cells; 0 if that is not known.
func Size(file *os.File) (width, height int) {
	if conn, err := file.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) {
			if w, h, err := term.GetSize(int(fd)); err == nil {
				width, height = w, h
			}
		})
	}
	return width, height
}

// Error is the failure of a stream. It says which one, so that it is not taken
// for a failure of the network: both can be a broken pipe, or a time-out.
type Error struct {
	Stream string // "stdin", "stdout" or "the terminal"
	Err    error
}

func (e *Error) Error() string { return e.Stream + ": " + cause(e.Err).Error() }
func (e *Error) Unwrap() error { return e.Err }

// Hints are none: what is at the other end is not known.
func (e *Error) Hints() []string { return nil }

// ExitCode is that of the program.
func (e *Error) ExitCode() int           { return 1 }
func (e *Error) ErrorCode() errcode.Code { return errcode.StreamFailed }

// cause is the error without the name that the file has in this process.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// IsClosed says whether err is that whoever reads a stream of this process is
// gone. A connection of the network that broke is not meant.
func IsClosed(err error) bool {
	var e *Error
	return errors.As(err, &e) && isClosed(e.Err)
}

// Input reads from a stream of this process. A stream that another process made
// non-blocking is waited for.
type Input struct{ r io.Reader }

// NewInput reads r. Only of a file there is something to mend.
func NewInput(r io.Reader) *Input { return &Input{r} }

// Read is io.Reader's.
func (i *Input) Read(p []byte) (int, error) {
	for tries := 0; ; tries++ {
		n, err := i.r.Read(p)
		switch {
		case n > 0 || err == nil || errors.Is(err, io.EOF):
			return n, err
		case isBusyRead(err):
			wait(i.r, forReading, tries)
		case isGone(err):
			return n, io.EOF
		default:
			return n, &Error{Stream: "stdin", Err: err}
		}
	}
}

// Output writes to a stream of this process. A stream that another process made
// non-blocking is waited for, and a line that was written in part is finished.
type Output struct{ w io.Writer }

// NewOutput writes to w, which is stdout. Only of a file there is something to
// mend.
func NewOutput(w io.Writer) *Output { return &Output{w} }

// Write is io.Writer's. Its errors are *Error.
func (o *Output) Write(p []byte) (written int, err error) {
	for tries := 0; ; tries++ {
		n, err := o.w.Write(p[written:])
		written += max(n, 0)
		switch {
		case written >= len(p):
			return written, nil
		case n > 0:
			tries = 0
		}
		if err != nil && !isBusyWrite(err) {
			return written, &Error{Stream: "stdout", Err: err}
		}
		wait(o.w, forWriting, tries)
	}
}

// What is waited for.
const (
	forReading = iota
	forWriting
)

// The pauses of a wait that cannot be told when it is over, or is told too early.
const (
	firstPause   = time.Millisecond
	longestPause = 20 * time.Millisecond
)

// wait waits until the stream is ready, or some time, which is as good: whoever
// waits tries again.
func wait(stream any, what, tries int) {
	file, ok := stream.(*os.File)
	if ok && await(file, what) && tries == 0 {
		return
	}
	time.Sleep(min(firstPause<<min(tries, 10), longestPause))
}

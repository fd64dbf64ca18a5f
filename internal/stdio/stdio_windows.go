// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// A pipe that another process made non-blocking (PIPE_NOWAIT) has no data for a
// reader, and takes nothing from a writer without calling that an error.
func isBusyRead(err error) bool  { return errors.Is(err, windows.ERROR_NO_DATA) }
func isBusyWrite(err error) bool { return errors.Is(err, io.ErrShortWrite) }

func isClosed(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA) || errors.Is(err, syscall.EPIPE)
}

// isGone is never all: os.File takes a broken pipe for the end.
func isGone(error) bool { return false }

// await cannot tell: there is no poll for pipes.
func await(*os.File, int) bool { return false }

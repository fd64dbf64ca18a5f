// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
)

// isTimeout says whether the network took too long. A file, a stream or a socket
// of this machine that is not ready has errors that call themselves the same.
func isTimeout(err error) bool {
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() || timeout == os.ErrDeadlineExceeded {
		return false
	}
	_, isErrno := timeout.(syscall.Errno)
	op, isOp := timeout.(*net.OpError)
	return !isErrno && !(isOp && strings.HasPrefix(op.Net, "unix"))
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// errnoTimedOut is how the system tells that it has given a connection up.
const errnoTimedOut = syscall.ETIMEDOUT

// giveUpAfter ends a connection whose bytes are not acknowledged for so long.
func giveUpAfter(fd uintptr, limit time.Duration) error {
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_RXT_CONNDROPTIME, int(limit.Seconds()))
}

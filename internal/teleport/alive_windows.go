// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"time"

	"golang.org/x/sys/windows"
)

// errnoTimedOut is how the system tells that it has given a connection up.
const errnoTimedOut = windows.WSAETIMEDOUT

// giveUpAfter ends a connection whose bytes are not acknowledged for so long.
func giveUpAfter(fd uintptr, limit time.Duration) error {
	return windows.SetsockoptInt(windows.Handle(fd), windows.IPPROTO_TCP, windows.TCP_MAXRT, int(limit.Seconds()))
}

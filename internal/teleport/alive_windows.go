// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"time"

	"golang.org/x/sys/windows"
)

// giveUpAfter ends a connection whose bytes are not acknowledged for so long.
func giveUpAfter(fd uintptr, limit time.Duration) error {
	return windows.SetsockoptInt(windows.Handle(fd), windows.IPPROTO_TCP, windows.TCP_MAXRT, int(limit.Seconds()))
}

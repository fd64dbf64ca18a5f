// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// silentErrnos are how a connection ends over which nothing comes back.
var silentErrnos = []syscall.Errno{windows.WSAETIMEDOUT, windows.WSAENETRESET, windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAENETDOWN}

// isNetworkErrno says whether an error number is one of Winsock's, whose range is
// its own.
func isNetworkErrno(e syscall.Errno) bool { return e >= 10000 && e < 12000 }

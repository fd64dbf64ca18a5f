// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package bridge

import (
	"slices"
	"syscall"
)

// silentErrnos are how a connection ends over which nothing comes back: the others
// are told by routers when it is over.
var silentErrnos = []syscall.Errno{syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN}

// networkErrnos are the numbers that only sockets have.
var networkErrnos = append([]syscall.Errno{
	syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.ENETRESET, syscall.ENOTCONN,
	syscall.EADDRNOTAVAIL, syscall.EPIPE, syscall.ENOBUFS,
}, silentErrnos...)

func isNetworkErrno(e syscall.Errno) bool { return slices.Contains(networkErrnos, e) }

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"slices"
	"syscall"
)

// silentNote is told of a request whose connection died silently.
const silentNote = "it died silently, as connections do when a VPN or Wi-Fi goes down"

// diedSilently says whether the system gave up a connection in use because nothing
// came back over it. The transport decides how long that takes.
func diedSilently(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && slices.Contains(silentErrnos, errno)
}

// silenced says in an error that the connection died silently, if it did.
func silenced(e *Error, cause error) *Error {
	if diedSilently(cause) {
		e.Note, e.silent = silentNote, true
	}
	return e
}

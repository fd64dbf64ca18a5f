// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"context"
	"io"
	"time"
)

// deny ends a connection whose user may not use the app. The answer to the first
// message says so; a response gets none, nor does silence (protocol.md 13.2).
func (r *rawConn) deny(ctx context.Context, v verdict) {
	stop := context.AfterFunc(ctx, func() { r.stream.Close() })
	defer stop()
	text, patience := "not found", r.apps.cfg.AppTimes.RawDenial
	switch {
	case r.faults.denial == DenyBelowTLS && v == notAllowed, r.faults.denial == DenyError:
		return
	case r.faults.denial == DenyBelowTLS:
		r.listen(patience)
		return
	case v == lockedOut:
		text = reasons[lockedOut]
	case r.faults.denial == DenyForbidden && v == needsMFA:
		text = reasons[needsMFA]
	}
	r.stream.SetReadDeadline(time.Now().Add(patience))
	lines := bufio.NewReader(r.stream)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return
	}
	msg, err := decodeRaw(line)
	if err == nil && !msg.isRequest() && !msg.isNotification() {
		io.Copy(io.Discard, lines)
		return
	}
	if !msg.isRequest() {
		msg = new(rawMessage)
	}
	r.stream.Write(append(msg.failure(-32603, text, nil), '\n'))
}

// listen reads for a time and says nothing.
func (r *rawConn) listen(d time.Duration) {
	r.stream.SetReadDeadline(time.Now().Add(d))
	io.Copy(io.Discard, r.stream)
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net"
	"syscall"
	"time"
)

// liveness says when a connection over which nothing comes back any more is over:
// a VPN or Wi-Fi that goes away tells nobody, and what waits for an answer would
// wait for ever. It is the other machine that is asked, not the server on it: an
// answer may take any time as long as its machine is there.
type liveness struct {
	idle     time.Duration // without a byte, until it is asked
	interval time.Duration // between one question and the next
	probes   int           // that stay without an answer
}

// alive notices within half a minute. A network's proxy and a load balancer answer
// for themselves, and not for what is behind them, see [quietConn].
var alive = liveness{idle: 10 * time.Second, interval: 5 * time.Second, probes: 3}

// limit is how long nothing may come back: to a question, or to bytes that were
// sent.
func (l liveness) limit() time.Duration { return l.idle + time.Duration(l.probes)*l.interval }

// dialer dials connections that are watched so. What a system does not know of it
// does not keep it from dialling.
func (l liveness) dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: l.idle, Interval: l.interval, Count: l.probes},
		Control: func(_, _ string, c syscall.RawConn) error {
			// Keep-alive asks only while nothing is under way.
			return c.Control(func(fd uintptr) { _ = giveUpAfter(fd, l.limit()) })
		},
	}
}

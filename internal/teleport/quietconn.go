// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// serverPings is how often the proxy says that it is there, inside upgraded
// connections and over those to raw apps (protocol.md 6.4, 13.1); pingsLimit is how
// long nothing at all may come then.
const (
	serverPings = 30 * time.Second
	pingsLimit  = serverPings + 15*time.Second
)

// quietConn is a connection to the proxy through somebody who answers for himself: a
// load balancer, or the network's proxy. The system does not notice that the path
// behind him is dead, since the machine that it asks is there. What the proxy says of
// itself shows it: when that stays away, the connection ends as one that the system
// gives up.
type quietConn struct {
	net.Conn
	born  time.Time
	since atomic.Int64 // since birth, when the Read that waits for a byte began; 0: none waits
	dead  atomic.Bool
	once  sync.Once
	done  chan struct{}
}

func newQuietConn(c net.Conn) *quietConn {
	return &quietConn{Conn: c, born: time.Now(), done: make(chan struct{})}
}

func (c *quietConn) Read(b []byte) (int, error) {
	c.since.Store(int64(time.Since(c.born)) + 1)
	n, err := c.Conn.Read(b)
	c.since.Store(0)
	if err != nil && c.dead.Load() {
		err = &net.OpError{Op: "read", Net: "tcp", Addr: c.RemoteAddr(), Err: os.NewSyscallError("read", errnoTimedOut)}
	}
	return n, err
}

// quiet is how long a Read has waited for a byte. Where nobody reads, nothing is known.
func (c *quietConn) quiet() time.Duration {
	since := c.since.Load()
	if since == 0 {
		return 0
	}
	return time.Since(c.born) - time.Duration(since)
}

// watch ends the connection when over says so of how quiet it is, and returns with it.
func (c *quietConn) watch(over func(quiet time.Duration) bool) {
	ticks := time.NewTicker(alive.interval)
	defer ticks.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-ticks.C:
			if over(c.quiet()) {
				c.kill()
				return
			}
		}
	}
}

// kill ends the connection as one that the system gives up.
func (c *quietConn) kill() {
	c.dead.Store(true)
	c.Close()
}

func (c *quietConn) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

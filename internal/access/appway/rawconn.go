// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// silenceTime is how long an app may say nothing before it is found out whether it
// ever will: some releases keep a connection that they refuse for 30 s, and say
// nothing then either (protocol.md 13.2).
const silenceTime = 3 * time.Second

// rawConn is a connection to the app over a link.
type rawConn struct {
	net.Conn
	w     *Way
	l     *link
	user  access.Mark // that it was opened as
	began time.Time

	heard  atomic.Bool // something came
	others atomic.Bool // it was closed since another user is here
	known  atomic.Bool // the link was of use
	asking sync.Once
	mu     sync.Mutex
	done   func() // ends a wait; nil: nobody waits
	once   sync.Once
	closed chan struct{}
}

var errOtherUser = errors.New("the connection was opened as another user")

func (c *rawConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.heard.Store(true)
	}
	if err != nil && c.others.Load() {
		err = errOtherUser
	}
	return n, err
}

// Outdated is bridge.Conn's: what the user has assumed, or dropped, counts for the
// connections that are opened from then on.
func (c *rawConn) Outdated() bool { return c.w.links.user().OtherAccess(c.user) }

// Write ends the connection when another user is found than it was opened as, or
// none: nothing more is said as somebody who is gone. A login that was renewed takes
// no process away, nor at once what was assumed. It notes that the certificate is of use when there is something to
// be said about what came: nobody gets so far who is refused.
func (c *rawConn) Write(b []byte) (int, error) {
	if !c.w.links.user().SameUser(c.user) {
		c.others.Store(true)
		c.Close()
		return 0, errOtherUser
	}
	if c.heard.Load() && c.known.CompareAndSwap(false, true) {
		c.w.move(passed, func(*state) { c.l.passed, c.l.denied = true, nil })
	}
	c.asking.Do(func() { c.w.work.Go(c.outwait) })
	return c.Conn.Write(b)
}

func (c *rawConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// Waits is bridge.Conn's: the way is looked at while somebody does.
func (c *rawConn) Waits(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done != nil {
		c.done()
		c.done = nil
	}
	if yes {
		c.done = c.l.cluster.Proxy.Await()
	}
}

// outwait ends a connection over which nothing comes if access is denied.
func (c *rawConn) outwait() {
	timer := time.NewTimer(silenceTime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.closed:
		return
	case <-c.w.life.Done():
		return
	}
	if !c.heard.Load() && access.IsDenial(c.w.look.why(c.w.life, c.began)) {
		c.Close()
	}
}

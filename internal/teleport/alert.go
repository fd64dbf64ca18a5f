// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// alertError is a TLS alert sent by the server. For a TCP connection crypto/tls
// reports it as a *net.OpError around an unexported type; with this one
// errors.As finds the tls.AlertError too.
type alertError struct {
	err   error
	alert tls.AlertError
}

func (e *alertError) Error() string   { return e.err.Error() }
func (e *alertError) Unwrap() []error { return []error{e.err, e.alert} }

// nameAlert makes the alert in err, if there is one, reachable by errors.As.
func nameAlert(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return err
	}
	for n := range 256 {
		// Both types print an alert with the same table.
		if alert := tls.AlertError(n); alert.Error() == op.Err.Error() {
			return reaching(&alertError{err: err, alert: alert})
		}
	}
	return err
}

// alertWait is how long a failed Write waits for the alert that explains it.
const alertWait = time.Second

// alertConn names the alerts of a TLS connection. With TLS 1.3 the server's
// verdict on a client certificate arrives after the handshake: at the first
// Read or, as the server hangs up at once, as a broken Write that may be
// noticed earlier. The alert has come in by then, so Write waits for the Read
// that gets it, or reads itself where nobody has begun to.
type alertConn struct {
	net.Conn
	begun   atomic.Bool
	once    sync.Once
	first   chan struct{} // closed when the first Read has returned
	verdict error         // its error
}

func newAlertConn(c net.Conn) *alertConn {
	return &alertConn{Conn: c, first: make(chan struct{})}
}

func (c *alertConn) Read(b []byte) (int, error) {
	c.begun.Store(true)
	n, err := c.Conn.Read(b)
	err = nameAlert(err)
	c.once.Do(func() {
		c.verdict = err
		close(c.first)
	})
	return n, err
}

func (c *alertConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err != nil {
		err = c.explain(err)
	}
	return n, err
}

func (c *alertConn) explain(err error) error {
	if !c.begun.Load() {
		_ = c.Conn.SetReadDeadline(time.Now().Add(alertWait))
		_, _ = c.Read(make([]byte, 1)) // of a connection that is of no use any more
	}
	timeout := time.NewTimer(alertWait)
	defer timeout.Stop()
	select {
	case <-c.first:
	case <-timeout.C:
		return err
	}
	var alert tls.AlertError
	if errors.As(c.verdict, &alert) {
		return c.verdict
	}
	return err
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// isUpgrade reports whether a request asks for an upgrade to that protocol.
func isUpgrade(r *http.Request, proto string) bool {
	return slices.ContainsFunc(r.Header.Values("Upgrade"), func(s string) bool { return strings.EqualFold(s, proto) })
}

// upgradeLegacy answers the form of upgrades before websockets: what follows the
// headers is the connection to the proxy, without frames. Nobody pings in it.
func (u *upgrades) upgradeLegacy(w http.ResponseWriter, proto string) {
	raw, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		writeError(w, http.StatusInternalServerError, "this connection cannot be taken over")
		return
	}
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: %s\r\nX-Teleport-Upgrade: %[1]s\r\nConnection: Upgrade\r\n\r\n"
	if _, err := fmt.Fprintf(raw, answer, proto); err != nil {
		raw.Close()
		return
	}
	conn := &legacyConn{Conn: raw, in: rw.Reader, done: make(chan struct{})}
	u.proxy.wg.Go(func() { u.proxy.serveConn(conn) })
	select {
	case <-conn.done:
	case <-u.proxy.ctx.Done():
		conn.Close()
	}
}

// legacyConn is the server's side of such a connection.
type legacyConn struct {
	net.Conn
	in    *bufio.Reader
	taken bytes.Reader // what readHello has read

	once sync.Once
	done chan struct{} // closed by Close
}

func (c *legacyConn) unread(data []byte) { c.taken.Reset(data) }

func (c *legacyConn) Read(p []byte) (int, error) {
	if c.taken.Len() > 0 {
		return c.taken.Read(p)
	}
	return c.in.Read(p)
}

func (c *legacyConn) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

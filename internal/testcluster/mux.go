// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"time"
)

// handshakeTimeout bounds a ClientHello and every handshake: the proxy's
// header read timeout (protocol.md 8.1).
const handshakeTimeout = 10 * time.Second

// serveProxy accepts connections on an address of the proxy until it is closed.
func (c *Cluster) serveProxy(listener net.Listener, serve func(*clientConn)) {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as too many open files
			c.log.Warn("accept failed", "error", err)
			select {
			case <-time.After(50 * time.Millisecond):
			case <-c.ctx.Done():
				return
			}
			continue
		}
		client := c.conns.add(conn)
		c.wg.Go(func() { serve(client) })
	}
}

// helloConn is a connection whose hello can be read twice.
type helloConn interface {
	net.Conn
	unread([]byte)
}

// serveConn reads the ClientHello and hands the connection to whoever serves
// it. A connection that nobody serves is closed without an alert, so that the
// client sees EOF in the handshake.
func (c *Cluster) serveConn(conn helloConn) {
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	protos, taken, err := readHello(conn)
	conn.SetDeadline(time.Time{})
	if err != nil {
		c.log.Debug("no TLS hello", "error", err)
		conn.Close()
		return
	}
	conn.unread(taken)
	serve := c.route(protos)
	if serve == nil {
		c.log.Debug("no known ALPN value", "alpn", protos)
		conn.Close()
		return
	}
	serve(conn)
}

// route picks who serves a client by its ALPN values: in the client's order,
// the first that the proxy knows. A client without any gets the web port, and
// every client does if there is no TLS routing.
func (c *Cluster) route(protos []string) func(net.Conn) {
	if len(protos) == 0 || c.cfg.TLSRouting == TLSRoutingOff {
		return c.handWeb
	}
	for _, proto := range protos {
		switch {
		case proto == alpnHTTP1, proto == alpnHTTP2,
			proto == alpnACME: // that the web port does not negotiate
			return c.handWeb
		case proto == alpnTunnel, proto == alpnTCP:
			return func(conn net.Conn) { c.serveTunnel(conn, proto) }
		case strings.HasPrefix(proto, alpnAuthPrefix):
			// The cluster is read from the first value only.
			return c.authByALPN(protos[0])
		}
	}
	return nil
}

func (c *Cluster) handWeb(conn net.Conn) {
	config := c.webTLS
	switch conn.(type) {
	case *upgradedConn, *legacyConn:
		config = c.hostTLS
	}
	c.webConns.deliver(tls.Server(conn, config))
}

// serveTunnel completes the handshake by which clients find out whether
// something between them and the proxy takes ALPN away (protocol.md
// 6.4), and keeps the connection until the client leaves.
func (c *Cluster) serveTunnel(conn net.Conn, proto string) {
	config := c.webTLS.Clone()
	config.NextProtos = []string{proto}
	tunnel := tls.Server(conn, config)
	defer tunnel.Close()
	ctx, cancel := context.WithTimeout(c.ctx, handshakeTimeout)
	defer cancel()
	if err := tunnel.HandshakeContext(ctx); err != nil {
		c.log.Debug("tunnel handshake", "error", err)
		return
	}
	tunnel.SetDeadline(time.Now().Add(handshakeTimeout))
	io.Copy(io.Discard, tunnel)
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"
)

// handshakeTimeout bounds a ClientHello and every handshake: the proxy's
// header read timeout (protocol.md 8.1).
const handshakeTimeout = 10 * time.Second

// alpnRouter is where connections reach the proxy: each goes where the ALPN values
// of its ClientHello say (protocol.md 6.1, 8.1).
type alpnRouter struct {
	*life
	cfg   Config
	conns connSet // of clients to the proxy

	web     *handoff    // the web port
	webTLS  *tls.Config // of the web port
	hostTLS *tls.Config // of the web port inside upgraded connections
	// auth finds the auth service that an ALPN value names; nil: there is none.
	auth func(proto string) *handoff
	raw  *RawApps
}

// DropConnections cuts every connection of a client to the proxy, in mid-stream
// and without a goodbye, as a failing network does.
func (p *alpnRouter) DropConnections() { p.conns.drop() }

// accept takes connections on an address of the proxy until it is closed.
func (p *alpnRouter) accept(listener net.Listener, serve func(*clientConn)) {
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as too many open files
			p.cfg.Log.Warn("accept failed", "error", err)
			select {
			case <-time.After(50 * time.Millisecond):
			case <-p.ctx.Done():
				return
			}
			continue
		}
		client := p.conns.add(conn)
		p.wg.Go(func() { serve(client) })
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
func (p *alpnRouter) serveConn(conn helloConn) {
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	protos, taken, err := readHello(conn)
	conn.SetDeadline(time.Time{})
	if err != nil {
		p.cfg.Log.Debug("no TLS hello", "error", err)
		conn.Close()
		return
	}
	conn.unread(taken)
	serve := p.route(protos)
	if serve == nil {
		p.cfg.Log.Debug("no known ALPN value", "alpn", protos)
		conn.Close()
		return
	}
	serve(conn)
}

// route picks who serves a client by its ALPN values: in the client's order,
// the first that the proxy knows. A client without any gets the web port, and
// every client does if there is no TLS routing.
func (p *alpnRouter) route(protos []string) func(net.Conn) {
	if len(protos) == 0 || p.cfg.TLSRouting == TLSRoutingOff {
		return p.handWeb
	}
	release := mcpReleaseOf(p.cfg)
	for _, proto := range protos {
		switch {
		case proto == alpnHTTP1 && slices.ContainsFunc(protos, release.takesRaw):
			return p.raw.serveMixed
		case proto == alpnHTTP1, proto == alpnHTTP2,
			proto == alpnACME: // that the web port does not negotiate
			return p.handWeb
		case proto == alpnTunnel:
			return func(conn net.Conn) { p.serveTunnel(conn, proto) }
		case release.takesRaw(proto):
			return p.raw.serve
		case strings.HasPrefix(proto, alpnAuthPrefix):
			// The cluster is read from the first value only.
			if auth := p.auth(protos[0]); auth != nil {
				return auth.deliver
			}
			return nil
		}
	}
	return nil
}

func (p *alpnRouter) handWeb(conn net.Conn) {
	config, _ := p.tlsFor(conn)
	p.web.deliver(tls.Server(conn, config))
}

// tlsFor is the proxy's TLS, which differs inside upgraded connections.
func (p *alpnRouter) tlsFor(conn net.Conn) (config *tls.Config, upgraded bool) {
	switch conn.(type) {
	case *upgradedConn, *legacyConn:
		return p.hostTLS, true
	}
	return p.webTLS, false
}

// serveTunnel completes the handshake by which clients find out whether
// something between them and the proxy takes ALPN away (protocol.md
// 6.4), and keeps the connection until the client leaves.
func (p *alpnRouter) serveTunnel(conn net.Conn, proto string) {
	config := p.webTLS.Clone()
	config.NextProtos = []string{proto}
	tunnel := tls.Server(conn, config)
	defer tunnel.Close()
	ctx, cancel := context.WithTimeout(p.ctx, handshakeTimeout)
	defer cancel()
	if err := tunnel.HandshakeContext(ctx); err != nil {
		p.cfg.Log.Debug("tunnel handshake", "error", err)
		return
	}
	tunnel.SetDeadline(time.Now().Add(handshakeTimeout))
	io.Copy(io.Discard, tunnel)
}

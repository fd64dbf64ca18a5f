// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// pingSuffix ends the ALPN values that mean frames (protocol.md 13.1).
const pingSuffix = "-ping"

// maxRawConns bounds the record of connections; the oldest go first.
const maxRawConns = 1000

// RawApps are the raw apps of a cluster, those that are no HTTP: mcp+stdio and
// mcp+sse+http (protocol.md 13). Each connection of a client is one to the MCP
// server behind the app, and a stdio server is a process that lives as long.
//
// Its methods say what came, and make the servers fail. What else ends a
// connection ends those here too: EndStreams, DropConnections, SetAppOnline,
// SetStreamIdleTimeout, SetEndStreamsAtExpiry, LockUser, SetDenial.
type RawApps struct {
	*appProxy
	router *alpnRouter
	web    http.Handler // of the web port

	mu      sync.Mutex
	conns   []*rawRecord
	broken  map[string]bool // by app
	changed chan struct{}   // closed at the next change, nil if nobody waits
}

// A RawConn is a connection to a raw app, as the cluster saw it.
type RawConn struct {
	User, App string // empty if the certificate names none
	ALPN      string // negotiated
	Upgraded  bool   // inside a connection upgrade
	Denied    bool   // the app service let nobody through
	PID       int    // of the server's process; 0 if there is none, or none yet
	Lines     int    // that came from the client
	Ended     bool
}

// rawRecord is what is kept of a connection.
type rawRecord struct {
	RawConn
	server rawServer // while it runs
}

// Conns returns the latest connections (at most 1000) in the order in which
// their certificates were looked at.
func (a *RawApps) Conns() []RawConn {
	conns, _ := a.snapshot()
	return conns
}

// Await waits until the connections match. Those made before the call count.
func (a *RawApps) Await(ctx context.Context, match func([]RawConn) bool) error {
	for {
		conns, changed := a.snapshot()
		if match(conns) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// SetBroken makes the server of an app end at once whenever it is started, or
// not be there, until it is taken back. Servers that run go on.
func (a *RawApps) SetBroken(app string, broken bool) {
	a.update(func() {
		if a.broken == nil {
			a.broken = map[string]bool{}
		}
		a.broken[app] = broken
	})
}

// KillServers kills the servers of an app that run now, as if each had crashed,
// and returns how many there were.
func (a *RawApps) KillServers(app string) (killed int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, conn := range a.conns {
		if conn.App == app && conn.server != nil {
			conn.server.kill()
			killed++
		}
	}
	return killed
}

func (a *RawApps) snapshot() (conns []RawConn, changed <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.changed == nil {
		a.changed = make(chan struct{})
	}
	for _, conn := range a.conns {
		conns = append(conns, conn.RawConn)
	}
	return conns, a.changed
}

// update changes something and wakes whoever waits for a change.
func (a *RawApps) update(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	if a.changed != nil {
		close(a.changed)
		a.changed = nil
	}
}

func (a *RawApps) add(conn *rawRecord) {
	a.update(func() {
		if len(a.conns) >= maxRawConns {
			a.conns = slices.Delete(a.conns, 0, 1)
		}
		a.conns = append(a.conns, conn)
	})
}

// serve completes the handshake and serves what comes then.
func (a *RawApps) serve(conn net.Conn) {
	raw := a.handshake(conn)
	if raw == nil {
		return
	}
	defer raw.stream.Close()
	if strings.HasSuffix(raw.ALPN, pingSuffix) {
		framed := &framedConn{Conn: raw.stream}
		raw.stream = framed
		defer framed.keepBusy(a.cfg.AppTimes.RawPing)()
	}
	a.add(raw.rawRecord)
	raw.serve()
	a.update(func() { raw.Ended, raw.server = true, nil })
}

// serveMixed serves a client that offers a raw app's protocol behind that of the
// web port: the web port serves it, and without frames, although the proxy
// negotiates what it prefers (protocol.md 13.1).
func (a *RawApps) serveMixed(conn net.Conn) {
	if raw := a.handshake(conn); raw != nil {
		defer raw.stream.Close()
		raw.serveBy(a.web)
	}
}

// handshake completes the handshake; nil means that it has failed.
func (a *RawApps) handshake(conn net.Conn) *rawConn {
	config, upgraded := a.router.tlsFor(conn)
	secure := tls.Server(conn, config)
	ctx, cancel := context.WithTimeout(a.ctx, handshakeTimeout)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		a.cfg.Log.Debug("handshake of a raw app", "error", err)
		secure.Close()
		return nil
	}
	state := secure.ConnectionState()
	return &rawConn{
		rawRecord: &rawRecord{RawConn: RawConn{ALPN: state.NegotiatedProtocol, Upgraded: upgraded}},
		apps:      a, stream: secure, tls: state, faults: a.faults.get(),
	}
}

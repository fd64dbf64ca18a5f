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
	"time"
)

// rawConn is a connection of a client to a raw app.
type rawConn struct {
	*rawRecord // guarded by apps.mu

	apps   *RawApps
	stream net.Conn // inside TLS and frames
	tls    tls.ConnectionState
	faults switches

	call *appCall        // whose it is and to where
	gone <-chan struct{} // closed when the app service goes
}

// serve is what the proxy and the app service do with the connection until it
// ends. Whatever is wrong, the client sees it end without a word, unless the app
// service itself says no (protocol.md 13.2).
func (r *rawConn) serve() {
	a := r.apps
	ctx, running, done := a.sessions.begin(a.ctx)
	defer done()
	if !wait(ctx, r.faults.latency) || !r.find(running) {
		return
	}
	r.apps.update(func() { r.User, r.App = r.call.session.Username, r.call.app.Name })
	a.cfg.Log.Info("raw app", "user", r.User, "app", r.App, "alpn", r.ALPN)
	if !isRaw(r.call.app) {
		r.serveHTTP()
		return
	}
	if v := a.service.judge(r.call); v != allowed {
		r.apps.update(func() { r.Denied = true })
		r.deny(ctx, v)
		return
	}
	server := r.connect(ctx)
	if server == nil {
		return
	}
	r.apps.update(func() { r.server, r.PID = server, server.pid() })
	newRawSession(r, server).run(ctx)
}

// find finds the app of the client's certificate, which alone chooses it; false
// means that there is none, or nobody who may ask.
func (r *rawConn) find(running *appRequest) bool {
	a := r.apps
	if len(r.tls.VerifiedChains) == 0 {
		return false
	}
	id, err := parseIdentity(r.tls.PeerCertificates[0])
	if err != nil || !slices.Contains(id.Usage, usageApps) || id.SessionID == "" {
		return false
	}
	session := a.sessions.live(id, time.Now())
	if session == nil || id.RouteToCluster != session.Cluster {
		return false
	}
	home := a.home(session.Cluster)
	if home == nil {
		return false
	}
	a.sessions.owned(running, id.Username, true)
	app, ok := home.appByAddr(session.PublicAddr)
	r.call = &appCall{app: app, identity: home.here(id), session: session, home: home, running: running, faults: r.faults}
	r.gone = home.appLeaves(app.Name)
	return ok && home.appOnline(app.Name)
}

// connect starts the server of an app, or connects to it; nil means that it is
// not there.
func (r *rawConn) connect(ctx context.Context) rawServer {
	a, app, release := r.apps, r.call.app, r.call.home.mcp
	broken := false
	a.update(func() { broken = a.broken[app.Name] })
	stdio := strings.HasPrefix(app.URI, stdioScheme)
	var server rawServer
	var err error
	switch {
	case broken, !release.raw, !stdio && !release.apps:
		return nil
	case stdio:
		server, err = startProcess(a.ctx, app, a.cfg.AppTimes.RawKill, a.cfg.Log)
	default:
		var identify func(*http.Request) error
		if release.sseHeaders {
			identify = a.service.identifier(r.call)
		}
		server, err = connectSSE(ctx, app, a.service.upstreams.trusted(), a.cfg.AppTimes.MCPHeaders, release.oldStreams, identify)
	}
	if err != nil {
		a.cfg.Log.Info("raw app: no server", "app", app.Name, "error", err)
		return nil
	}
	return server
}

// serveHTTP serves an app that speaks HTTP: what comes reaches its HTTP server
// (protocol.md 13.1).
func (r *rawConn) serveHTTP() { r.serveBy(http.HandlerFunc(r.apps.serveApp)) }

// serveBy serves HTTP on the connection, whatever was negotiated.
func (r *rawConn) serveBy(handler http.Handler) {
	one := &oneConn{conn: struct{ net.Conn }{r.stream}, done: make(chan struct{})}
	server := r.apps.newServer(r.apps.cfg, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.TLS = &r.tls
		handler.ServeHTTP(w, req)
	}))
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			one.Close()
		}
	}
	server.Serve(one)
	<-one.done
}

// oneConn is a listener with one connection.
type oneConn struct {
	conn  net.Conn
	taken bool
	done  chan struct{}
	once  sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	if l.taken {
		<-l.done
		return nil, net.ErrClosed
	}
	l.taken = true
	return l.conn, nil
}

func (l *oneConn) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }

// What the URIs of raw apps begin with; for SSE that of the event stream follows.
const (
	stdioScheme = "mcp+stdio:"
	sseScheme   = "mcp+sse+"
)

// isRaw reports whether an app is reached by a raw connection.
func isRaw(app App) bool {
	return strings.HasPrefix(app.URI, stdioScheme) || strings.HasPrefix(app.URI, sseScheme)
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// appProxy is the proxy's part in serving apps: it knows sessions, and the
// connections of the app service that they use.
type appProxy struct {
	*life
	*listeners
	cfg      Config
	apps     *registry
	home     func(cluster string) *site // see Cluster.home
	sessions *sessions
	requests *requestLog
	faults   *faults
	service  *appService
}

// appCall is an app request on its way to its app.
type appCall struct {
	app      App
	target   *url.URL // scheme and host of the app, with the path of its URI
	identity identity // of the user as home knows them
	session  *appSession
	link     *appLink // nil if it does not outlive the request
	home     *site    // that has the app: this cluster or a leaf
	running  *appRequest
	record   *RequestRecord
	faults   switches
}

// serveApp answers a request on the web port whose connection carries a
// verified client certificate. The Host header plays no part in it.
func (p *appProxy) serveApp(w http.ResponseWriter, r *http.Request) {
	ctx, running, done := p.sessions.begin(r.Context())
	defer done()
	call := &appCall{running: running, record: p.requests.add(r), faults: p.faults.get()}
	w = &statusWriter{ResponseWriter: w, log: p.requests, rec: call.record}
	defer p.logRequest(call)
	stop := call.limitStream(r)
	defer stop()
	p.routeApp(w, r.WithContext(ctx), call)
}

func (p *appProxy) logRequest(call *appCall) {
	p.requests.mu.Lock()
	rec := *call.record
	p.requests.mu.Unlock()
	path, _, _ := strings.Cut(rec.Path, "?")
	p.cfg.Log.Info("app request", "user", rec.User, "app", rec.App, "method", rec.Method, "path", path,
		"mcp_method", rec.MCPMethod, "status", rec.Status)
}

func (p *appProxy) routeApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	if !wait(r.Context(), call.faults.latency) {
		bare(w, http.StatusBadGateway)
		return
	}
	if hook := call.faults.hook; hook != nil && hook(w, r) {
		return
	}
	if status := p.authenticate(r, call); status != 0 {
		deny(w, status)
		return
	}
	if p.serveReserved(w, r, call) || !p.connectApp(w, call) {
		return
	}
	p.service.serveLink(w, r, call)
	if call.link != nil && r.Context().Err() == nil {
		p.sessions.keepLink(call.session, call.link)
	}
}

// authenticate finds the app session of the client certificate: 0, or the
// status to refuse the request with (protocol.md 8.4).
func (p *appProxy) authenticate(r *http.Request, call *appCall) int {
	id, err := parseIdentity(r.TLS.PeerCertificates[0])
	if err != nil {
		return http.StatusForbidden
	}
	p.requests.update(func() { call.record.User, call.record.App = id.Username, id.AppName })
	notice := time.Now().Add(-p.cfg.AppTimes.Expired) // what expired later is not noticed yet
	if !slices.Contains(id.Usage, usageApps) || id.SessionID == "" || !id.Expires.After(notice) {
		return http.StatusForbidden
	}
	call.identity, call.session = id, p.sessions.live(id, notice)
	if call.session == nil {
		return http.StatusForbidden
	}
	p.sessions.owned(call.running, id.Username, false)
	return 0
}

// connectApp finds a connection of the session to the app service, or makes one;
// false means that there is none and the request is answered. The certificate
// must be routed to the cluster of the session.
func (p *appProxy) connectApp(w http.ResponseWriter, call *appCall) bool {
	home := p.home(call.session.Cluster)
	if home == nil || call.identity.RouteToCluster != call.session.Cluster {
		deny(w, http.StatusForbidden)
		return false
	}
	expired := !call.identity.Expires.After(time.Now())
	call.home, call.identity = home, home.here(call.identity)
	if link := p.sessions.takeLink(call.session, p.cfg.AppTimes.ServiceIdle); link != nil &&
		home.appOnline(link.app.Name) && !(expired && call.faults.endAtExpiry) {
		call.link, call.app = link, link.app
		return true
	}
	app, ok := p.service.served(call)
	online := ok && home.appOnline(app.Name)
	switch before := p.sessions.choose(call.session, online); {
	case !online && !before:
		deny(w, http.StatusForbidden) // the proxy knows no app server
		return false
	case !online || expired:
		bare(w, http.StatusBadGateway)
		return false
	}
	call.app = app
	call.link = &appLink{app: app, verdict: p.service.judge(call)}
	return true
}

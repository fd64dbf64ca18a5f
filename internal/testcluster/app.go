// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// appCall is an app request on its way to its app.
type appCall struct {
	app      App
	target   *url.URL // scheme and host of the app, with the path of its URI
	identity identity // of the user as home knows them
	session  *appSession
	link     *appLink // nil if it does not outlive the request
	home     *Cluster // that has the app: this one or a leaf
	running  *appRequest
	record   *RequestRecord
	faults   switches
}

// serveApp answers a request on the web port whose connection carries a
// verified client certificate. The Host header plays no part in it.
func (c *Cluster) serveApp(w http.ResponseWriter, r *http.Request) {
	ctx, running, done := c.sessions.begin(r.Context())
	defer done()
	call := &appCall{running: running, record: c.faults.log.add(r), faults: c.faults.get()}
	w = &statusWriter{ResponseWriter: w, log: &c.faults.log, rec: call.record}
	defer c.logRequest(call)
	stop := call.limitStream(r)
	defer stop()
	c.routeApp(w, r.WithContext(ctx), call)
}

func (c *Cluster) logRequest(call *appCall) {
	c.faults.log.mu.Lock()
	rec := *call.record
	c.faults.log.mu.Unlock()
	path, _, _ := strings.Cut(rec.Path, "?")
	c.log.Info("app request", "user", rec.User, "app", rec.App, "method", rec.Method, "path", path,
		"mcp_method", rec.MCPMethod, "status", rec.Status)
}

func (c *Cluster) routeApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	if !wait(r.Context(), call.faults.latency) {
		bare(w, http.StatusBadGateway)
		return
	}
	if hook := call.faults.hook; hook != nil && hook(w, r) {
		return
	}
	if status := c.authenticate(r, call); status != 0 {
		deny(w, status)
		return
	}
	if c.serveReserved(w, r, call) || !c.connectApp(w, call) {
		return
	}
	c.serveLink(w, r, call)
	if call.link != nil && r.Context().Err() == nil {
		c.sessions.keepLink(call.session, call.link)
	}
}

// authenticate finds the app session of the client certificate: 0, or the
// status to refuse the request with (protocol.md 8.4).
func (c *Cluster) authenticate(r *http.Request, call *appCall) int {
	id, err := parseIdentity(r.TLS.PeerCertificates[0])
	if err != nil {
		return http.StatusForbidden
	}
	c.faults.log.update(func() { call.record.User, call.record.App = id.Username, id.AppName })
	notice := time.Now().Add(-c.cfg.AppTimes.Expired) // what expired later is not noticed yet
	if !slices.Contains(id.Usage, usageApps) || id.SessionID == "" || !id.Expires.After(notice) {
		return http.StatusForbidden
	}
	call.identity, call.session = id, c.sessions.live(id, notice)
	if call.session == nil {
		return http.StatusForbidden
	}
	c.sessions.owned(call.running, id.Username)
	return 0
}

// connectApp finds a connection of the session to the app service, or makes one;
// false means that there is none and the request is answered. The certificate
// must be routed to the cluster of the session.
func (c *Cluster) connectApp(w http.ResponseWriter, call *appCall) bool {
	home := c.home(call.session.Cluster)
	if home == nil || call.identity.RouteToCluster != call.session.Cluster {
		deny(w, http.StatusForbidden)
		return false
	}
	expired := !call.identity.Expires.After(time.Now())
	call.home, call.identity = home, home.here(call.identity)
	if link := c.sessions.takeLink(call.session, c.cfg.AppTimes.ServiceIdle); link != nil &&
		home.appOnline(link.app.Name) && !(expired && call.faults.endAtExpiry) {
		call.link, call.app = link, link.app
		return true
	}
	app, ok := c.served(call)
	online := ok && home.appOnline(app.Name)
	switch before := c.sessions.choose(call.session, online); {
	case !online && !before:
		deny(w, http.StatusForbidden) // the proxy knows no app server
		return false
	case !online || expired:
		bare(w, http.StatusBadGateway)
		return false
	}
	call.app = app
	call.link = &appLink{app: app, verdict: c.judge(call)}
	return true
}

// served returns the app of the session that the app service answers for. One
// that was deleted it answers for a while longer, to say that it is gone.
func (c *Cluster) served(call *appCall) (App, bool) {
	app, ok := call.home.appByAddr(call.session.PublicAddr)
	if !ok {
		app, ok = call.home.justDeleted(call.session.PublicAddr, c.cfg.AppTimes.Deleted)
	}
	return app, ok
}

// serveLink is what the app service does with a request on one of its
// connections.
func (c *Cluster) serveLink(w http.ResponseWriter, r *http.Request, call *appCall) {
	if v := call.link.verdict; isMCP(call.app) && v != allowed {
		c.denyMCPApp(w, r, call)
		return
	}
	target, err := url.Parse(strings.TrimPrefix(call.app.URI, "mcp+"))
	if err != nil || target.Scheme != "http" && target.Scheme != "https" {
		bare(w, http.StatusInternalServerError) // raw protocols have no HTTP
		return
	}
	call.target = target
	if isMCP(call.app) {
		if !call.home.mcp.apps {
			bare(w, http.StatusInternalServerError) // the scheme is not known
			return
		}
		c.serveMCP(w, r, call)
		return
	}
	c.serveWebApp(w, r, call)
}

// serveWebApp forwards a request to a web app, if the user may use it now.
func (c *Cluster) serveWebApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	if _, ok := c.served(call); !ok {
		call.link = nil
		bare(w, http.StatusBadGateway)
		return
	}
	if v := c.judge(call); v != allowed {
		denyWeb(w, v)
		return
	}
	if path := call.target.EscapedPath(); r.URL.Path == "/" && path != "" && path != "/" {
		w.Header().Set("Location", "https://"+c.publicHost(call.app)+path)
		w.WriteHeader(http.StatusFound)
		return
	}
	c.forward(w, r, call, proxyHooks{onError: plainAppError})
}

// publicHost returns an app's public address with the port of the web address.
func (c *Cluster) publicHost(app App) string {
	_, port, err := net.SplitHostPort(c.Addr())
	if err != nil {
		return app.PublicAddr
	}
	return net.JoinHostPort(app.PublicAddr, port)
}

func isMCP(app App) bool { return strings.HasPrefix(app.URI, "mcp+") }

// denyMCP answers with an error of the app service, as JSON.
func denyMCP(w http.ResponseWriter, call *appCall, status int, message string) {
	if call.home.mcp.explains {
		w.Header().Set(errorOriginHeader, originAppService)
	}
	writeError(w, status, message)
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Paths that the proxy keeps for itself on every app (protocol.md 8.1).
const (
	authPath   = "/x-teleport-auth"
	logoutPath = "/teleport-logout"
)

// appCall is an app request on its way to its app.
type appCall struct {
	app      App
	target   *url.URL // scheme and host of the app, with the path of its URI
	identity identity // of the user as home knows them
	session  *appSession
	home     *Cluster // that has the app: this one or a leaf
	record   *RequestRecord
	faults   switches
}

// serveApp answers a request on the web port whose connection carries a
// verified client certificate. The Host header plays no part in it.
func (c *Cluster) serveApp(w http.ResponseWriter, r *http.Request) {
	ctx, running, done := c.sessions.begin(r.Context())
	defer done()
	call := &appCall{record: c.faults.log.add(r), faults: c.faults.get()}
	w = &statusWriter{ResponseWriter: w, log: &c.faults.log, rec: call.record}
	defer c.logRequest(call)
	stop := call.limitStream(r, running)
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
		deny(w, http.StatusInternalServerError)
		return
	}
	if hook := call.faults.hook; hook != nil && hook(w, r) {
		return
	}
	if status := c.authenticate(r, call); status != 0 {
		deny(w, status)
		return
	}
	if c.serveReserved(w, r, call) {
		return
	}
	if status := c.connectApp(call); status != 0 {
		deny(w, status)
		return
	}
	if isMCP(call.app) {
		c.serveMCP(w, r, call)
		return
	}
	c.servePlainApp(w, r, call)
}

// authenticate finds the app session of the client certificate: 0, or the
// status to refuse the request with (protocol.md 8.4).
func (c *Cluster) authenticate(r *http.Request, call *appCall) int {
	id, err := parseIdentity(r.TLS.PeerCertificates[0])
	if err != nil {
		return http.StatusForbidden
	}
	c.faults.log.update(func() { call.record.User, call.record.App = id.Username, id.AppName })
	if !slices.Contains(id.Usage, usageApps) || id.SessionID == "" || !id.Expires.After(time.Now()) {
		return http.StatusForbidden
	}
	call.identity, call.session = id, c.sessions.live(id)
	if call.session == nil {
		return http.StatusForbidden
	}
	return 0
}

// serveReserved answers the proxy's own paths. The browser's sign-in exchange
// is not modelled.
func (c *Cluster) serveReserved(w http.ResponseWriter, r *http.Request, call *appCall) bool {
	switch r.URL.Path {
	case authPath:
		deny(w, http.StatusForbidden)
	case logoutPath:
		if r.Method != http.MethodGet {
			deny(w, http.StatusMethodNotAllowed)
			break
		}
		c.sessions.delete(call.session.ID)
		http.Error(w, "Logged out.", http.StatusOK)
	default:
		return false
	}
	return true
}

// connectApp finds the app of the session by its cluster and its public
// address: 0, or the status to refuse the request with. The certificate must be
// routed to that cluster too.
func (c *Cluster) connectApp(call *appCall) int {
	home := c.home(call.session.Cluster)
	if home == nil || call.identity.RouteToCluster != call.session.Cluster {
		return http.StatusForbidden
	}
	app, ok := home.appByAddr(call.session.PublicAddr)
	if !ok {
		return http.StatusForbidden
	}
	call.home, call.app, call.identity = home, app, home.here(call.identity)
	online := home.appOnline(call.app.Name)
	before := c.sessions.connect(call.session, online)
	switch {
	case !online && before:
		return http.StatusInternalServerError
	case !online:
		return http.StatusForbidden
	}
	target, err := url.Parse(strings.TrimPrefix(call.app.URI, "mcp+"))
	if err != nil || target.Scheme != "http" && target.Scheme != "https" {
		return http.StatusInternalServerError // raw protocols have no HTTP
	}
	call.target = target
	return 0
}

// servePlainApp forwards a request to a web app. A role that does not allow
// the app hides it.
func (c *Cluster) servePlainApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	if !appAllowed(call.home.rolesOf(call.identity), call.identity.Traits, call.app) {
		deny(w, http.StatusNotFound)
		return
	}
	if path := call.target.Path; r.URL.Path == "/" && path != "" && path != "/" {
		http.Redirect(w, r, "https://"+c.publicHost(call.app)+call.target.EscapedPath(), http.StatusFound)
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

// deny answers with a status and its text, as plain text.
func deny(w http.ResponseWriter, status int) {
	http.Error(w, http.StatusText(status), status)
}

// denyMCP answers with an error of the app service, as JSON.
func denyMCP(w http.ResponseWriter, call *appCall, status int, message string) {
	if call.faults.errorOrigin {
		w.Header().Set(errorOriginHeader, originAppService)
	}
	writeError(w, status, message)
}

// mustJSON renders a string, which cannot fail.
func mustJSON(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

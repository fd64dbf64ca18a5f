// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// appService is the app service: it decides who may use an app, and carries the
// requests to it. There is one for the apps of the cluster and of its leaves; what
// it knows of them is in [appCall].
type appService struct {
	*listeners
	times     AppTimes
	root      *site
	sessions  *sessions
	requests  *requestLog
	upstreams *upstreams
}

// served returns the app of the session that the app service answers for. One
// that was deleted it answers for a while longer, to say that it is gone.
func (s *appService) served(call *appCall) (App, bool) {
	app, ok := call.home.appByAddr(call.session.PublicAddr)
	if !ok {
		app, ok = call.home.justDeleted(call.session.PublicAddr, s.times.Deleted)
	}
	return app, ok
}

// serveLink is what the app service does with a request on one of its
// connections.
func (s *appService) serveLink(w http.ResponseWriter, r *http.Request, call *appCall) {
	if v := call.link.verdict; isMCP(call.app) && v != allowed {
		s.denyMCPApp(w, r, call)
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
		s.serveMCP(w, r, call)
		return
	}
	s.serveWebApp(w, r, call)
}

// serveWebApp forwards a request to a web app, if the user may use it now.
func (s *appService) serveWebApp(w http.ResponseWriter, r *http.Request, call *appCall) {
	if _, ok := s.served(call); !ok {
		call.link = nil
		bare(w, http.StatusBadGateway)
		return
	}
	if v := s.judge(call); v != allowed {
		denyWeb(w, v)
		return
	}
	if path := call.target.EscapedPath(); r.URL.Path == "/" && path != "" && path != "/" {
		w.Header().Set("Location", "https://"+s.publicHost(call.app)+path)
		w.WriteHeader(http.StatusFound)
		return
	}
	s.forward(w, r, call, proxyHooks{onError: plainAppError})
}

// publicHost returns an app's public address with the port of the web address.
func (s *appService) publicHost(app App) string {
	_, port, err := net.SplitHostPort(s.Addr())
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

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/rand"
	"encoding/hex"
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

// serveReserved answers the proxy's own paths; false means that it is none of
// them. Of the browser's sign-in exchange only the first step is modelled.
func (p *appProxy) serveReserved(w http.ResponseWriter, r *http.Request, call *appCall) bool {
	switch r.URL.Path {
	case authPath:
		p.startAppLogin(w, r)
	case logoutPath:
		if r.Method != http.MethodGet {
			deny(w, http.StatusMethodNotAllowed)
			break
		}
		p.sessions.delete(call.session.ID)
		for _, name := range []string{appSessionCookie, subjectCookie} {
			http.SetCookie(w, &http.Cookie{Name: name, Path: "/", Expires: time.Unix(0, 0).UTC(), HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
		}
		http.Error(w, "Logged out.", http.StatusOK)
	default:
		return false
	}
	return true
}

// startAppLogin sends a browser to the page that signs it in at an app, with a
// state that a cookie remembers.
func (p *appProxy) startAppLogin(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		setNoCache(w.Header())
		deny(w, http.StatusForbidden)
		return
	}
	state, asked := newState(), r.URL.Query()
	http.SetCookie(w, &http.Cookie{
		Name: "__Host-grv_app_auth_state_" + state, Value: newState(),
		Path: "/", MaxAge: 60, HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode,
	})
	p.launch(w, r, url.Values{"path": {asked.Get("path")}, "required-apps": {asked.Get("required-apps")}, "state": {state}})
}

// newState returns 32 random hex characters.
func newState() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// launchApp sends whoever asks for an app's host without a certificate to the
// page that would sign a browser in there (protocol.md 8.4). Whether the
// app exists does not matter if its host is below a name of the proxy.
func (p *appProxy) launchApp(w http.ResponseWriter, r *http.Request) bool {
	host := hostname(r.Host)
	_, known := p.apps.appByAddr(host)
	if !known && !slices.ContainsFunc(append([]string{"localhost"}, p.cfg.WebNames...), func(name string) bool {
		return strings.HasSuffix(host, "."+name)
	}) {
		return false
	}
	query := url.Values{"path": {r.URL.Path}}
	if r.URL.RawQuery != "" {
		query.Set("query", r.URL.RawQuery)
	}
	p.launch(w, r, query)
	return true
}

// launch sends a browser to the page that signs it in at the host it asks for.
func (p *appProxy) launch(w http.ResponseWriter, r *http.Request, query url.Values) {
	http.Redirect(w, r, p.URL()+"/web/launch/"+hostname(r.Host)+"?"+query.Encode(), http.StatusFound)
}

// hostname is a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
)

// The addresses of the identity provider: the page that a login opens, which has
// another path at GitHub, and where its form goes.
const (
	authorizePath       = "/authorize"
	githubAuthorizePath = "/login/oauth/authorize"
	signInPath          = "/sign-in"
)

// messagePages are the pages of the proxy on which a login can end
// (protocol.md 2.4). A real proxy shows more; any 200 page does for a browser.
var messagePages = map[string]string{
	"/web/msg/info/login_success":  "You are signed in. You may close this window.",
	"/web/msg/info/login_terminal": "Go back to your terminal to finish signing in.",
	"/web/msg/info/login_close":    "You may close this window.",
	"/web/msg/error/login":         "Signing in has failed.",
	"/web/msg/error/login/auth":    "Signing in has failed: no role is mapped to you.",
	callbackErrorPage:              "Signing in has failed: the login is not known any more, or its callback cannot be used.",
}

func servePage(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, htmlPage("message.html", map[string]any{"Text": text}))
	}
}

// idpHandler serves the identity provider: a page on which a person picks who
// they are. Nobody is asked for a password, which is why the cluster listens
// on loopback only.
func (l *ssoLogins) idpHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+authorizePath, l.serveAuthorize)
	mux.HandleFunc("POST "+authorizePath, l.serveAuthorize)
	mux.HandleFunc("GET "+githubAuthorizePath, l.serveAuthorize)
	mux.HandleFunc("POST "+signInPath, l.serveSignIn)
	return mux
}

// authorizeParams is what the login's connector takes along to the identity
// provider, as its protocol names it.
func (l *ssoLogins) authorizeParams(connector Connector, state string) authorizeParams {
	p := authorizeParams{Action: l.IdP() + authorizePath}
	if connector.Type == "saml" {
		p.Fields = map[string]string{"SAMLRequest": newUUID(), "RelayState": state}
		return p
	}
	p.Fields = map[string]string{
		"client_id":     l.cfg.Name,
		"redirect_uri":  l.URL() + "/v1" + callbackPath(connector.Type),
		"response_type": "code",
		"state":         state,
	}
	if connector.Type == "github" {
		p.Action, p.Fields["scope"] = l.IdP()+githubAuthorizePath, "read:org"
	}
	return p
}

type authorizeParams struct {
	Action string
	Fields map[string]string
}

func (l *ssoLogins) authorizeURL(connector Connector, state string) string {
	params := l.authorizeParams(connector, state)
	query := url.Values{}
	for name, value := range params.Fields {
		query.Set(name, value)
	}
	return params.Action + "?" + query.Encode()
}

// serveAuthorize shows the page of a login that has begun.
func (l *ssoLogins) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	state := cmp.Or(r.FormValue("state"), r.FormValue("RelayState"))
	begun := l.find(state)
	if begun == nil {
		http.Error(w, "This login is not known, or took too long.", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	io.WriteString(w, htmlPage("idp.html", map[string]any{
		"Cluster": l.cfg.Name, "Provider": begun.connector.Display, "Action": signInPath, "State": state,
		"Options": userOptions(l.cfg.Users),
	}))
}

// serveSignIn leads the browser back to the proxy, with a code for the chosen
// user or with an error.
func (l *ssoLogins) serveSignIn(w http.ResponseWriter, r *http.Request) {
	state := r.FormValue("state")
	begun := l.find(state)
	if begun == nil {
		http.Error(w, "This login is not known, or took too long.", http.StatusBadRequest)
		return
	}
	query := url.Values{"state": {state}}
	if r.FormValue("action") == "deny" {
		query.Set("error", "access_denied")
		query.Set("error_description", "The user has denied your application access.")
	} else if _, ok := l.user(r.FormValue("user")); ok {
		query.Set("code", l.grant(begun, r.FormValue("user")))
	} else {
		http.Error(w, "There is no such user.", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, l.URL()+"/v1"+callbackPath(begun.connector.Type)+"?"+query.Encode(), http.StatusSeeOther)
}

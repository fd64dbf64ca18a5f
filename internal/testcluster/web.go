// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody bounds a web API request, in bytes.
const maxBody = 1 << 20

// webAPI is what the web port serves to whoever shows no certificate of an app.
type webAPI struct {
	cfg      Config
	jwt      *jwtSigner
	ping     *pingAPI
	rate     *rateLimit
	sso      *ssoLogins
	local    *localLogins
	headless *headlessAPI
	upgrades *upgrades
	apps     *appProxy
}

// newServer returns the server of the web port. Whoever shows a client
// certificate reaches the apps, whatever the host and the path
// (protocol.md 8.1); everybody else reaches the web API.
func (a *webAPI) newServer(life *life, config *tls.Config) *http.Server {
	api := a.handler()
	server := life.newServer(a.cfg, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
			a.apps.serveApp(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))
	server.TLSConfig = config.Clone() // net/http changes it
	return server
}

// handler serves the web API and the few pages that a login shows. Each
// path exists with and without the prefix /v1 (protocol.md 1).
func (a *webAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /webapi/ping", a.ping.servePing)
	mux.HandleFunc("GET /webapi/ping/{connector}", a.rate.limitedPing(a.ping.servePingConnector))
	mux.HandleFunc("GET /webapi/find", a.ping.serveFind)
	mux.HandleFunc("GET /webapi/motd", a.ping.serveMOTD)
	mux.HandleFunc("GET /webapi/connectionupgrade", a.upgrades.serveUpgrade)
	mux.HandleFunc("GET /web/config.js", a.ping.serveWebConfig)
	mux.HandleFunc("GET /.well-known/jwks.json", a.jwt.serveJWKS)
	for _, typ := range a.ping.connectors.types() {
		mux.HandleFunc("POST /webapi/"+typ+"/login/console", a.rate.limited(&a.rate.console, func(w http.ResponseWriter, r *http.Request) {
			a.sso.serveConsole(w, r, typ)
		}))
		mux.HandleFunc(callbackPath(typ), a.sso.serveCallback)
	}
	mux.HandleFunc("POST /webapi/mfa/login/begin", a.rate.limited(&a.rate.local, a.local.serveMFABegin))
	mux.HandleFunc("POST /webapi/mfa/login/finish", a.rate.limited(&a.rate.local, a.local.serveMFAFinish))
	if !a.cfg.atLeast("18.0.0") {
		mux.HandleFunc("POST /webapi/ssh/certs", a.rate.limited(&a.rate.local, a.local.serveSSHCerts))
	}
	mux.HandleFunc("POST /webapi/headless/login", a.rate.limited(&a.rate.local, a.headless.serveLogin))
	mux.HandleFunc("GET /web/mfa/browser/{id}", a.local.serveBrowserMFA)
	mux.HandleFunc("POST /web/mfa/browser/{id}", a.local.serveBrowserMFAAnswer)
	mux.HandleFunc("GET /web/headless/{id}", a.headless.servePage)
	mux.HandleFunc("POST /web/headless/{id}", a.headless.serveAnswer)
	for path, text := range messagePages {
		mux.HandleFunc("GET "+path, servePage(text))
	}
	mux.HandleFunc("GET /webapi/sites", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusForbidden, "missing session cookie") // nobody has one
	})
	mux.HandleFunc("/", a.serveUnknown)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.apps.launchApp(w, r) {
			return
		}
		setWebHeaders(w.Header())
		if path, ok := strings.CutPrefix(r.URL.Path, "/v1/"); ok {
			r.URL.Path, r.URL.RawPath = "/"+path, ""
		}
		if r.Method == http.MethodHead { // which ServeMux takes for a GET, and the proxy for another method
			a.serveUnknown(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// serveUnknown answers for a path, or a method of a path, that is not served.
func (a *webAPI) serveUnknown(w http.ResponseWriter, _ *http.Request) {
	if a.cfg.NoWebUI {
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	writeError(w, http.StatusNotFound, "path not found")
}

// setWebHeaders sets what is on every answer of the web API.
func setWebHeaders(h http.Header) {
	setNoCache(h)
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("X-Xss-Protection", "1; mode=block")
}

// setNoCache forbids to keep an answer.
func setNoCache(h http.Header) {
	h.Set("Cache-Control", "no-cache, no-store, must-revalidate")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "0")
}

// writeJSON answers 200 with v.
func writeJSON(w http.ResponseWriter, v any) {
	body, _ := json.Marshal(v)
	w.Header().Set("Content-Type", "application/json")
	w.Write(body)
}

// webError is a refusal of the web API with another status than 403.
type webError struct {
	status int
	text   string
}

func (e *webError) Error() string { return e.text }

// badRequest is the refusal of a request that makes no sense.
func badRequest(text string) error { return &webError{http.StatusBadRequest, text} }

// writeRefusal answers with an error: 403 unless it says otherwise.
func writeRefusal(w http.ResponseWriter, err error) {
	status := http.StatusForbidden
	var other *webError
	if errors.As(err, &other) {
		status = other.status
	}
	writeError(w, status, err.Error())
}

// writeError answers with the error shape of the web API, indented by four
// spaces (protocol.md 1).
func writeError(w http.ResponseWriter, status int, message string) {
	body, _ := json.MarshalIndent(map[string]any{"error": map[string]string{"message": message}}, "", "    ")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// readJSON decodes the body of a web API request into v. Only a body that is
// declared as JSON is looked at.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return badRequest("invalid request")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		return badRequest("request: " + err.Error())
	}
	return nil
}

// sendOnPolicy is the policy of the page of sendOn.
const sendOnPolicy = "base-uri 'self'; default-src 'self'; form-action 'self'; frame-ancestors 'none'; " +
	"img-src 'self' data: blob:; object-src 'none'; script-src 'self' 'none'; style-src 'self' 'unsafe-inline';"

// sendOn sends a browser to another address the way the proxy does after a
// login: by a page with a meta refresh, not by a redirect (protocol.md 2.4).
func sendOn(w http.ResponseWriter, target string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", sendOnPolicy)
	fmt.Fprintf(w, `
<!DOCTYPE html>
<html lang="en">
	<head>
		<title>Teleport Redirection Service</title>
		<meta http-equiv="cache-control" content="no-cache"/>
		<meta http-equiv="refresh" content="0;URL='%s'" />
	</head>
	<body></body>
</html>
`, html.EscapeString(target))
}

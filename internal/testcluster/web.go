// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
)

// maxBody bounds a web API request, in bytes.
const maxBody = 1 << 20

// newServer returns an HTTP server with the proxy's timeouts, whose requests
// end with the cluster and which Close waits for.
func (c *Cluster) newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !c.begin() {
				panic(http.ErrAbortHandler)
			}
			defer c.wg.Done()
			handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: handshakeTimeout,
		IdleTimeout:       c.cfg.AppTimes.ClientIdle,
		BaseContext:       func(net.Listener) context.Context { return c.ctx },
		ErrorLog:          slog.NewLogLogger(c.log.Handler(), slog.LevelDebug),
	}
}

// newWebServer returns the server of the web port. Whoever shows a client
// certificate reaches the apps, whatever the host and the path
// (protocol.md 8.1); everybody else reaches the web API.
func (c *Cluster) newWebServer() *http.Server {
	api := c.webHandler()
	server := c.newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
			c.serveApp(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))
	server.TLSConfig = c.webTLS.Clone() // net/http changes it
	return server
}

// webHandler serves the web API and the few pages that a login shows. Each
// path exists with and without the prefix /v1 (protocol.md 1).
func (c *Cluster) webHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /webapi/ping", c.servePing)
	mux.HandleFunc("GET /webapi/ping/{connector}", c.limited(c.servePingConnector))
	mux.HandleFunc("GET /webapi/find", c.serveFind)
	mux.HandleFunc("GET /webapi/motd", c.serveMOTD)
	mux.HandleFunc("GET /webapi/connectionupgrade", c.serveUpgrade)
	mux.HandleFunc("GET /web/config.js", c.serveWebConfig)
	mux.HandleFunc("GET /.well-known/jwks.json", c.serveJWKS)
	for _, typ := range c.connectorTypes() {
		mux.HandleFunc("POST /webapi/"+typ+"/login/console", c.limited(func(w http.ResponseWriter, r *http.Request) {
			c.serveConsole(w, r, typ)
		}))
		mux.HandleFunc(callbackPath(typ), c.serveCallback)
	}
	mux.HandleFunc("POST /webapi/mfa/login/begin", c.limited(c.serveMFABegin))
	mux.HandleFunc("POST /webapi/mfa/login/finish", c.limited(c.serveMFAFinish))
	mux.HandleFunc("POST /webapi/headless/login", c.limited(c.serveHeadlessLogin))
	mux.HandleFunc("GET /web/mfa/browser/{id}", c.serveBrowserMFA)
	mux.HandleFunc("POST /web/mfa/browser/{id}", c.serveBrowserMFAAnswer)
	mux.HandleFunc("GET /web/headless/{id}", c.serveHeadless)
	mux.HandleFunc("POST /web/headless/{id}", c.serveHeadlessAnswer)
	for path, text := range messagePages {
		mux.HandleFunc("GET "+path, servePage(text))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, http.StatusNotFound, "path not found")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.launchApp(w, r) {
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if path, ok := strings.CutPrefix(r.URL.Path, "/v1/"); ok {
			r.URL.Path, r.URL.RawPath = "/"+path, ""
		}
		mux.ServeHTTP(w, r)
	})
}

// limited serves a path whose rate is limited: 429 while LimitRate says so.
func (c *Cluster) limited(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if c.hooks.rateLimited() {
			writeError(w, http.StatusTooManyRequests, "rate limit exceeded")
			return
		}
		serve(w, r)
	}
}

// writeJSON answers 200 with v.
func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

// writeError answers with the error shape of the web API, indented by four
// spaces (protocol.md 1).
func writeError(w http.ResponseWriter, status int, message string) {
	body, _ := json.MarshalIndent(map[string]any{"error": map[string]string{"message": message}}, "", "    ")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// readJSON decodes the body of a web API request into v.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

// sendOn sends a browser to another address the way the proxy does after a
// login: by a page with a meta refresh, not by a redirect (protocol.md 2.4).
func sendOn(w http.ResponseWriter, target string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="en">
	<head>
		<title>Redirecting</title>
		<meta http-equiv="cache-control" content="no-cache"/>
		<meta http-equiv="refresh" content="0;URL='%s'"/>
	</head>
	<body></body>
</html>
`, html.EscapeString(target))
}

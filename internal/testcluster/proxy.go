// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// flushInterval is how long bytes of a response of known length may wait.
// Event streams and responses of unknown length never do.
const flushInterval = 100 * time.Millisecond

// refusedText is the body for a web app that does not listen, as recorded.
const refusedText = "Connection Refused \n\n" +
	"Teleport was unable to connect to the requested host, possibly because the server \n" +
	"is not running. Ensure the server is running and listening on the correct port. \n\n" +
	"Use \"nc -vz HOST PORT\" to help debug this issue. \n"

// proxyHooks is what web apps and MCP apps do differently.
type proxyHooks struct {
	rewritePath func(*url.URL)
	onResponse  func(*http.Response) error
	onError     func(http.ResponseWriter, *http.Request, error)
}

// tokenLife returns how long a JWT for the app lives; 0 is as long as the
// certificate.
func (s *appService) tokenLife(call *appCall) time.Duration {
	if isMCP(call.app) {
		return s.times.MCPToken
	}
	return 0
}

// identifier returns what sets the headers of the requests of one raw connection, one
// after the other: with a token of its own, and another once that has ended
// (protocol.md 13.5).
func (s *appService) identifier(call *appCall) func(*http.Request) error {
	var token string
	var ends time.Time
	return func(req *http.Request) (err error) {
		if now := time.Now(); !now.Before(ends) {
			ends = now.Add(s.tokenLife(call))
			if token, err = call.home.jwt.sign(call.identity, call.app.URI, s.tokenLife(call)); err != nil {
				return err
			}
		}
		call.identify(req, token)
		return nil
	}
}

// forward sends a request to the app and streams the answer back.
func (s *appService) forward(w http.ResponseWriter, r *http.Request, call *appCall, hooks proxyHooks) {
	token, err := s.sessions.token(call.session, s.tokenLife(call), func() (string, error) {
		return call.home.jwt.sign(call.identity, call.app.URI, s.tokenLife(call))
	})
	if err != nil {
		deny(w, http.StatusInternalServerError)
		return
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.Out.URL.Scheme, pr.Out.URL.Host = call.target.Scheme, call.target.Host
			pr.Out.URL.RawQuery = pr.In.URL.RawQuery // also what does not parse
			if hooks.rewritePath != nil {
				hooks.rewritePath(pr.Out.URL)
			}
			pr.Out.Host = call.target.Host
			call.rewriteHeaders(pr, token)
		},
		Transport:      s.upstreams.to(call.app),
		FlushInterval:  flushInterval,
		ModifyResponse: hooks.onResponse,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if context.Cause(r.Context()) == errStreamEnded { // between the proxy and the app service
				bare(w, http.StatusBadGateway)
				return
			}
			hooks.onError(w, r, err)
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	// Without the server in the context a copy that breaks off is not a panic
	// but the end of the handler: the client sees the body end cleanly
	// (protocol.md 8.6).
	proxy.ServeHTTP(w, endBody(r.WithContext(context.WithValue(r.Context(), http.ServerContextKey, nil))))
}

// plainAppError answers for a web app that could not be reached.
func plainAppError(w http.ResponseWriter, _ *http.Request, err error) {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" && !dial.Timeout() {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, refusedText)
		return
	}
	bare(w, errorStatus(err))
}

// errorStatus is the status for an app that gave no answer.
func errorStatus(err error) int {
	var netErr net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return http.StatusInternalServerError
	case errors.Is(err, io.EOF):
		return http.StatusBadGateway
	case errors.As(err, &netErr) && netErr.Timeout():
		return http.StatusGatewayTimeout
	case netErr != nil:
		return http.StatusBadGateway
	}
	return http.StatusInternalServerError
}

// limitStream ends the request when the role options of the switches say so.
// The returned function stops watching.
func (call *appCall) limitStream(r *http.Request) (stop func()) {
	end := func() { call.running.end(errStreamEnded) }
	var timers []*time.Timer
	if idle := call.faults.streamIdle; idle > 0 {
		t := time.AfterFunc(idle, end)
		timers = append(timers, t)
		r.Body = &watchedBody{ReadCloser: r.Body, onRead: func() { t.Reset(idle) }}
	}
	if call.faults.endAtExpiry && len(r.TLS.PeerCertificates) > 0 {
		left := time.Until(r.TLS.PeerCertificates[0].NotAfter)
		timers = append(timers, time.AfterFunc(left, end))
	}
	return func() {
		for _, t := range timers {
			t.Stop()
		}
	}
}

// watchedBody tells when bytes of the client arrive.
type watchedBody struct {
	io.ReadCloser
	onRead func()
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.onRead()
	}
	return n, err
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
)

// How long a request waits for a certificate while somebody signs in: below
// the limits of the clients themselves, so that they hear from us what is
// missing (60 s is the least usual limit of a call, 30 s that of a start).
const (
	holdInitialize = 25 * time.Second
	holdRequest    = 50 * time.Second
	// A client that asks which eras there are turns to initialize as soon as that
	// fails, and initialize can be answered from memory.
	holdDiscover = 250 * time.Millisecond
)

// maxTries bounds how often one request is sent. Each further time a certificate
// has been given up that kept it from the app, so fewer are enough.
const maxTries = 6

// appTransport carries requests to one app through the proxy. Where Teleport
// answers in the app's place, it finds out why and mends what can be mended; the
// rest passes untouched. Profile and certificate are read when they are first
// needed, so that a bridge started before the login works after it.
type appTransport struct {
	certs *appCerts
	look  appLookup
	known func() bool // whether initialize can be answered from memory; nil: it cannot

	mu   sync.Mutex
	link *appLink
}

// appLink is what one certificate's connections belong to. With the certificate
// all of them go: none is used again that was opened with another one.
type appLink struct {
	cert *appCert
	http *http.Transport
}

func newAppTransport(certs *appCerts) *appTransport {
	return &appTransport{certs: certs, look: appLookup{ask: certs.lookUp, now: certs.now}}
}

// RoundTrip sends the request once it has a certificate, and again with another
// one if Teleport refused it before it reached the app (protocol.md 8.4).
// It returns an answer of the app, or of somebody unknown, as it is, and a
// *bridge.Error for one of Teleport's own.
func (t *appTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	s := &sending{appTransport: t, req: req, began: t.certs.now()}
	for try := 1; ; try++ {
		link, err := t.prepare(s.req)
		if err != nil {
			closeBody(s.req)
			return nil, refusedCertificate(s.req, err)
		}
		s.last = try == maxTries
		res, err := s.send(link)
		if !errors.Is(err, errAgain) {
			return res, err
		}
		if s.req, err = replay(s.req); err != nil {
			return nil, err
		}
	}
}

// refusedCertificate names the failure of a request for which there is no
// certificate because access is denied. That of a client's start stays one that
// may pass: the bridge can answer it from memory.
func refusedCertificate(req *http.Request, err error) error {
	if isStart(req) || !access.IsDenial(err) {
		return err
	}
	return &bridge.Error{Kind: bridge.KindForbidden, Executed: bridge.NotExecuted, Err: err}
}

// isStart tells whether the request is an initialize: only that has no version.
func isStart(req *http.Request) bool { return req.Header.Get("Mcp-Protocol-Version") == "" }

// prepare waits until there is a certificate, as long as the client will.
func (t *appTransport) prepare(req *http.Request) (*appLink, error) {
	hold := holdRequest
	if isStart(req) {
		hold = holdInitialize
	}
	signIn := hold
	if req.Header.Get("Mcp-Method") == "server/discover" && t.known != nil && t.known() {
		signIn = holdDiscover
	}
	ctx, cancel := context.WithTimeout(req.Context(), hold)
	defer cancel()
	cert, err := t.certs.await(ctx, signIn)
	if err != nil {
		return nil, noCertError{err}
	}
	return t.linkOf(cert)
}

// noCertError tells the bridge that there is no certificate to send a request
// with: whatever is the matter, it is not the way to the app.
type noCertError struct{ error }

func (e noCertError) Unwrap() error           { return e.error }
func (e noCertError) ClientCertificate() bool { return true }

// replay is the request with its body from the start.
func replay(req *http.Request) (*http.Request, error) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the body cannot be read twice")
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err
}

// linkOf is the link of the certificate, which from now on is the only one.
func (t *appTransport) linkOf(cert *appCert) (*appLink, error) {
	if link := t.current(); link != nil && link.cert == cert {
		return link, nil
	}
	c, err := t.certs.open()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	old := t.link
	if old != nil && old.cert == cert {
		return old, nil
	}
	t.link = &appLink{cert: cert, http: c.Proxy.AppTransport(func(context.Context) (*tls.Certificate, error) {
		return cert.Certificate, nil
	})}
	old.close()
	return t.link, nil
}

func (t *appTransport) current() *appLink {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.link
}

// forget makes the next request read the profile again when the proxy's CA is
// not the one it names: a login with --ca-file mends that.
func (t *appTransport) forget(err error) {
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link.close()
	t.link = nil
}

// CloseIdleConnections closes what is kept for later requests.
func (t *appTransport) CloseIdleConnections() { t.current().close() }

// close ends the connections that no request uses, and each of the others when
// its request is over.
func (l *appLink) close() {
	if l != nil {
		l.http.CloseIdleConnections()
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
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

// appTransport carries requests to one app through the proxy. The profile is
// read when it is first needed, so that a bridge started before the login
// works after it.
type appTransport struct {
	certs *appCerts
	known func() bool // whether initialize can be answered from memory; nil: it cannot

	mu    sync.Mutex
	inner *http.Transport
}

// RoundTrip sends the request once it has a certificate. A 403 says that the
// proxy does not know the connection's certificate any more, or that access is
// denied: the request, which did not reach the app, is sent again on a new
// connection, and then with a new certificate (protocol.md 8.4).
func (t *appTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.prepare(req); err != nil {
		return nil, err
	}
	for {
		inner, err := t.transport()
		if err != nil {
			return nil, err
		}
		used := t.certs.inHand()
		res, reused, err := roundTrip(inner, req)
		if err != nil {
			t.forget(err)
			return nil, err
		}
		if res.StatusCode != http.StatusForbidden || !reused && !t.certs.reject(used) {
			return res, nil
		}
		again, err := replay(req)
		if err != nil {
			return res, nil
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
		res.Body.Close()
		inner.CloseIdleConnections()
		req = again
	}
}

// prepare waits until there is a certificate, as long as the client will.
func (t *appTransport) prepare(req *http.Request) error {
	hold := holdRequest
	if req.Header.Get("Mcp-Protocol-Version") == "" { // only initialize has none
		hold = holdInitialize
	}
	signIn := hold
	if req.Header.Get("Mcp-Method") == "server/discover" && t.known != nil && t.known() {
		signIn = holdDiscover
	}
	ctx, cancel := context.WithTimeout(req.Context(), hold)
	defer cancel()
	_, err := t.certs.await(ctx, signIn)
	return err
}

// roundTrip sends the request and tells whether its connection had been used
// before: then it may have been opened with an older certificate.
func roundTrip(inner http.RoundTripper, req *http.Request) (res *http.Response, reused bool, err error) {
	var old atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { old.Store(c.Reused) }}
	res, err = inner.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	return res, old.Load(), err
}

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

func (t *appTransport) transport() (*http.Transport, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.inner == nil {
		c, err := t.certs.open()
		if err != nil {
			return nil, err
		}
		t.inner = c.proxy.AppTransport(t.certs.get)
	}
	return t.inner, nil
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
	if t.inner != nil {
		t.inner.CloseIdleConnections()
		t.inner = nil
	}
}

// CloseIdleConnections closes what is kept for later requests.
func (t *appTransport) CloseIdleConnections() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.inner != nil {
		t.inner.CloseIdleConnections()
	}
}

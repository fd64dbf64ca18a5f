// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/identfile"
)

// identityWatch looks before each request whether the identity file has
// changed. What was made with the old identity, the app certificate and the
// connections that were opened with it, is dropped then.
type identityWatch struct {
	*appTransport
	file *identfile.Live
	path string
	now  func() time.Time

	mu    sync.Mutex
	known *identfile.Identity
}

// watch returns the transport of a bridge whose identity may be in a file.
func watch(path string, t *appTransport) http.RoundTripper {
	if path == "" {
		return t
	}
	return &identityWatch{appTransport: t, file: &identfile.Live{}, path: path, now: t.certs.now}
}

// RoundTrip sends the request with the identity that the file holds now.
func (w *identityWatch) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.changed() {
		w.certs.drop()
		w.CloseIdleConnections()
	}
	return w.appTransport.RoundTrip(req)
}

// changed is true if the file holds another identity than at the last request.
// One that is gone or damaged changes nothing: what was made with it stays good
// until it expires.
func (w *identityWatch) changed() bool {
	id, err := w.file.Load(w.path, w.now())
	if err != nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.known
	w.known = id
	return before != nil && before != id
}

// drop forgets the certificate in hand.
func (a *appCerts) drop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = nil
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"sync"
	"time"
)

// headerTimeout is how long a web app may take until its response headers
// (protocol.md 8.1).
const headerTimeout = 5 * time.Minute

// upstreams are the connections of the app service to the apps.
type upstreams struct {
	mcpHeaders time.Duration // until the response headers of an MCP app

	mu         sync.Mutex
	roots      *x509.CertPool                    // of TrustApps
	transports map[time.Duration]*http.Transport // by the time to the response headers
}

// to returns the transport that carries requests to apps of this kind.
func (u *upstreams) to(app App) *http.Transport {
	u.mu.Lock()
	defer u.mu.Unlock()
	limit := headerTimeout
	if isMCP(app) {
		limit = u.mcpHeaders
	}
	if u.transports[limit] == nil {
		if u.transports == nil {
			u.transports = map[time.Duration]*http.Transport{}
		}
		u.transports[limit] = newUpstream(limit, u.roots)
	}
	return u.transports[limit]
}

// newUpstream makes a transport that changes nothing: no proxy of the
// environment, no compression of its own. limit is how long an app may take
// until its response headers.
func newUpstream(limit time.Duration, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DisableCompression:    true,
		ResponseHeaderTimeout: limit,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       90 * time.Second,
		TLSClientConfig:       &tls.Config{RootCAs: roots},
	}
}

// forget drops the transports to the apps and their idle connections.
func (u *upstreams) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range u.transports {
		t.CloseIdleConnections()
	}
	u.transports = nil
}

// trusted returns the roots of TrustApps.
func (u *upstreams) trusted() *x509.CertPool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.roots
}

// TrustApps sets the roots that the certificates of apps with an https URI are
// verified with; nil means the system's.
func (u *upstreams) TrustApps(roots *x509.CertPool) {
	u.forget()
	u.mu.Lock()
	defer u.mu.Unlock()
	u.roots = roots
}

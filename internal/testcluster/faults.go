// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"sync"
	"time"
)

// errStreamEnded is why a stream was cut that the client sees end cleanly.
var errStreamEnded = errors.New("stream ended by the cluster")

// headerTimeout is how long a web app may take until its response headers
// (protocol.md 8.1).
const headerTimeout = 5 * time.Minute

// faults are the switches that tests turn. The zero value is a healthy
// cluster.
type faults struct {
	mu  sync.Mutex
	now switches
	log requestLog

	roots      *x509.CertPool                    // of TrustApps
	transports map[time.Duration]*http.Transport // to the apps, by the time to their headers
}

// switches are the faults in force.
type switches struct {
	offline     map[string]bool // by app name
	latency     time.Duration
	streamIdle  time.Duration
	endAtExpiry bool
	denial      Denial
	hook        func(http.ResponseWriter, *http.Request) bool
}

// get returns the switches as they are now. The map is not for the caller.
func (f *faults) get() switches {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *faults) set(change func(*switches)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.now)
}

// upstream returns the transport that carries requests to apps of this kind.
func (c *Cluster) upstream(call *appCall) *http.Transport {
	f := &c.faults
	f.mu.Lock()
	defer f.mu.Unlock()
	limit := headerTimeout
	if isMCP(call.app) {
		limit = c.cfg.AppTimes.MCPHeaders
	}
	if f.transports[limit] == nil {
		if f.transports == nil {
			f.transports = map[time.Duration]*http.Transport{}
		}
		f.transports[limit] = newUpstream(limit, f.roots)
	}
	return f.transports[limit]
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
func (f *faults) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.transports {
		t.CloseIdleConnections()
	}
	f.transports = nil
}

// TrustApps sets the roots that the certificates of apps with an https URI are
// verified with; nil means the system's.
func (c *Cluster) TrustApps(roots *x509.CertPool) {
	c.faults.forget()
	c.faults.mu.Lock()
	defer c.faults.mu.Unlock()
	c.faults.roots = roots
}

// SetAppOnline takes an app's app server away, or brings it back. An app
// certificate that was never used is answered 403 then, one that was used 502,
// and lists leave the app out (protocol.md 8.4, 15.5).
func (c *Cluster) SetAppOnline(name string, online bool) {
	c.faults.set(func(s *switches) {
		if s.offline == nil {
			s.offline = map[string]bool{}
		}
		s.offline[name] = !online
	})
}

// appOnline reports whether an app server carries the app.
func (c *Cluster) appOnline(name string) bool {
	c.faults.mu.Lock()
	defer c.faults.mu.Unlock()
	return !c.faults.now.offline[name]
}

// SetLatency makes every app request wait that long before it is looked at.
func (c *Cluster) SetLatency(d time.Duration) {
	c.faults.set(func(s *switches) { s.latency = d })
}

// SetStreamIdleTimeout models the role option client_idle_timeout: an answer
// that is still streaming ends cleanly that long after the last bytes from the
// client; what the server sends does not count (protocol.md 8.6). It
// holds for requests that begin after the call; 0, the default, is no limit.
func (c *Cluster) SetStreamIdleTimeout(d time.Duration) {
	c.faults.set(func(s *switches) { s.streamIdle = d })
}

// SetEndStreamsAtExpiry models the role option disconnect_expired_cert: an
// answer that is still streaming ends cleanly when the app certificate
// expires. By default it goes on (protocol.md 8.6).
func (c *Cluster) SetEndStreamsAtExpiry(on bool) {
	c.faults.set(func(s *switches) { s.endAtExpiry = on })
}

// EndStreams ends every answer that is streaming now, cleanly, as the timeouts
// do. A request that has no response headers yet is answered 502.
func (c *Cluster) EndStreams() { c.sessions.endAll(errStreamEnded) }

// DropConnections cuts every connection of a client to the proxy, in mid-stream
// and without a goodbye, as a failing network does.
func (c *Cluster) DropConnections() { c.dropConnections() }

// OnAppRequest sets a function that sees every app request before the cluster
// does and may answer it: true means that it has. nil takes it away. It is
// called from several goroutines.
func (c *Cluster) OnAppRequest(hook func(http.ResponseWriter, *http.Request) bool) {
	c.faults.set(func(s *switches) { s.hook = hook })
}

// wait waits for d; false means that ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

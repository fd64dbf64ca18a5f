// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// appIdleTimeout is shorter than the 30 s after which the proxy closes an
	// idle connection (protocol.md 8.1), so that a request rarely meets
	// a dying one.
	appIdleTimeout = 25 * time.Second
	// appIdleConns is as many connections as the bridge uses at a time for a burst
	// of calls: with fewer, each round of them would open the others anew.
	appIdleConns = 64
	// appConns is how many connections there are in all, one for each request in
	// flight and each stream. A request beyond them waits until one is free, as
	// long as a request waits for a connection. It is far above what a client has
	// in flight, so that calls that take long and streams hold up nobody, and far
	// below what hurts a proxy.
	appConns = 128
)

// AppTransport returns a transport to the app that the certificates returned by
// cert are for. Requests always go to the proxy's address over TLS, whatever
// their URL's scheme and host; the host becomes the Host header, which the app
// does not see either (protocol.md 8.1). An answer may take any time;
// the request's context is its only limit.
//
// cert is asked at every new connection, under the context of the request that
// needs it, so that a renewed certificate is taken up without a restart; its
// error is what the request fails with. It must be safe for concurrent use.
func (p *Proxy) AppTransport(cert func(context.Context) (*tls.Certificate, error)) *http.Transport {
	d := &appDialer{proxy: p, cert: cert}
	t := &http.Transport{
		DialContext:            d.dial, // a URL with http:// must not leave TLS behind
		DialTLSContext:         d.dial,
		IdleConnTimeout:        appIdleTimeout,
		MaxIdleConnsPerHost:    appIdleConns,
		MaxConnsPerHost:        appConns,
		MaxResponseHeaderBytes: maxAppHeaders,
		DisableCompression:     true, // bodies pass as they are, streams without delay
	}
	t.RegisterProtocol("https", d.bind(t))
	t.RegisterProtocol("http", d.bind(t))
	return t
}

// maxAppHeaders bounds the headers of an app's answer, in bytes.
const maxAppHeaders = 256 << 10

// appDialer makes the connections of one app's transport.
type appDialer struct {
	proxy *Proxy
	cert  func(context.Context) (*tls.Certificate, error)

	mu       sync.Mutex
	certSum  [sha256.Size]byte // of the certificate that sessions belongs to
	sessions map[bool]tls.ClientSessionCache
}

// callerKey finds, in the context of a dial, the request it is for.
type callerKey struct{ d *appDialer }

// caller is a request that may need a dial.
type caller struct {
	ctx    context.Context
	served atomic.Bool // it was answered, over a connection of its own or another one
}

// roundTripper is a function that is an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// bind makes the dials of t end with the request they are for, unless that was
// answered over another connection meanwhile: the next one may need it, where a call
// follows an answer before the connection of that is free. http.Transport detaches a
// dial from the end of the request's context but keeps the context's values, so the
// context is made one of them: each request is taken over as one of a foreign protocol
// and handed back with it.
func (d *appDialer) bind(t *http.Transport) roundTripper {
	return func(req *http.Request) (*http.Response, error) {
		ctx := req.Context()
		if ctx.Value(callerKey{d}) != nil {
			return nil, http.ErrSkipAltProtocol // on its way back
		}
		who := &caller{ctx: ctx}
		res, err := t.RoundTrip(req.WithContext(context.WithValue(ctx, callerKey{d}, who)))
		who.served.Store(err == nil)
		return res, err
	}
}

func (d *appDialer) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if who, ok := ctx.Value(callerKey{d}).(*caller); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(who.ctx, func() {
			if !who.served.Load() {
				cancel()
			}
		})()
	}
	cert, err := d.cert(ctx)
	if err != nil {
		return nil, err
	}
	if cert == nil || len(cert.Certificate) == 0 {
		return nil, errNoAppCert
	}
	raw, err := d.proxy.dial(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := passage{d.proxy, d.target(cert)}.secure(ctx, raw)
	if err != nil {
		return nil, blame(d.proxy, &ReachError{Err: err})
	}
	return newAlertConn(conn), nil
}

// target is the app that cert is for.
func (d *appDialer) target(cert *tls.Certificate) target {
	return target{config: func(upgraded bool) (*tls.Config, func(tls.ConnectionState) error, error) {
		cfg, asked, err := appTLS(d.proxy, cert, upgraded)
		if err != nil {
			return nil, nil, err
		}
		cfg.ClientSessionCache = d.sessionsOf(cert, upgraded)
		return cfg, func(state tls.ConnectionState) error {
			if !asked() && !state.DidResume {
				return ErrCertNotAsked
			}
			return nil
		}, nil
	}}
}

// appTLS is how the proxy is met with an app's certificate; asked tells
// afterwards whether it wanted to see that. Directly the proxy is met with its
// web certificate, inside an upgraded connection with one of the host CA
// (protocol.md 6.4).
func appTLS(p *Proxy, cert *tls.Certificate, upgraded bool) (cfg *tls.Config, asked func() bool, err error) {
	cfg = p.webTLS()
	if upgraded {
		if p.HostCAs == nil {
			return nil, nil, ErrNoHostCA
		}
		cfg.RootCAs, cfg.InsecureSkipVerify, cfg.Time = p.HostCAs, false, p.Clock.Now
	}
	wasAsked := false
	// Certificates would send it only if the server's list of CA names fits.
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		wasAsked = true
		return cert, nil
	}
	return cfg, func() bool { return wasAsked }, nil
}

// sessionsOf returns the TLS sessions made with cert, upgraded or not: they were
// verified with other CAs. Those of another certificate are forgotten: the
// server takes a resumed session's client for the one who opened it.
func (d *appDialer) sessionsOf(cert *tls.Certificate, upgraded bool) tls.ClientSessionCache {
	sum := sha256.Sum256(cert.Certificate[0])
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sessions == nil || d.certSum != sum {
		d.certSum, d.sessions = sum, map[bool]tls.ClientSessionCache{
			false: tls.NewLRUClientSessionCache(1), true: tls.NewLRUClientSessionCache(1),
		}
	}
	return d.sessions[upgraded]
}

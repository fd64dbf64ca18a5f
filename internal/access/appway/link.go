// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// link is what one open of the cluster has yielded: as whom, with which
// certificate, over which connections. They come and go together, so that a
// certificate never goes to another cluster than its own, and no connection is
// used again that was opened with another certificate.
type link struct {
	cluster *access.Cluster
	cert    *access.AppCert
	http    *http.Transport
	gen     int       // of the identity that it was begun with
	issued  time.Time // when this process had the certificate issued, by this machine's clock; zero if somebody else did
	// latest tells that it was issued so short before the end of the login that
	// another one would not last longer: then it is used until it is over.
	latest bool

	// Guarded by machine.mu.
	passed  bool          // a request got through
	held    time.Time     // until when it is not replaced although it was refused, since so many were; zero: it may be
	denied  *denial       // how the app service denied one; nil: it did not, or not lately
	probing *flight[bool] // whether the proxy refuses the certificate
}

// denial is how a certificate was denied.
type denial struct {
	answer    teleport.Answer
	explained bool // the auth service named the reason
}

func newLink(c *access.Cluster, cert *access.AppCert, gen int, issued time.Time) *link {
	l := &link{cluster: c, cert: cert, gen: gen, issued: issued, http: c.Proxy.AppTransport(
		func(context.Context) (*tls.Certificate, error) { return cert.Certificate, nil })}
	l.latest = !issued.IsZero() && !l.valid()
	return l
}

func (l *link) serial() string { return l.cert.Leaf.SerialNumber.String() }

// valid tells whether the certificate lasts for a while.
func (l *link) valid() bool { return l.cluster.Now().Add(l.margin()).Before(l.end()) }

// margin is how long the certificate must still be valid to be used.
func (l *link) margin() time.Duration { return access.Margin(access.IssuedAt(l.cert.Leaf), l.end()) }

// over tells whether the certificate has expired.
func (l *link) over() bool { return !l.cluster.Now().Before(l.end()) }

// end is that of the certificate, zero without one.
func (l *link) end() time.Time {
	if l == nil {
		return time.Time{}
	}
	return l.cert.Leaf.NotAfter
}

// close ends the connections that no request uses, and each of the others when
// its request is over.
func (l *link) close() {
	if l != nil {
		l.http.CloseIdleConnections()
	}
}

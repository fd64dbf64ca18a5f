// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	// authProto, with a cluster's encoded name behind it, asks the proxy to
	// pass the connection on to that cluster's auth service. The proxy reads
	// it from the first entry of the ALPN list only (protocol.md 6.1).
	authProto = "teleport-auth@"
	// protoHTTP2 is what the auth service negotiates: it does not know authProto.
	protoHTTP2 = "h2"
)

// errALPN tells that the TLS handshake ended without the protocol that gRPC
// needs: something between here and the auth service answers in its place.
var errALPN = errcode.Hinted(errcode.TLSIntercepted,
	"no protocol was negotiated (ALPN): something on the way to the cluster ends TLS",
	alpnHint)

const alpnHint = "a load balancer or firewall between here and the proxy removes ALPN, which Teleport needs, and lets no websocket through"

// authLink makes the connections of a gRPC client and remembers why the last
// one failed: a call that fails afterwards, for that reason, has another error.
type authLink struct {
	proxy *Proxy
	tls   *tls.Config

	mu  sync.Mutex
	err error
}

// newAuthLink makes the link to the auth service of a cluster that hostCAs
// verify: that of the identity or a leaf of it.
func newAuthLink(p *Proxy, id *Identity, cluster string, hostCAs []*x509.Certificate) *authLink {
	roots := x509.NewCertPool()
	for _, ca := range hostCAs {
		roots.AddCert(ca)
	}
	cert := id.TLSCertificate()
	return &authLink{proxy: p, tls: &tls.Config{
		ServerName: clusterHost(id.Cluster()),
		RootCAs:    roots,
		NextProtos: []string{authProto + clusterHost(cluster), protoHTTP2},
		MinVersion: tls.VersionTLS12,
		Time:       p.Clock.Now,
		// Certificates would send it only if the server's list of CA names fits.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil },
	}}
}

// clusterHost is the name that stands for a cluster in SNI and ALPN
// (protocol.md 5.3). For SNI it must be the cluster that issued the client
// certificate, the root: the auth service picks the CA to verify it with by
// that, also that of a leaf. ALPN names the cluster to reach.
func clusterHost(cluster string) string {
	return hex.EncodeToString([]byte(cluster)) + ".teleport.cluster.local"
}

// connect opens a connection to the auth service, on which HTTP/2 can begin.
func (l *authLink) connect(ctx context.Context) (net.Conn, error) {
	raw, err := l.proxy.dial(ctx)
	if err != nil {
		l.note(err)
		return nil, err
	}
	conn, err := passage{l.proxy, authTarget(l.tls)}.secure(ctx, raw)
	if err != nil {
		err = blame(l.proxy, &ReachError{Auth: true, Err: err})
	}
	l.note(err)
	if err != nil {
		return nil, err
	}
	return &authConn{Conn: newAlertConn(conn), link: l}, nil
}

func (l *authLink) note(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// lastErr returns why the last connection failed or ended; nil while one is up.
func (l *authLink) lastErr() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// authConn notes why a connection ended. The auth service refuses a client
// certificate after the handshake, so that is where the reason arrives.
type authConn struct {
	net.Conn
	link *authLink
}

func (c *authConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.note(err)
	return n, err
}

func (c *authConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.note(err)
	return n, err
}

// note leaves out what closing the connection on this side causes.
func (c *authConn) note(err error) {
	if err != nil && !errors.Is(err, net.ErrClosed) {
		c.link.note(fmt.Errorf("connection to the auth service ended: %w", err))
	}
}

// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// connectTimeout bounds each of the two steps of a new connection: TCP and the
// TLS handshake.
const connectTimeout = 15 * time.Second

// protoHTTP1 is the only protocol offered where HTTP is spoken: the proxy picks
// its handler by ALPN, and 1.1 is the one for web requests and apps
// (protocol.md 8.1).
const protoHTTP1 = "http/1.1"

// A Proxy is the web address of a Teleport cluster. It must not be changed
// once used and is safe for concurrent use.
type Proxy struct {
	// Addr is host:port, as [Addr.String] has it.
	Addr string
	// RootCAs are trusted for the web address; nil means the system's, which
	// are loaded when the web address is first dialled, not before.
	RootCAs *x509.CertPool
	// Insecure skips the verification of the web address's certificate. It is
	// meant for tests and has no effect on gRPC, which trusts the host CA only.
	Insecure bool
	// Dial opens the TCP connection; nil means a [Dialer].
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// UserAgent is what the cluster is told about the client, as "tshmcp/v1.2.3":
	// the auth service, the web API and the upgrade of a connection, not apps.
	UserAgent string
	// Upgrade is the way of gRPC and of apps past a load balancer that ends TLS
	// (protocol.md 6.4); nil means that there is none.
	Upgrade *Upgrade
	// Path is watched where the network's proxy is on the way; nil: nobody does.
	Path *Path
	// Clock is the cluster's, by which its certificates end; nil: this machine's.
	Clock *Clock
	// HostCAs verify the proxy inside an upgraded connection to an app; those
	// of the root cluster.
	HostCAs *x509.CertPool
	// Log is told of each connection and call, at the level of debugging, without
	// anything that is secret; nil: nobody is.
	Log *slog.Logger
}

// tell says what came of something that began then: whether it worked, by its error,
// and how long it took.
func (p *Proxy) tell(what string, began time.Time, err error, args ...any) {
	if p.Log == nil {
		return
	}
	args = append(args, "took", time.Since(began).Round(time.Millisecond))
	if err != nil {
		args = append(args, "error", err)
	}
	p.Log.Debug(what, args...)
}

// dial opens a TCP connection to the proxy. Its errors are *[ReachError].
func (p *Proxy) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	dial := p.Dial
	if dial == nil {
		dial = dialer.Dial
	}
	began := time.Now()
	conn, err := dial(ctx, "tcp", p.Addr)
	args := []any{"proxy", p.Addr}
	if conn != nil {
		args = append(args, "reached", conn.RemoteAddr().String()) // of the network's proxy, where there is one
	}
	p.tell("dial", began, err, args...)
	err = notTaken(err, began, p.Addr, lateHint)
	if through, ok := conn.(tunnel); ok {
		if conn = through.Conn; p.Path != nil {
			conn = p.Path.add(conn)
		}
	}
	return conn, reaching(err)
}

// Await tells that somebody waits for what comes over the connections to the proxy, until
// done is called. It may be called more than once.
func (p *Proxy) Await() (done func()) {
	if p.Path == nil {
		return func() {}
	}
	return p.Path.await(func(ctx context.Context) bool { return answers(ctx, p) })
}

// dialTLS opens a connection to the proxy and completes the handshake.
func (p *Proxy) dialTLS(ctx context.Context, cfg *tls.Config) (net.Conn, error) {
	raw, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	conn, err := handshake(ctx, raw, p.Addr, cfg)
	p.tell("tls handshake", began, err, "way", "web")
	if err != nil {
		return nil, blameWeb(ctx, p, &ReachError{Err: err})
	}
	return newAlertConn(conn), nil
}

// webTLS is how the web address is met: web PKI, its own host name, HTTP/1.1, and
// this machine's time: what the cluster's is, the web address tells.
func (p *Proxy) webTLS() *tls.Config {
	host, _, err := net.SplitHostPort(p.Addr)
	if err != nil {
		host = p.Addr // the dial, which comes first, has failed on it
	}
	return &tls.Config{
		ServerName:         host,
		RootCAs:            p.RootCAs,
		InsecureSkipVerify: p.Insecure,
		NextProtos:         []string{protoHTTP1},
		MinVersion:         tls.VersionTLS12,
		Time:               p.Clock.machineTime(),
	}
}

// handshake completes a client handshake with who on raw, which is closed on an error.
func handshake(ctx context.Context, raw net.Conn, who string, cfg *tls.Config) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	began, conn := time.Now(), tls.Client(raw, cfg)
	err := conn.HandshakeContext(ctx)
	if err == nil {
		return conn, nil
	}
	raw.Close()
	if errcode.IsLate(err) {
		return nil, errcode.Silence(err, began, who, "did not answer the TLS handshake", muteHint)
	}
	return nil, fmt.Errorf("tls handshake: %w", errcode.InWords(nameAlert(err)))
}

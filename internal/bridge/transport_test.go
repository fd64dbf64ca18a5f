// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connections and certificates that fail, over real TLS.

package bridge

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The tests of this file use real sockets and real TLS.

// authority is a certificate authority of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	a.key, a.cert = issue(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	})
	return a
}

func issue(t *testing.T, a *authority, tmpl *x509.Certificate) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl.SerialNumber = big.NewInt(1)
	parent, signer := tmpl, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

// client issues a client certificate that ends after d.
func (a *authority) client(t *testing.T, d time.Duration) *tls.Certificate {
	t.Helper()
	key, cert := issue(t, a, &x509.Certificate{
		Subject: pkix.Name{CommonName: "client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(d),
	})
	return &tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

// tlsServer is an MCP server that demands a client certificate.
func tlsServer(t *testing.T, a *authority, version uint16, h http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	srv.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MaxVersion: version}
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv
}

func tlsTransport(t *testing.T, srv *httptest.Server, cert func() (*tls.Certificate, error)) *http.Transport {
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	tr := &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs:              pool,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert() },
	}}
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// A renewed certificate heals a bridge that runs (transport.md F-2).
func TestClientCertificate(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			a := newAuthority(t)
			s := &mcpServer{}
			srv := tlsServer(t, a, version, s)
			var cert atomic.Pointer[tls.Certificate]
			cert.Store(a.client(t, -time.Hour))
			r := startRig(t, tlsTransport(t, srv, func() (*tls.Certificate, error) { return cert.Load(), nil }), srv.URL)
			r.send(initializeLine)
			f := r.refused("0", kindClientCertificate, NotExecuted)
			if !strings.Contains(f.Message, "certificate") || f.Data.Retryable {
				t.Errorf("message %q retryable %v", f.Message, f.Data.Retryable)
			}
			cert.Store(a.client(t, time.Hour))
			again := strings.Replace(initializeLine, `"id":0`, `"id":"again"`, 1)
			r.send(again)
			if m := r.response(`"again"`); m.Result == nil {
				t.Errorf("got %s", m.raw)
			}
			r.end()
			if n := s.sessions; n != 1 {
				t.Errorf("%d sessions", n)
			}
		})
	}
}

// noLogin is what a source of certificates may fail with.
type noLogin struct{}

func (noLogin) Error() string           { return "the login has expired" }
func (noLogin) ClientCertificate() bool { return true }

var errLogin error = noLogin{}

// onTheWay is an answer of something on the way.
type onTheWay struct{ passes bool }

func (onTheWay) Error() string     { return "the network's proxy answers" }
func (r onTheWay) Retryable() bool { return r.passes }

// What the source of certificates says reaches Describe.
func TestClientCertificateSourceFails(t *testing.T) {
	srv := tlsServer(t, newAuthority(t), 0, &mcpServer{})
	tr := tlsTransport(t, srv, func() (*tls.Certificate, error) { return nil, errLogin })
	r := startRig(t, tr, srv.URL, func(c *Config) {
		c.Describe = func(err error) ErrorText {
			if errors.Is(err, errLogin) {
				return ErrorText{Message: "run tshmcp login", Data: map[string]any{"login": true}}
			}
			return ErrorText{}
		}
	})
	r.send(initializeLine)
	f := r.refused("0", kindClientCertificate, NotExecuted)
	if f.Message != "tshmcp: run tshmcp login" || !strings.Contains(string(r.response("0").raw), `"login":true`) {
		t.Errorf("got %s", r.response("0").raw)
	}
	r.end()
}

func TestServerCertificate(t *testing.T) {
	srv := httptest.NewUnstartedServer(&mcpServer{})
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	for name, tr := range map[string]*http.Transport{
		"unknown authority": {TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}},
		"other name":        {TLSClientConfig: &tls.Config{RootCAs: poolOf(srv.Certificate()), ServerName: "other.test"}},
		"expired":           {TLSClientConfig: &tls.Config{RootCAs: poolOf(srv.Certificate()), Time: func() time.Time { return time.Now().AddDate(200, 0, 0) }}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Cleanup(tr.CloseIdleConnections)
			r := startRig(t, tr, srv.URL)
			r.send(initializeLine)
			r.refused("0", kindServerCertificate, NotExecuted)
			r.end()
		})
	}
}

func poolOf(cert *x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return pool
}

// brokenServer accepts connections and treats them badly.
func brokenServer(t *testing.T, treat func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			treat(c)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return "http://" + l.Addr().String()
}

// reset makes the peer see a reset instead of an end.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	c.Close()
}

// A reset after the request was written may mean anything (class C).
func TestResetAfterRequest(t *testing.T) {
	for name, greeting := range map[string]string{
		"before the headers": "",
		"in the headers":     "HTTP/1.1 200 OK\r\nContent-Ty",
		"in the body":        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"jsonrpc\"",
	} {
		t.Run(name, func(t *testing.T) {
			url := brokenServer(t, func(c net.Conn) {
				buf := make([]byte, 4096)
				_, _ = c.Read(buf)
				_, _ = io.WriteString(c, greeting)
				reset(c)
			})
			tr := &http.Transport{}
			t.Cleanup(tr.CloseIdleConnections)
			r := startRig(t, tr, url)
			r.send(call("1", "x"))
			f := r.failure("1")
			if f.Data.Executed != "unknown" || f.Data.Kind != string(KindConnectionLost) && f.Data.Kind != string(kindTruncated) {
				t.Errorf("got %+v", f)
			}
			r.end()
		})
	}
}

func TestTransportErrorClasses(t *testing.T) {
	begun, fresh := &passage{}, &passage{}
	begun.begun.Store(true)
	alert := &net.OpError{Op: "remote error", Err: errors.New("tls: expired certificate")}
	tests := []struct {
		name     string
		err      error
		p        *passage
		kind     Kind
		executed Execution
		again    bool
	}{
		{"DNS", &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}, fresh, KindUnreachable, NotExecuted, true},
		{"refused", &net.OpError{Op: "dial", Err: errors.New("refused")}, fresh, KindUnreachable, NotExecuted, true},
		{"EOF in the handshake", io.EOF, fresh, KindUnreachable, NotExecuted, true},
		{"closed before it was used", errors.New(closedUnused), fresh, KindUnreachable, NotExecuted, true},
		{"dial timeout", context.DeadlineExceeded, fresh, KindUnreachable, NotExecuted, true},
		{"alert", &net.OpError{Op: "remote error", Err: errors.New("tls: no application protocol")}, fresh, KindUnreachable, NotExecuted, false},
		{"certificate alert", alert, fresh, kindClientCertificate, NotExecuted, false},
		{"late certificate alert", alert, begun, kindClientCertificate, NotExecuted, false},
		{"alert type", tls.AlertError(42), begun, kindClientCertificate, NotExecuted, false},
		{"authority", x509.UnknownAuthorityError{}, fresh, kindServerCertificate, NotExecuted, false},
		{"expired", x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}, fresh, kindServerCertificate, NotExecuted, false},
		{"not for servers", x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.IncompatibleUsage}, fresh, kindServerCertificate, NotExecuted, false},
		{"wrong name", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, fresh, kindServerCertificate, NotExecuted, false},
		{"not verified", &tls.CertificateVerificationError{Err: errors.New("why")}, fresh, kindServerCertificate, NotExecuted, false},
		{"access denied", &net.OpError{Op: "remote error", Err: errors.New("tls: access denied")}, begun, kindClientCertificate, NotExecuted, false},
		{"alert, too late", tls.AlertError(120), begun, KindConnectionLost, MayHaveRun, false},
		{"passing refusal on the way", fmt.Errorf("dial: %w", onTheWay{true}), fresh, KindUnreachable, NotExecuted, true},
		{"refusal on the way", fmt.Errorf("dial: %w", onTheWay{false}), fresh, KindUnreachable, NotExecuted, false},
		{"passing refusal, too late", onTheWay{true}, begun, KindConnectionLost, MayHaveRun, false},
		{"plain HTTP behind the port", tls.RecordHeaderError{Msg: "no TLS"}, fresh, KindUnreachable, NotExecuted, false},
		{"anything before the request", errors.New("the certificate was not asked for"), fresh, KindUnreachable, NotExecuted, false},
		{"no network for the credentials", errors.Join(errLogin, io.EOF), fresh, KindUnreachable, NotExecuted, true},
		{"no credentials", errLogin, fresh, kindClientCertificate, NotExecuted, false},
		{"reset", &net.OpError{Op: "read", Err: errors.New("reset")}, begun, KindConnectionLost, MayHaveRun, false},
		{"EOF", io.EOF, begun, KindConnectionLost, MayHaveRun, false},
	}
	for _, tt := range tests {
		e := transportError(tt.err, tt.p)
		if e.Kind != tt.kind || e.Executed != tt.executed || e.Retryable != tt.again {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
}

// net/http asks for another connection only if nothing was written to the
// first; what follows begins from nothing.
func TestPassageBeginsAnew(t *testing.T) {
	p := passage{timer: time.NewTimer(time.Hour)}
	begun := 0
	trace := p.trace(progress{connect: time.Hour, begun: func() { begun++ }})
	trace.GetConn("a")
	trace.WroteHeaders()
	if !p.begun.Load() || begun != 1 {
		t.Error("the first byte was not noticed")
	}
	trace.GetConn("a")
	if p.begun.Load() {
		t.Error("the second attempt counts what the first wrote")
	}
	p.timer.Stop()
}

// On a connection that the server closed while it was idle, net/http sends
// again by itself, because nothing was written.
func TestReusedConnectionClosed(t *testing.T) {
	s := &mcpServer{}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	r := startRig(t, tr, srv.URL)
	r.hello()
	for _, id := range []string{"1", "2", "3"} {
		srv.CloseClientConnections()
		r.send(call(id, "x"))
		m := r.response(id)
		var f failureOf
		if m.Failure != nil {
			f = r.failure(id)
		}
		if m.Result == nil && f.Data.Kind != string(KindConnectionLost) {
			t.Errorf("got %s", m.raw)
		}
	}
	r.end()
}

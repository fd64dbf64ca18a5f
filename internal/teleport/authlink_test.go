// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// serveConns runs f on each connection of a port until the test ends.
func serveConns(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	var conns sync.WaitGroup
	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() {
				defer c.Close()
				f(c)
			})
		}
	}()
	t.Cleanup(func() { l.Close(); <-accepting; conns.Wait() })
	return l.Addr().String()
}

// unreachable calls and checks what every failure to connect has in common.
func unreachable(t *testing.T, addr string, id *Identity) *AuthError {
	t.Helper()
	start := time.Now()
	_, err := dialAuth(t, addr, id).User(testContext(t))
	var e *AuthError
	if !errors.As(err, &e) || !e.Unreachable() || e.Denied() || e.Code != rpc.Unavailable {
		t.Fatalf("error %#v; want Unavailable", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if !strings.HasPrefix(e.Error(), "get current user: ") || e.Message == "" {
		t.Errorf("text %q", e)
	}
	return e
}

func TestAuthServiceRefused(t *testing.T) {
	s := startAuth(t)
	l := listen(t)
	l.Close()
	e := unreachable(t, l.Addr().String(), s.login())
	var op *net.OpError
	if !errors.As(e, &op) || op.Op != "dial" {
		t.Errorf("error %v; want a *net.OpError of a dial", e)
	}
}

func TestAuthServiceOfAnotherCA(t *testing.T) {
	s := startAuth(t)
	// Insecure is for the web address: dial sets it, and it must not help here.
	e := unreachable(t, s.addr, s.userCA.login(time.Now().Add(time.Hour), newAuthority(t, "demo-cluster")))
	var unknown x509.UnknownAuthorityError
	if !errors.As(e, &unknown) {
		t.Errorf("error %v; want x509.UnknownAuthorityError", e)
	}
}

func TestAuthServiceOfAnotherName(t *testing.T) {
	s := startAuth(t)
	cfg := s.tls()
	cfg.Certificates = []tls.Certificate{*s.hostCA.pair(&x509.Certificate{DNSNames: []string{"proxy.example.com"}})}
	addr := serveConns(t, func(c net.Conn) { tls.Server(c, cfg).Handshake() })
	var name x509.HostnameError
	if e := unreachable(t, addr, s.login()); !errors.As(e, &name) {
		t.Errorf("error %v; want x509.HostnameError", e)
	}
}

func TestProtocolRefused(t *testing.T) {
	s := startAuth(t)
	cfg := s.tls()
	cfg.NextProtos = []string{"teleport-other"}
	addr := serveConns(t, func(c net.Conn) { tls.Server(c, cfg).Handshake() })
	var alert tls.AlertError
	if e := unreachable(t, addr, s.login()); !errors.As(e, &alert) || alert != 120 {
		t.Errorf("error %v; want the alert no application protocol", e)
	}
}

func TestProtocolStripped(t *testing.T) {
	s := startAuth(t)
	cfg := s.tls()
	cfg.NextProtos = nil
	addr := serveConns(t, func(c net.Conn) {
		if conn := tls.Server(c, cfg); conn.Handshake() == nil {
			io.Copy(io.Discard, conn)
		}
	})
	if e := unreachable(t, addr, s.login()); !errors.Is(e, errALPN) {
		t.Errorf("error %v; want errALPN", e)
	}
}

// The auth service may name CAs that the login is not from.
func TestLoginIsSentUnasked(t *testing.T) {
	s := startAuth(t)
	cfg := s.tls()
	cfg.ClientAuth, cfg.ClientCAs = tls.RequestClientCert, newAuthority(t, "another").pool()
	sent := make(chan int, 10)
	addr := serveConns(t, func(c net.Conn) {
		conn := tls.Server(c, cfg)
		if conn.Handshake() == nil {
			sent <- len(conn.ConnectionState().PeerCertificates)
		}
	})
	unreachable(t, addr, s.login()) // no gRPC behind the handshake
	if n := <-sent; n != 1 {
		t.Errorf("%d certificates were sent; want 1", n)
	}
}

// What is noted is why the other side ended a connection.
func TestClosingIsNoReason(t *testing.T) {
	addr := serveConns(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	link := new(authLink)
	conn := &authConn{Conn: must(net.Dial("tcp", addr))(t), link: link}
	conn.Close()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v", err)
	}
	if err := link.lastErr(); err != nil {
		t.Errorf("noted %v", err)
	}
}

// With TLS 1.3 the client certificate is refused after the handshake.
func TestLoginRefused(t *testing.T) {
	s := startAuth(t)
	stranger := newAuthority(t, "demo-cluster")
	for name, tc := range map[string]struct {
		id    *Identity
		alert tls.AlertError
	}{
		"unknown CA": {stranger.login(time.Now().Add(time.Hour), s.hostCA), 48},
		"expired":    {s.userCA.login(time.Now().Add(-time.Minute), s.hostCA), 45},
	} {
		var alert tls.AlertError
		e := unreachable(t, s.addr, tc.id)
		if !errors.As(e, &alert) || alert != tc.alert {
			t.Errorf("%s: error %v; want alert %d", name, e, tc.alert)
		}
		if !strings.Contains(e.Error(), tc.alert.Error()) {
			t.Errorf("%s: text %q lacks %q", name, e, tc.alert)
		}
	}
}

func TestConnectionClosed(t *testing.T) {
	s := startAuth(t)
	t.Run("in the handshake", func(t *testing.T) {
		addr := serveConns(t, func(c net.Conn) { c.Read(make([]byte, 1)); c.(*net.TCPConn).CloseWrite(); io.Copy(io.Discard, c) })
		if e := unreachable(t, addr, s.login()); !errors.Is(e, io.EOF) {
			t.Errorf("error %v; want io.EOF", e)
		}
	})
	t.Run("after it", func(t *testing.T) {
		cfg := s.tls()
		addr := serveConns(t, func(c net.Conn) {
			conn := tls.Server(c, cfg)
			if conn.Handshake() == nil {
				conn.CloseWrite()
				io.Copy(io.Discard, conn)
			}
		})
		if e := unreachable(t, addr, s.login()); !errors.Is(e, io.EOF) {
			t.Errorf("error %v; want io.EOF", e)
		}
	})
}

func TestCallerGivesUp(t *testing.T) {
	s := startAuth(t)
	silent := serveConns(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	a := dialAuth(t, silent, s.login())

	ctx, cancel := context.WithTimeout(testContext(t), 50*time.Millisecond)
	defer cancel()
	_, err := a.User(ctx)
	var e *AuthError
	if !errors.As(err, &e) || e.Code != rpc.DeadlineExceeded || !e.Unreachable() || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %#v; want context.DeadlineExceeded", err)
	}

	ctx, cancel = context.WithCancel(testContext(t))
	cancel()
	_, err = a.Apps(ctx)
	if !errors.As(err, &e) || e.Unreachable() || !errors.Is(err, context.Canceled) {
		t.Errorf("error %#v; want context.Canceled", err)
	}
}

// The same client works again once the auth service is back.
func TestReconnect(t *testing.T) {
	s := startAuth(t)
	s.user = &wirepb.UserV2{}
	a := s.dial()
	if _, err := a.User(testContext(t)); err != nil {
		t.Fatal(err)
	}
	s.srv.Stop()
	_, err := a.User(testContext(t))
	var e *AuthError
	if !errors.As(err, &e) || !e.Unreachable() {
		t.Fatalf("error %v while the server is down", err)
	}
	s.serve(must(net.Listen("tcp", s.addr))(t))
	ctx := testContext(t)
	for {
		_, err := a.User(ctx)
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("still not connected: %v", err)
		}
	}
}

// TestNotHTTP2 is somebody who has the cluster's certificate and agrees to h2, and
// then speaks something else.
func TestNotHTTP2(t *testing.T) {
	s := startAuth(t)
	addr := serveConns(t, func(c net.Conn) {
		conn := tls.Server(c, s.tls())
		if conn.Handshake() == nil {
			io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			conn.CloseWrite()
			io.Copy(io.Discard, conn)
		}
	})
	e := unreachable(t, addr, s.login())
	if !strings.Contains(e.Error(), `does not speak HTTP/2: it begins with "HTTP/1.1 "`) || e.ErrorCode() != errcode.AuthUnreachable || len(e.Hints()) == 0 {
		t.Errorf("%v [%s]; hints %q", e, e.ErrorCode(), e.Hints())
	}
}

// TestServersWordIsKept is a service that says itself that it is unavailable, while
// an older connection has ended: it has answered, and that end is not why.
func TestServersWordIsKept(t *testing.T) {
	s := startAuth(t)
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		return nil, status.Error(codes.Unavailable, "the backend is away")
	}
	a := s.dial()
	must(a.User(testContext(t)))(t)
	a.link.note(io.EOF)
	_, err := a.Apps(testContext(t))
	var e *AuthError
	if !errors.As(err, &e) || !e.Unreachable() || e.Message != "the backend is away" {
		t.Errorf("error %v", err)
	}
}

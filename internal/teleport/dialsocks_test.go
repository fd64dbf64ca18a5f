// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// socksServer is a SOCKS5 proxy (RFC 1928, with the passwords of RFC 1929) of
// which every connection leads to one address.
type socksServer struct {
	upstream       string
	user, password string // asked for if user is set
	reply          byte   // 0: it connects

	addr  string
	wg    sync.WaitGroup
	mu    sync.Mutex
	asked []string
	open  []net.Conn
}

// startSOCKS starts it on a free port; it is over at the end of the test.
func startSOCKS(t *testing.T, s *socksServer) *socksServer {
	t.Helper()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	s.addr = listener.Addr().String()
	s.wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.open = append(s.open, conn)
			s.mu.Unlock()
			s.wg.Go(func() { defer conn.Close(); s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.mu.Lock()
		for _, conn := range s.open {
			conn.Close()
		}
		s.mu.Unlock()
		s.wg.Wait()
	})
	return s
}

func (s *socksServer) serve(conn net.Conn) {
	read := func(n int) []byte {
		b := make([]byte, n)
		io.ReadFull(conn, b) // the client's end shows at the next write
		return b
	}
	methods := read(int(read(2)[1]))
	switch {
	case s.user == "" && slices.Contains(methods, 0):
		conn.Write([]byte{5, 0})
	case s.user != "" && slices.Contains(methods, 2):
		conn.Write([]byte{5, 2})
		user := read(int(read(2)[1]))
		if password := read(int(read(1)[0])); string(user) != s.user || string(password) != s.password {
			conn.Write([]byte{1, 1})
			return
		}
		conn.Write([]byte{1, 0})
	default:
		conn.Write([]byte{5, 0xff})
		return
	}
	s.connect(conn, read)
}

// connect answers CONNECT and carries bytes until either side ends.
func (s *socksServer) connect(conn net.Conn, read func(int) []byte) {
	host := ""
	switch kind := read(4)[3]; kind {
	case 3:
		host = string(read(int(read(1)[0])))
	case 1, 4:
		host = net.IP(read(map[byte]int{1: 4, 4: 16}[kind])).String()
	}
	port := read(2)
	s.mu.Lock()
	s.asked = append(s.asked, net.JoinHostPort(host, fmt.Sprint(int(port[0])<<8|int(port[1]))))
	s.mu.Unlock()
	conn.Write([]byte{5, s.reply, 0, 1, 0, 0, 0, 0, 0, 0})
	if s.reply != 0 {
		return
	}
	up, err := net.Dial("tcp", s.upstream)
	if err != nil {
		return
	}
	s.wg.Go(func() { io.Copy(conn, up); conn.Close() })
	io.Copy(up, conn)
	up.Close()
}

func (s *socksServer) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// TestEgressSOCKS takes each of the three ways to a cluster through a SOCKS5
// proxy, with and without a password; names are resolved by the proxy.
func TestEgressSOCKS(t *testing.T) {
	for name, test := range map[string]struct{ scheme, user, password string }{
		"open":     {"socks5://", "", ""},
		"by name":  {"socks5h://", "", ""},
		"password": {"socks5h://me%40corp:p%3Aw%2F@", "me@corp", "p:w/"},
	} {
		t.Run(name, func(t *testing.T) {
			cluster, _, proxy := outside(t, nil)
			socks := startSOCKS(t, &socksServer{upstream: cluster.Addr(), user: test.user, password: test.password})
			proxy.Dial = through(t, test.scheme+socks.addr).Dial
			ctx := testContext(t)
			must(proxy.Find(ctx))(t)
			id := login(t, cluster, "alice", time.Hour)
			auth := dial(t, proxy, id)
			app := must(auth.App(ctx, "web-app"))(t)
			cert := must(auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app}))(t)
			transport := proxy.AppTransport(func(context.Context) (*tls.Certificate, error) { return cert, nil })
			defer transport.CloseIdleConnections()
			resp := must((&http.Client{Transport: transport}).Get("https://localhost/"))(t)
			resp.Body.Close()
			if asked := socks.names(); !slices.Equal(asked, []string{proxy.Addr, proxy.Addr, proxy.Addr}) {
				t.Errorf("the proxy was asked for %v", asked)
			}
		})
	}
}

// TestEgressSOCKSRefuses holds what is said of each way to be refused, that the
// right ones are tried again, and that no password is shown.
func TestEgressSOCKSRefuses(t *testing.T) {
	const password, network = "user and password", "network's administrator"
	for name, test := range map[string]struct {
		server *socksServer
		login  string
		says   string
		hint   string
		again  bool
	}{
		"wrong password":    {&socksServer{user: "me", password: "secret"}, "me:hunter2@", "another user or password", password, false},
		"no password":       {&socksServer{user: "me", password: "secret"}, "", "another user or password", password, false},
		"empty password":    {&socksServer{user: "me", password: "secret"}, "me@", "another user or password", password, false},
		"by its rules":      {&socksServer{reply: 2}, "", "it does not connect: connection not allowed by ruleset", network, false},
		"some failure":      {&socksServer{reply: 1}, "", "general SOCKS server failure", network, true},
		"host out of reach": {&socksServer{reply: 4}, "", "it does not connect: host unreachable", network, true},
		"refused beyond it": {&socksServer{reply: 5}, "", "it does not connect: connection refused", network, true},
		"unknown reply":     {&socksServer{reply: 99}, "", "unknown code: 99", network, false},
	} {
		t.Run(name, func(t *testing.T) {
			socks := startSOCKS(t, test.server)
			egress := through(t, "socks5://"+test.login+socks.addr)
			egress.Setting = "ALL_PROXY"
			_, err := (&teleport.Proxy{Addr: outsideName + ":443", Dial: egress.Dial}).Find(testContext(t))
			var failed *teleport.EgressError
			if !errors.As(err, &failed) || !strings.HasSuffix(err.Error(), "the network's proxy "+socks.addr+": "+failed.Err.Error()) {
				t.Fatalf("error %v", err)
			}
			hint := strings.Join(failed.Hints(), "; ")
			if !strings.Contains(err.Error(), test.says) || !strings.Contains(hint, test.hint) || failed.Retryable() != test.again {
				t.Errorf("error %v, hint %s, again %v", err, hint, failed.Retryable())
			}
			if test.hint == password && !strings.Contains(hint, "ALL_PROXY") || strings.Contains(err.Error()+hint, "hunter2") {
				t.Errorf("error %v, hint %s", err, hint)
			}
		})
	}
}

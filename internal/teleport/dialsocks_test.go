// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster/socks"
)

// startSOCKS starts a SOCKS5 proxy that is over at the end of the test.
func startSOCKS(t *testing.T, cfg socks.Config) *socks.Proxy {
	t.Helper()
	p := must(socks.Start(cfg))(t)
	t.Cleanup(func() { p.Close() })
	return p
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
			via := startSOCKS(t, socks.Config{Resolve: func(string) string { return cluster.Addr() }, User: test.user, Password: test.password})
			proxy.Dial = through(t, test.scheme+via.Addr()).Dial
			wantThreeWays(t, cluster, proxy, via)
		})
	}
}

// TestEgressSOCKSRefuses holds what is said of each way to be refused, that the
// right ones are tried again, and that no password is shown.
func TestEgressSOCKSRefuses(t *testing.T) {
	const password, network = "user and password", "network's administrator"
	for name, test := range map[string]struct {
		cfg   socks.Config
		login string
		says  string
		hint  string
		again bool
	}{
		"wrong password":    {socks.Config{User: "me", Password: "secret"}, "me:hunter2@", "another user or password", password, false},
		"no password":       {socks.Config{User: "me", Password: "secret"}, "", "another user or password", password, false},
		"empty password":    {socks.Config{User: "me", Password: "secret"}, "me@", "another user or password", password, false},
		"long user":         {socks.Config{User: "me", Password: "secret"}, strings.Repeat("u", 256) + ":hunter2@", "of 1 to 255 bytes", password, false},
		"long password":     {socks.Config{User: "me", Password: "secret"}, "me:" + strings.Repeat("hunter2", 37) + "@", "of 1 to 255 bytes", password, false},
		"no user":           {socks.Config{User: "me", Password: "secret"}, ":hunter2@", "of 1 to 255 bytes", password, false},
		"by its rules":      {socks.Config{Reply: 2}, "", "it does not connect: connection not allowed by ruleset", network, false},
		"some failure":      {socks.Config{Reply: 1}, "", "general SOCKS server failure", network, true},
		"host out of reach": {socks.Config{Reply: 4}, "", "it does not connect: host unreachable", network, true},
		"refused beyond it": {socks.Config{Reply: 5}, "", "it does not connect: connection refused", network, true},
		"unknown reply":     {socks.Config{Reply: 99}, "", "unknown code: 99", network, false},
	} {
		t.Run(name, func(t *testing.T) {
			via := startSOCKS(t, test.cfg)
			egress := through(t, "socks5://"+test.login+via.Addr())
			egress.Setting = "ALL_PROXY"
			_, err := (&teleport.Proxy{Addr: outsideName + ":443", Dial: egress.Dial}).Find(testContext(t))
			var failed *teleport.EgressError
			if !errors.As(err, &failed) || !strings.HasSuffix(err.Error(), "the network's proxy "+via.Addr()+": "+failed.Err.Error()) {
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

// TestEgressNoSOCKS is a proxy of another kind where one for SOCKS5 is named, which is
// said in words.
func TestEgressNoSOCKS(t *testing.T) {
	for name, test := range map[string]struct{ answer, says string }{
		"an HTTP proxy": {"HTTP/1.1 400 Bad Request\r\n\r\n", "it does not speak SOCKS5"},
		"SOCKS4":        {"\x00\x5b\x00\x00\x00\x00\x00\x00", "it does not speak SOCKS5"},
		"silence":       {"", "it gave no answer: the connection was closed"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				io.ReadFull(conn, make([]byte, 3)) // the greeting without a password
				io.WriteString(conn, test.answer)
			}()
			defer func() { l.Close(); <-done }()
			_, err = (&teleport.Proxy{Addr: outsideName + ":443", Dial: through(t, "socks5://"+l.Addr().String()).Dial}).Find(testContext(t))
			var failed *teleport.EgressError
			if !errors.As(err, &failed) || !strings.HasSuffix(err.Error(), "the network's proxy "+l.Addr().String()+": "+test.says) || failed.Login || failed.Refused {
				t.Errorf("error %v", err)
			}
		})
	}
}

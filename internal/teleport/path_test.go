// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hop is the network's proxy: it stays where it is when the way behind it dies.
type hop struct {
	to       *pipes
	dead     atomic.Bool
	answer   int // to CONNECT then; 0: none
	connects atomic.Int32
}

func (h *hop) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go h.serve(server)
	return client, nil
}

func (h *hop) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	if _, err := http.ReadRequest(in); err != nil {
		return
	}
	h.connects.Add(1)
	if h.dead.Load() {
		if h.answer != 0 {
			fmt.Fprintf(c, "HTTP/1.1 %d Sorry\r\nContent-Length: 0\r\n\r\n", h.answer)
		}
		io.Copy(io.Discard, in)
		return
	}
	behind, err := h.to.dial(context.Background(), "tcp", "")
	if err != nil {
		return
	}
	defer behind.Close()
	io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
	pass := func(to io.Writer, from io.Reader) {
		for buf := make([]byte, 32<<10); ; {
			n, err := from.Read(buf)
			if err != nil {
				return
			}
			if !h.dead.Load() {
				to.Write(buf[:n])
			}
		}
	}
	go func() { pass(c, behind); behind.Close() }()
	pass(behind, in)
}

// A way that is dead behind the network's proxy is noticed within half a minute, as
// long as somebody waits, and a call that takes long, behind a proxy that refuses
// further connections or not, is left alone.
func TestDeadBehindNetworkProxy(t *testing.T) {
	for _, tt := range []struct {
		name    string
		dies    bool
		answer  int
		noticed bool
	}{
		{"lives", false, 0, false},
		{"dies", true, 0, true},
		{"dies, and the proxy says so", true, http.StatusGatewayTimeout, true},
		{"the proxy is too busy for another connection", true, http.StatusServiceUnavailable, false},
		{"the proxy wants a login now", true, http.StatusProxyAuthRequired, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newPipes()
				h := &hop{to: l, answer: tt.answer}
				egress := &Egress{Find: func(*url.URL) (*url.URL, error) { return &url.URL{Scheme: "http", Host: "proxy.test:8080"}, nil }, Direct: h.dial}
				p := startApp(t, l, egress.Dial)
				p.proxy.Path = new(Path)
				p.delay = 20 * time.Minute
				source := &certSource{cert: p.cert("app")}
				tr := appTransport(t, p.proxy, source.get)
				died := time.Now().Add(10 * time.Minute)
				if tt.dies {
					time.AfterFunc(time.Until(died), func() { h.dead.Store(true) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), 25*time.Minute)
				defer cancel()
				done := p.proxy.Await()
				_, err := get(ctx, tr, "https://localhost/")
				done()
				switch took := time.Since(died); {
				case tt.noticed && (!errors.Is(err, errnoTimedOut) || took > 30*time.Second):
					t.Errorf("after %v: %v", took, err)
				case !tt.noticed && tt.dies && !errors.Is(err, context.DeadlineExceeded), !tt.dies && err != nil:
					t.Error(err)
				}
				synctest.Wait()
				n := h.connects.Load()
				time.Sleep(p.delay) // and the server is done, too
				if more := h.connects.Load() - n; more != 0 {
					t.Errorf("%d connections though nobody waits", more)
				}
				tr.CloseIdleConnections()
			})
		})
	}
}

// What a SOCKS5 proxy says of the way behind it, too, and what it says of itself not.
func TestNoWord(t *testing.T) {
	via := &url.URL{Scheme: "socks5", Host: "proxy.test:1080"}
	for text, want := range map[string]bool{
		"host unreachable": true, "network unreachable": true, "TTL expired": true,
		"connection refused": false, "general SOCKS server failure": false, "connection not allowed by ruleset": false,
	} {
		err := socksError(via, &net.OpError{Op: "socks connect", Err: errors.New(socksRefused + text)})
		if got := isNoWord(&ReachError{Err: err}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if isNoWord(nil) || isNoWord(errors.New("tls: bad certificate")) || !isNoWord(&EgressError{Err: context.DeadlineExceeded}) {
		t.Error("of others")
	}
}

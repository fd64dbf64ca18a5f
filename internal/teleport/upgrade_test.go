// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestParseUpgradeMode(t *testing.T) {
	const addr = "proxy.example.com:443"
	for value, want := range map[string]UpgradeMode{
		"":                              UpgradeAuto,
		" ; ,":                          UpgradeAuto,
		"true":                          UpgradeAlways,
		"YES":                           UpgradeAlways,
		"1":                             UpgradeAlways,
		"false":                         UpgradeNever,
		"no":                            UpgradeNever,
		"0":                             UpgradeNever,
		"no,yes":                        UpgradeAlways, // the last one counts
		"proxy.example.com:443=yes":     UpgradeAlways,
		"Proxy.Example.com = 1":         UpgradeAlways, // 443 is meant, or 3080
		"https://proxy.example.com/=no": UpgradeNever,
		"proxy.example.com:3080=yes":    UpgradeAuto,
		"proxy.example.com:443=no;yes":  UpgradeNever,
		"yes, proxy.example.com:443=no": UpgradeNever,
		"other.example.com:443=yes;no":  UpgradeNever,
		"other.example.com:443=yes":     UpgradeAuto,
	} {
		if got, err := ParseUpgradeMode(value, addr); got != want || err != nil {
			t.Errorf("%q: %v, %v; want %v", value, got, err, want)
		}
	}
	for addr, want := range map[string]UpgradeMode{
		"proxy.example.com:3080": UpgradeAlways, "proxy.example.com:8443": UpgradeAuto, "b.example.com:3080": UpgradeAuto,
	} {
		if got, err := ParseUpgradeMode("proxy.example.com=yes", addr); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", addr, got, err, want)
		}
	}
	for _, value := range []string{"perhaps", "yes;perhaps", "proxy.example.com:443=", "=yes", "a b=yes", "proxy.example.com:99999=no"} {
		if got, err := ParseUpgradeMode(value, addr); got != UpgradeAuto || err == nil {
			t.Errorf("%q: %v, %v; want an error", value, got, err)
		}
	}
}

// helloEditor replaces text in what is read first, the ClientHello.
type helloEditor struct {
	net.Conn
	from, to string
}

func (c *helloEditor) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	copy(p, bytes.Replace(p[:n], []byte(c.from), []byte(c.to), 1))
	return n, err
}

func TestFindRoute(t *testing.T) {
	ca := newAuthority(t, "web")
	cert := ca.pair(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	serve := func(change func(*tls.Config), wrap func(net.Conn) net.Conn) string {
		cfg := &tls.Config{Certificates: []tls.Certificate{*cert}}
		change(cfg)
		return serveConns(t, func(c net.Conn) {
			if wrap != nil {
				c = wrap(c)
			}
			if conn := tls.Server(c, cfg); conn.Handshake() == nil {
				io.Copy(io.Discard, conn)
			}
		})
	}
	protos := func(names ...string) func(*tls.Config) { return func(c *tls.Config) { c.NextProtos = names } }
	const unasked = "balancer-speaks-always" // as long as the one that is asked for
	for name, test := range map[string]struct {
		addr string
		want Route
	}{
		"the proxy":           {serve(protos("h2", protoTunnel), nil), RouteDirect},
		"refused by an alert": {serve(protos("h2", "http/1.1"), nil), RouteEnded},
		"no protocol":         {serve(protos(), nil), RouteEnded},
		"another protocol": {serve(func(c *tls.Config) {
			c.NextProtos, c.MaxVersion = []string{unasked}, tls.VersionTLS12
		}, func(c net.Conn) net.Conn { return &helloEditor{c, protoTunnel, unasked} }), RouteEnded},
		"another alert": {serve(func(c *tls.Config) {
			c.NextProtos, c.MaxVersion = []string{"h2"}, tls.VersionTLS11
		}, nil), RouteUnknown},
		"an unknown CA": {serve(func(c *tls.Config) {
			c.Certificates = []tls.Certificate{*newAuthority(t, "x").pair(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})}
		}, nil), RouteUnknown},
		"no TLS": {serveConns(t, func(c net.Conn) { io.WriteString(c, "SSH-2.0-Go\r\n") }), RouteUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Proxy{Addr: test.addr, RootCAs: ca.pool(), Upgrade: NewUpgrade(UpgradeAuto)}
			if got := p.FindRoute(testContext(t)); got != test.want || p.Upgrade.Needed() != (test.want == RouteEnded) {
				t.Errorf("route %v, upgrade needed: %v; want %v", got, p.Upgrade.Needed(), test.want)
			}
			for mode, want := range map[UpgradeMode]bool{UpgradeAlways: true, UpgradeNever: false} {
				p.Upgrade = NewUpgrade(mode)
				p.FindRoute(testContext(t))
				p.Upgrade.Assume(!want)
				if p.Upgrade.Needed() != want {
					t.Errorf("mode %v was overruled", mode)
				}
			}
		})
	}
	silent := serveConns(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	ctx, cancel := context.WithCancel(testContext(t))
	p := &Proxy{Addr: silent, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		defer cancel()
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	if got := p.FindRoute(ctx); got != RouteUnknown {
		t.Errorf("cancelled: %v", got)
	}
}

// A test without a result takes nothing away that was known.
func TestUnknownRouteIsNotLearnt(t *testing.T) {
	l := listen(t)
	l.Close()
	p := &Proxy{Addr: l.Addr().String(), Upgrade: NewUpgrade(UpgradeAuto)}
	p.Upgrade.Assume(true)
	p.Upgrade.Assume(false) // something is known
	p.FindRoute(testContext(t))
	if p.otherWay(testContext(t), true) || !p.Upgrade.Needed() {
		t.Error("it was given up")
	}
	if !p.otherWay(testContext(t), false) {
		t.Error("a connection that was not upgraded is not to be, although others are")
	}
}

// upgrader is a web server at whose upgrade path answer writes all there is.
func upgrader(t *testing.T, answer http.HandlerFunc) *Proxy {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != upgradePath {
			http.NotFound(w, r)
			return
		}
		answer(w, r)
	}))
	srv.Config.ErrorLog = discardLog
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	return &Proxy{Addr: srv.Listener.Addr().String(), RootCAs: roots, Upgrade: NewUpgrade(UpgradeAlways)}
}

func accept(r *http.Request) string {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + acceptGUID))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestUpgradeRefused(t *testing.T) {
	s := startAuth(t)
	raw := func(format string, a ...any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			text := fmt.Sprintf(format, a...)
			io.WriteString(conn, strings.ReplaceAll(text, "ACCEPT", accept(r)))
		}
	}
	const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere") // is not followed
			w.WriteHeader(code)
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		status int
		text   string
	}{
		"old server":         {status(404), 404, "/webapi/connectionupgrade answers 404 Not Found"},
		"bad gateway":        {status(502), 502, "answers 502 Bad Gateway"},
		"redirect":           {status(302), 302, "answers 302 Found"},
		"no websocket":       {status(200), 200, "answers 200 OK"},
		"other upgrade":      {raw(switching + "Upgrade: alpn\r\nSec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: alpn-ping\r\n\r\n"), 0, "not that of a websocket"},
		"wrong accept":       {raw(switching + "Upgrade: websocket\r\nSec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: alpn-ping\r\n\r\n"), 0, "not that of a websocket"},
		"no protocol":        {raw(switching + "Upgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n"), 0, "does not know the protocol alpn-ping"},
		"other protocol":     {raw(switching + "Upgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: alpn\r\n\r\n"), 0, "does not know the protocol alpn-ping"},
		"no HTTP":            {raw("SSH-2.0-Go\r\n"), 0, "cannot be read"},
		"nothing":            {raw(""), 0, "cannot be read"},
		"too long an answer": {raw("HTTP/1.1 101 Switching Protocols\r\nX: %s\r\n\r\n", strings.Repeat("x", maxConnectAnswer)), 0, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			p := upgrader(t, test.answer)
			a := must(p.DialAuth(s.login()))(t)
			defer a.Close()
			_, err := a.User(testContext(t))
			var failed *UpgradeError
			if !errors.As(err, &failed) || failed.Status != test.status || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// What the server sends in one piece with its answer belongs to the connection.
func TestFrameBehindTheAnswer(t *testing.T) {
	p := upgrader(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		answer := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
			"Sec-WebSocket-Accept: " + accept(r) + "\r\nSec-WebSocket-Protocol: alpn-ping\r\n\r\n"
		conn.Write(append([]byte(answer), serverFrame(0x82, "hello")...))
	})
	ctx := testContext(t)
	conn := must(passage{Proxy: p}.upgrade(ctx, must(p.dial(ctx))(t)))(t)
	defer conn.Close()
	if got := must(io.ReadAll(conn))(t); string(got) != "hello" {
		t.Errorf("got %q", got)
	}
}

// The caller's end is the end of a handshake that is half done: here of the one
// inside the websocket, of which the server has read the beginning.
func TestInnerHandshakeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(testContext(t))
	p := upgrader(t, func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"alpn-ping"}})
		if err != nil {
			t.Error(err)
			return
		}
		conn := websocket.NetConn(r.Context(), ws, websocket.MessageBinary)
		defer conn.Close()
		conn.Read(make([]byte, 1)) // of the ClientHello
		cancel()
		io.Copy(io.Discard, conn)
	})
	start := time.Now()
	_, err := passage{p, authTarget(&tls.Config{ServerName: "x", NextProtos: []string{"h2"}})}.secure(ctx, must(p.dial(ctx))(t))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// And here of the websocket's own.
func TestUpgradeEnds(t *testing.T) {
	asked, over := make(chan struct{}), make(chan struct{})
	p := upgrader(t, func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-over
	})
	defer close(over)
	ctx, cancel := context.WithCancel(testContext(t))
	go func() { <-asked; cancel() }()
	raw := must(p.dial(ctx))(t)
	if _, err := (passage{Proxy: p}).upgrade(ctx, raw); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	raw.Close()
}

// TestUpgradeToAnotherWebsocket meets a websocket that this project did not
// write. What it sends right behind the answer is not lost.
func TestUpgradeToAnotherWebsocket(t *testing.T) {
	inner := httptest.NewUnstartedServer(nil)
	inner.StartTLS() // for its certificate
	defer inner.Close()
	ponged := make(chan struct{})
	p := upgrader(t, func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"alpn-ping"}})
		if err != nil {
			t.Error(err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
		defer cancel()
		go func() { // the answer is noticed as long as the echo reads
			if err := ws.Ping(ctx); err != nil {
				t.Errorf("ping: %v", err)
			}
			close(ponged)
		}()
		conn := tls.Server(websocket.NetConn(r.Context(), ws, websocket.MessageBinary), &tls.Config{Certificates: inner.TLS.Certificates})
		n, err := io.Copy(conn, conn)
		if err != nil || n != 300_000 {
			t.Errorf("echoed %d bytes: %v", n, err)
		}
		conn.CloseWrite()
		ws.Close(websocket.StatusNormalClosure, "")
	})
	roots := x509.NewCertPool()
	roots.AddCert(inner.Certificate())
	to := target{config: func(bool) (*tls.Config, func(tls.ConnectionState) error, error) {
		return &tls.Config{RootCAs: roots, ServerName: "example.com"}, func(tls.ConnectionState) error { return nil }, nil
	}}
	ctx := testContext(t)
	conn := must(passage{p, to}.secure(ctx, must(p.dial(ctx))(t)))(t)
	defer conn.Close()
	sent := bytes.Repeat([]byte("0123456789"), 30_000)
	go func() {
		conn.Write(sent)
		<-ponged
		conn.CloseWrite()
	}()
	if got := must(io.ReadAll(conn))(t); !bytes.Equal(got, sent) {
		t.Errorf("got %d bytes back, want %d", len(got), len(sent))
	}
}

func TestTLSRoutingOff(t *testing.T) {
	for text, want := range map[string]bool{
		`{"proxy":{"tls_routing_enabled":false}}`: true,
		`{"proxy":{"tls_routing_enabled":true}}`:  false,
		`{"proxy":{"tls_routing_enabled":null}}`:  false,
		`{"proxy":{}}`:                            false, // does not say
		`{"proxy":null}`:                          false,
		`{}`:                                      false,
	} {
		var ping Ping
		if err := json.Unmarshal([]byte(text), &ping); err != nil || ping.Proxy.TLSRoutingOff() != want {
			t.Errorf("%s: off %v, %v", text, ping.Proxy.TLSRoutingOff(), err)
		}
	}
}

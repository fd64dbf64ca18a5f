// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// appProxy is a proxy's web address as an app's client meets it: it asks for a
// client certificate and answers with what it saw of the connection.
type appProxy struct {
	t      *testing.T
	userCA *authority
	webCA  *authority
	proxy  *Proxy
	delay  time.Duration // before an answer

	mu     sync.Mutex
	hellos []*tls.ClientHelloInfo
	seen   []*http.Request
	body   string // of the newest request
	header string // of answers, if it is set
}

// startApp serves on l; the proxy dials its address, or dial if that is set.
func startApp(t *testing.T, l net.Listener, dial func(context.Context, string, string) (net.Conn, error)) *appProxy {
	t.Helper()
	p := &appProxy{t: t, userCA: newAuthority(t, "demo-cluster"), webCA: newAuthority(t, "web")}
	cert := p.webCA.pair(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
	cfg := &tls.Config{
		Certificates: []tls.Certificate{*cert},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    p.userCA.pool(),
		NextProtos:   []string{"h2", protoHTTP1},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.hellos = append(p.hellos, hello)
			return nil, nil
		},
	}
	srv := &http.Server{Handler: http.HandlerFunc(p.serve), ErrorLog: discardLog}
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(tls.NewListener(l, cfg))
	}()
	t.Cleanup(func() { srv.Close(); <-done })
	p.proxy = &Proxy{Addr: l.Addr().String(), RootCAs: p.webCA.pool(), Dial: dial}
	return p
}

func (p *appProxy) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.body = string(body)
	p.seen = append(p.seen, r)
	p.mu.Unlock()
	if p.header != "" {
		w.Header().Set("X-Long", p.header)
	}
	time.Sleep(p.delay) // of a synctest bubble
	io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
}

// last returns the newest request.
func (p *appProxy) last() *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[len(p.seen)-1]
}

func (p *appProxy) cert(name string) *tls.Certificate {
	return p.userCA.pair(&x509.Certificate{Subject: pkix.Name{CommonName: name}})
}

// certSource gives a certificate that can be changed, and counts the questions.
type certSource struct {
	mu    sync.Mutex
	cert  *tls.Certificate
	asked int
}

func (s *certSource) get(context.Context) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.cert, nil
}

func (s *certSource) set(c *tls.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cert = c
}

func appTransport(t *testing.T, p *Proxy, cert func(context.Context) (*tls.Certificate, error)) *http.Transport {
	tr := p.AppTransport(cert)
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}

// get makes a request and returns the name in the certificate that the server saw.
func get(ctx context.Context, rt http.RoundTripper, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := (&http.Client{Transport: rt}).Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func TestAppConnection(t *testing.T) {
	p := startApp(t, listen(t), nil)
	source := &certSource{cert: p.cert("app")}
	tr := appTransport(t, p.proxy, source.get)
	// Neither the host nor the scheme decides where the request goes.
	for _, url := range []string{"https://localhost/mcp?x=%2F", "http://nowhere.example.com:1/mcp?x=%2F"} {
		if got := must(get(testContext(t), tr, url))(t); got != "app" {
			t.Errorf("%s: the server saw %q; want app", url, got)
		}
		r := p.last()
		if r.RequestURI != "/mcp?x=%2F" || r.Proto != "HTTP/1.1" || r.Header.Get("Accept-Encoding") != "" {
			t.Errorf("request %s %s, headers %v", r.RequestURI, r.Proto, r.Header)
		}
	}
	if p.last().Host != "nowhere.example.com:1" {
		t.Errorf("host %q", p.last().Host)
	}
	for _, hello := range p.hellos {
		if !slices.Equal(hello.SupportedProtos, []string{"http/1.1"}) {
			t.Errorf("ALPN %q; want http/1.1 only", hello.SupportedProtos)
		}
	}
}

func TestCertificateIsAskedPerConnection(t *testing.T) {
	p := startApp(t, listen(t), nil)
	source := &certSource{cert: p.cert("app")}
	tr := appTransport(t, p.proxy, source.get)
	for range 3 {
		must(get(testContext(t), tr, "https://localhost/"))(t)
	}
	if source.asked != 1 || len(p.hellos) != 1 {
		t.Errorf("asked %d times for %d connections; want 1", source.asked, len(p.hellos))
	}
	tr.CloseIdleConnections()
	must(get(testContext(t), tr, "https://localhost/"))(t)
	if source.asked != 2 || len(p.hellos) != 2 {
		t.Errorf("asked %d times for %d connections; want 2", source.asked, len(p.hellos))
	}
}

func TestSessionsBelongToACertificate(t *testing.T) {
	p := startApp(t, listen(t), nil)
	old, renewed := p.cert("old"), p.cert("renewed")
	source := new(certSource)
	tr := appTransport(t, p.proxy, source.get)
	for i, step := range []struct {
		cert    *tls.Certificate
		want    string
		resumed bool
	}{
		{old, "old", false},
		{old, "old", true},
		{&tls.Certificate{Certificate: old.Certificate, PrivateKey: old.PrivateKey}, "old", true}, // read again from a store
		{renewed, "renewed", false},
		{renewed, "renewed", true},
		{old, "old", false},
	} {
		source.set(step.cert)
		got := must(get(testContext(t), tr, "https://localhost/"))(t)
		if got != step.want || p.last().TLS.DidResume != step.resumed {
			t.Errorf("step %d: the server saw %q, resumed %v; want %q, %v", i, got, p.last().TLS.DidResume, step.want, step.resumed)
		}
		tr.CloseIdleConnections()
	}
}

func TestErrorOfTheCertificateFunction(t *testing.T) {
	p := startApp(t, listen(t), nil)
	sentinel := errors.New("login expired")
	for name, tc := range map[string]struct {
		cert *tls.Certificate
		err  error
		is   error
	}{
		"an error":             {nil, sentinel, sentinel},
		"no certificate":       {nil, nil, nil},
		"an empty certificate": {&tls.Certificate{}, nil, nil},
	} {
		tr := appTransport(t, p.proxy, func(context.Context) (*tls.Certificate, error) { return tc.cert, tc.err })
		_, err := get(testContext(t), tr, "https://localhost/")
		if err == nil || tc.is != nil && !errors.Is(err, tc.is) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if len(p.hellos) != 0 {
		t.Errorf("%d connections without a certificate", len(p.hellos))
	}
}

func TestCertificateRefusedByTheProxy(t *testing.T) {
	p := startApp(t, listen(t), nil)
	for name, tc := range map[string]struct {
		cert  *tls.Certificate
		alert tls.AlertError
	}{
		"expired":    {p.userCA.pair(&x509.Certificate{NotAfter: time.Now().Add(-time.Minute)}), 45},
		"unknown CA": {newAuthority(t, "demo-cluster").pair(&x509.Certificate{}), 48},
	} {
		source := &certSource{cert: tc.cert}
		_, err := get(testContext(t), appTransport(t, p.proxy, source.get), "https://localhost/")
		var alert tls.AlertError
		if !errors.As(err, &alert) || alert != tc.alert {
			t.Errorf("%s: error %v; want alert %d", name, err, tc.alert)
		}
		if err != nil && !strings.Contains(err.Error(), "remote error: "+tc.alert.Error()) {
			t.Errorf("%s: text %q", name, err)
		}
	}
}

// A proxy may name CAs that the certificate is not from, and take it all the same.
func TestCertificateIsSentUnasked(t *testing.T) {
	p := startApp(t, listen(t), nil)
	cfg := &tls.Config{
		Certificates: []tls.Certificate{*p.webCA.pair(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})},
		ClientAuth:   tls.RequestClientCert,
		ClientCAs:    newAuthority(t, "another").pool(),
	}
	sent := make(chan int, 1)
	addr := serveConns(t, func(c net.Conn) {
		conn := tls.Server(c, cfg)
		if err := conn.Handshake(); err != nil {
			t.Error(err)
		}
		sent <- len(conn.ConnectionState().PeerCertificates)
	})
	source := &certSource{cert: p.cert("app")}
	tr := appTransport(t, &Proxy{Addr: addr, RootCAs: p.webCA.pool()}, source.get)
	if _, err := get(testContext(t), tr, "https://localhost/"); err == nil {
		t.Error("a closed connection answered")
	}
	if n := <-sent; n != 1 {
		t.Errorf("%d certificates were sent; want 1", n)
	}
}

func TestAppProxyUnreachable(t *testing.T) {
	p := startApp(t, listen(t), nil)
	source := &certSource{cert: p.cert("app")}
	t.Run("unknown CA", func(t *testing.T) {
		tr := appTransport(t, &Proxy{Addr: p.proxy.Addr, RootCAs: newAuthority(t, "web").pool()}, source.get)
		_, err := get(testContext(t), tr, "https://localhost/")
		var unknown x509.UnknownAuthorityError
		if !errors.As(err, &unknown) {
			t.Errorf("error %v; want x509.UnknownAuthorityError", err)
		}
	})
	t.Run("refused", func(t *testing.T) {
		l := listen(t)
		l.Close()
		_, err := get(testContext(t), appTransport(t, &Proxy{Addr: l.Addr().String()}, source.get), "https://localhost/")
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "dial" {
			t.Errorf("error %v; want a *net.OpError of a dial", err)
		}
	})
}

type requestKey struct{}

// A dial ends with the request it is for, wherever it is just then.
func TestDialEndsWithItsRequest(t *testing.T) {
	for _, scheme := range []string{"https", "http"} {
		t.Run(scheme+", in the certificate function", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.WithValue(testContext(t), requestKey{}, "mine"))
			defer cancel()
			over := make(chan error, 1)
			tr := appTransport(t, &Proxy{Addr: "127.0.0.1:1"}, func(dial context.Context) (*tls.Certificate, error) {
				if dial.Value(requestKey{}) != "mine" {
					t.Error("the context is not that of the request")
				}
				cancel()
				select {
				case <-dial.Done():
				case <-time.After(connectTimeout / 2):
				}
				over <- dial.Err()
				return nil, dial.Err()
			})
			if _, err := get(ctx, tr, scheme+"://localhost/"); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v; want context.Canceled", err)
			}
			if err := <-over; !errors.Is(err, context.Canceled) {
				t.Errorf("the certificate function's context: %v; want context.Canceled", err)
			}
		})
		t.Run(scheme+", in the handshake", func(t *testing.T) {
			ctx, cancel := context.WithCancel(testContext(t))
			defer cancel()
			took := make(chan time.Duration, 1)
			silent := serveConns(t, func(c net.Conn) {
				start := time.Now()
				cancel()
				io.Copy(io.Discard, c) // until the client hangs up
				took <- time.Since(start)
			})
			source := &certSource{cert: newAuthority(t, "demo-cluster").pair(&x509.Certificate{})}
			tr := appTransport(t, &Proxy{Addr: silent}, source.get)
			if _, err := get(ctx, tr, scheme+"://localhost/"); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v; want context.Canceled", err)
			}
			if d := <-took; d > connectTimeout/2 {
				t.Errorf("the connection was left open for %v", d)
			}
		})
	}
}

// A request's body arrives whole, and its answer names the request's URL.
func TestAppRequestBody(t *testing.T) {
	p := startApp(t, listen(t), nil)
	source := &certSource{cert: p.cert("app")}
	tr := appTransport(t, p.proxy, source.get)
	resp := must((&http.Client{Transport: tr}).Post("https://localhost/mcp", "application/json", strings.NewReader(`{"id":1}`)))(t)
	resp.Body.Close()
	if p.body != `{"id":1}` || resp.Request.URL.String() != "https://localhost/mcp" {
		t.Errorf("the server read %q; the answer is for %s", p.body, resp.Request.URL)
	}
}

// An app does not fill the memory with headers.
func TestAppHeadersAreBounded(t *testing.T) {
	p := startApp(t, listen(t), nil)
	source := &certSource{}
	source.set(p.cert("alice"))
	tr := appTransport(t, p.proxy, source.get)
	for size, want := range map[int]bool{maxAppHeaders / 2: true, maxAppHeaders + 1: false} {
		p.header = strings.Repeat("x", size)
		if _, err := get(testContext(t), tr, "https://localhost/"); (err == nil) != want {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

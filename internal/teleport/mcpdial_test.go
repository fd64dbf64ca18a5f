// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// rawProxy is a proxy's web address as the client of a raw app meets it: it
// returns each line, with the name in the certificate in front.
type rawProxy struct {
	userCA, webCA *authority
	proxy         *Proxy

	mu     sync.Mutex
	offers [][]string
}

// startRaw serves with the protocols that the proxy knows.
func startRaw(t *testing.T, protos []string, change func(*tls.Config)) *rawProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rawProxy{userCA: newAuthority(t, "demo-cluster"), webCA: newAuthority(t, "web")}
	cfg := &tls.Config{
		Certificates: []tls.Certificate{*p.webCA.pair(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})},
		ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: p.userCA.pool(), NextProtos: protos,
	}
	cfg.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.offers = append(p.offers, slices.Clone(hello.SupportedProtos))
		return nil, nil
	}
	if change != nil {
		change(cfg)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serveRaw(tls.Server(c, cfg)) })
		}
	})
	t.Cleanup(func() { l.Close(); serving.Wait() })
	p.proxy = &Proxy{Addr: l.Addr().String(), RootCAs: p.webCA.pool()}
	return p
}

func serveRaw(c *tls.Conn) {
	defer c.Close()
	if c.Handshake() != nil {
		return
	}
	var conn net.Conn = c
	state := c.ConnectionState()
	if state.NegotiatedProtocol == "teleport-mcp-ping" {
		conn = newPingConn(c)
		io.WriteString(c, "\x00\x00\x00\x00")
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		io.WriteString(conn, state.PeerCertificates[0].Subject.CommonName+": "+lines.Text()+"\n")
	}
}

// Both protocols are offered and nothing else, and what was negotiated decides
// whether there are frames.
func TestDialMCP(t *testing.T) {
	for _, protos := range [][]string{{"http/1.1", "teleport-mcp-ping", "teleport-mcp"}, {"http/1.1", "teleport-mcp"}} {
		p := startRaw(t, protos, nil)
		c, err := DialMCP(t.Context(), p.proxy, p.userCA.pair(&x509.Certificate{Subject: pkix.Name{CommonName: "alice"}}))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "hello\n")
		if line, err := bufio.NewReader(c).ReadString('\n'); line != "alice: hello\n" {
			t.Errorf("%v: got %q, %v", protos, line, err)
		}
		if want := []string{"teleport-mcp-ping", "teleport-mcp"}; !slices.Equal(p.offers[0], want) {
			t.Errorf("offered %v, want %v", p.offers[0], want)
		}
	}
}

func TestDialMCPFails(t *testing.T) {
	for _, tt := range []struct {
		name   string
		protos []string
		change func(*tls.Config)
		want   error
	}{
		{"a proxy that knows no raw apps", nil, func(c *tls.Config) {
			c.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				return nil, hello.Conn.Close()
			}
		}, io.EOF},
		{"a proxy that takes no notice of ALPN", nil, nil, errALPN},
		{"a proxy that wants no certificate", mcpProtos, func(c *tls.Config) { c.ClientAuth = tls.NoClientCert }, ErrCertNotAsked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := startRaw(t, tt.protos, tt.change)
			_, err := DialMCP(t.Context(), p.proxy, p.userCA.pair(&x509.Certificate{}))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// The verdict on a certificate comes after the handshake: the first Read has it.
func TestDialMCPCertificateRefused(t *testing.T) {
	p := startRaw(t, mcpProtos, nil)
	c, err := DialMCP(t.Context(), p.proxy, newAuthority(t, "other").pair(&x509.Certificate{}))
	if err == nil {
		defer c.Close()
		_, err = c.Read(make([]byte, 1))
	}
	var alert tls.AlertError
	if !errors.As(err, &alert) {
		t.Errorf("got %v", err)
	}
}

// A connection is given up in time although nobody reads at the other end.
func TestHangUp(t *testing.T) {
	here, there := net.Pipe() // without any buffer
	ca := newAuthority(t, "web")
	server := tls.Server(there, &tls.Config{Certificates: []tls.Certificate{*ca.pair(&x509.Certificate{DNSNames: []string{"proxy"}})}})
	var done sync.WaitGroup
	done.Go(func() { _ = server.Handshake() })
	conn := tls.Client(here, &tls.Config{ServerName: "proxy", RootCAs: ca.pool()})
	if err := conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	(&hangUpConn{Conn: conn, raw: here}).Close()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	there.Close()
	done.Wait()
}

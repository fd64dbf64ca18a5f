// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: raw connections, by a client that frames by hand.

package testcluster

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/rawtest"
)

// rawPair is what a client of a raw app offers.
var rawPair = []string{"teleport-mcp-ping", "teleport-mcp"}

const (
	rawInitialize  = `{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "rawc", "version": "1"}}}`
	rawInitialized = `{"jsonrpc": "2.0", "method": "notifications/initialized"}`
	rawPing        = `{"jsonrpc":"2.0","id":"probe","method":"ping"}`
	rawPong        = `{"jsonrpc":"2.0","id":"probe","result":{}}`
)

// stdioApp is an app whose server is this test's process.
func stdioApp(t *testing.T, name string, args ...string) App {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return App{Name: name, URI: "mcp+stdio://", Command: append([]string{exe, rawtest.Arg}, args...)}
}

// rawClient is a client inside TLS, which frames if that was negotiated.
type rawClient struct {
	*tls.Conn
	framed bool
	lines  *bufio.Reader
	pings  int // of the server so far
	left   uint32
}

// dialRaw connects with a certificate of this identity.
func dialRaw(t *testing.T, c *Cluster, id identity, protos ...string) *rawClient {
	t.Helper()
	client, err := tryRaw(t, c, clientCertOf(t, c, id), protos...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func tryRaw(t *testing.T, c *Cluster, cert *tls.Certificate, protos ...string) (*rawClient, error) {
	t.Helper()
	if len(protos) == 0 {
		protos = rawPair
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.WebCA())
	raw, err := net.Dial("tcp", c.Addr())
	if err != nil {
		return nil, err
	}
	return rawOver(t, raw, roots, cert, protos)
}

// rawOver does the handshake on a connection.
func rawOver(t *testing.T, raw net.Conn, roots *x509.CertPool, cert *tls.Certificate, protos []string) (*rawClient, error) {
	t.Helper()
	conn := tls.Client(raw, &tls.Config{RootCAs: roots, ServerName: rpID, NextProtos: protos,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return cert, nil }})
	conn.SetDeadline(time.Now().Add(limit))
	t.Cleanup(func() { conn.Close() })
	if err := conn.Handshake(); err != nil {
		return nil, err
	}
	r := &rawClient{Conn: conn, framed: strings.HasSuffix(conn.ConnectionState().NegotiatedProtocol, "-ping")}
	r.lines = bufio.NewReader(r)
	return r, nil
}

func clientCertOf(t *testing.T, c *Cluster, id identity) *tls.Certificate {
	t.Helper()
	key := must(newKey())
	pair := keyPair(t, must(c.issueUserCert(id, key.Public())), key)
	return &pair
}

// Read reads what is inside of frames.
func (r *rawClient) Read(p []byte) (int, error) {
	for r.framed && r.left == 0 {
		var head [4]byte
		if _, err := io.ReadFull(r.Conn, head[:]); err != nil {
			return 0, err
		}
		if r.left = binary.BigEndian.Uint32(head[:]); r.left == 0 {
			r.pings++
		}
		if r.left > 16384 {
			return 0, errors.New("a frame of the server is too long")
		}
	}
	if r.framed {
		p = p[:min(len(p), int(r.left))]
	}
	n, err := r.Conn.Read(p)
	r.left -= uint32(n)
	return n, err
}

// send sends lines, each in a frame.
func (r *rawClient) send(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		data := []byte(line + "\n")
		if r.framed {
			data = append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...)
		}
		if _, err := r.Conn.Write(data); err != nil {
			t.Fatalf("send %.100q: %v", line, err)
		}
	}
}

// line reads the next line.
func (r *rawClient) line(t *testing.T) string {
	t.Helper()
	line, err := r.lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v (after %q)", err, line)
	}
	return strings.TrimSuffix(line, "\n")
}

// want reads lines and compares.
func (r *rawClient) want(t *testing.T, lines ...string) {
	t.Helper()
	for _, want := range lines {
		if got := r.line(t); got != want {
			t.Fatalf("line = %.600s\nwant   %.600s", got, want)
		}
	}
}

// wantOpen holds that the connection and the server behind it are there.
func (r *rawClient) wantOpen(t *testing.T) {
	t.Helper()
	r.send(t, rawPing)
	r.want(t, rawPong)
}

// wantEnd holds that nothing comes any more and the end is a clean one.
func (r *rawClient) wantEnd(t *testing.T) {
	t.Helper()
	if rest, err := io.ReadAll(r.lines); err != nil || len(rest) > 0 {
		t.Errorf("the end is %.200q, %v, want EOF without a word", rest, err)
	}
}

// open does the handshake of MCP.
func (r *rawClient) open(t *testing.T, server string) {
	t.Helper()
	r.send(t, rawInitialize, rawInitialized)
	r.want(t, rawWelcome(server))
}

func rawWelcome(server string) string {
	return `{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"` + server + `","version":"1"}}}`
}

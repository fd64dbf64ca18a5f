// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
)

// ALPN values the proxy knows (protocol.md 6.1, 6.4, 8.1).
const (
	alpnHTTP1      = "http/1.1"
	alpnHTTP2      = "h2"
	alpnTunnel     = "teleport-reversetunnel"
	alpnTCP        = "teleport-tcp"
	alpnMCP        = "teleport-mcp"
	alpnMCPPing    = "teleport-mcp-ping"
	alpnACME       = "acme-tls/1"
	alpnAuthPrefix = "teleport-auth@"
	apiDomain      = "teleport.cluster.local"
)

var errPeeked = errors.New("hello read")

// readHello reads a TLS ClientHello and returns the ALPN values in the
// client's order, and the bytes it has taken from r, which belong to whoever
// serves the connection. Nothing is sent to the client.
func readHello(conn net.Conn) (protos []string, taken []byte, err error) {
	peek := &helloReader{Conn: conn}
	seen := false
	err = tls.Server(peek, &tls.Config{
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			protos, seen = hello.SupportedProtos, true
			return nil, errPeeked
		},
	}).Handshake()
	if !seen {
		return nil, nil, err
	}
	return protos, peek.taken.Bytes(), nil
}

// helloReader keeps what is read and swallows what is written: the alert by
// which crypto/tls ends the handshake that readHello breaks off.
type helloReader struct {
	net.Conn
	taken bytes.Buffer
}

func (h *helloReader) Read(p []byte) (int, error) {
	return io.TeeReader(h.Conn, &h.taken).Read(p)
}

func (h *helloReader) Write(p []byte) (int, error) { return len(p), nil }

// authProtocol is the ALPN value by which a client reaches the auth service of
// a cluster, and serverName the SNI that names the cluster which issued the
// client's certificate (protocol.md 5.3, 6.1).
func authProtocol(cluster string) string { return alpnAuthPrefix + serverName(cluster) }

func serverName(cluster string) string {
	return strings.ToLower(hex.EncodeToString([]byte(cluster))) + "." + apiDomain
}

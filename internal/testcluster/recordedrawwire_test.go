// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-mcp-raw.json, ALPN values, frames, and HTTP where raw bytes are.

package testcluster

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// alpnReplay connects with these values and does the handshake of MCP.
func alpnReplay(negotiated string, protos ...string) rawReplay {
	return func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo", protos...)
		if got := client.ConnectionState().NegotiatedProtocol; got != negotiated || negotiated != "teleport-tcp" && !strings.Contains(e.Note, negotiated) {
			t.Errorf("negotiated %q, want %q", got, negotiated)
		}
		client.open(t, "rawdemo")
		client.wantOpen(t)
	}
}

// rawWire are entries about what is below the lines.
var rawWire = map[string]rawReplay{
	"alpn-ping-first":   alpnReplay("teleport-mcp-ping", "teleport-mcp-ping", "teleport-mcp"),
	"alpn-plain-first":  alpnReplay("teleport-mcp-ping", "teleport-mcp", "teleport-mcp-ping"),
	"alpn-plain":        alpnReplay("teleport-mcp", "teleport-mcp"),
	"alpn-teleport-tcp": alpnReplay("teleport-tcp", "teleport-tcp"),
	"alpn-mixed-with-http": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo", "http/1.1", "teleport-mcp-ping")
		wantBadRequest(t, client)
	},
	"certificate-of-a-http-app": func(t *testing.T, r *rawRig, e recordedRaw) {
		for _, app := range []string{"web", "mcp1"} {
			wantBadRequest(t, r.dial("bob", app, "teleport-mcp"))
			framed := r.dial("bob", app)
			framed.send(t, rawInitialize)
			if got := framed.line(t); got != "HTTP/1.1 400 Bad Request\r" {
				t.Errorf("in frames: %q", got)
			}
		}
	},
	"http-inside-teleport-mcp": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "mcpdown", "teleport-mcp")
		io.WriteString(client, strings.Join(e.Sent, "\r\n"))
		resp, err := http.ReadResponse(client.lines, nil)
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, resp)
		if resp.Proto+" "+resp.Status != e.Received[0] || errorOriginHeader+": "+resp.Header.Get(errorOriginHeader) != e.Received[1] {
			t.Errorf("%s %s, want %q", resp.Proto, resp.Status, e.Received)
		}
	},
	"http-to-a-raw-app": func(t *testing.T, r *rawRig, e recordedRaw) {
		resp := do(t, clientOf(t, r.Cluster, r.identity("bob", "rawdemo")), r.Cluster, http.MethodPost, "/", rawInitialize, "Content-Type", "application/json")
		wantAnswer(t, resp, http.StatusInternalServerError, "text/plain; charset=utf-8", "Internal Server Error")
	},
	"frames": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.open(t, "rawdemo")
		frame := func(parts ...string) {
			for _, part := range parts {
				client.Conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(part))), part...))
			}
		}
		ping := `{"jsonrpc":"2.0","id":5,"method":"ping"}`
		const pong = `{"jsonrpc":"2.0","id":5,"result":{}}`
		frame(ping[:7], ping[7:]+"\n")     // one line over two frames
		frame(ping + "\n" + ping + "\r\n") // two lines in one
		frame("", ping, "", "\n")          // pings in between
		client.want(t, pong, pong, pong, pong)
		for client.pings == 0 { // of the server
			frame(ping + "\n")
			client.want(t, pong)
		}
		client.send(t, `{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"big","arguments":{"bytes":3000000}}}`)
		if got := len(client.line(t)); got < 3000000 { // the client holds that no frame is too long
			t.Errorf("a line of %d bytes", got)
		}
		client.send(t, `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"slow","arguments":{"text":"`+strings.Repeat("x", 5000000)+`"}}}`)
		client.want(t, `{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"slept"}]}}`)
	},
	"upgrade-alpn": func(t *testing.T, r *rawRig, e recordedRaw) {
		cert := clientCertOf(t, r.Cluster, r.identity("bob", "rawdemo"))
		web := x509.NewCertPool()
		web.AppendCertsFromPEM(r.WebCA())
		for _, upgrade := range []string{"alpn", "alpn-ping"} {
			for _, protos := range [][]string{rawPair, {"teleport-mcp"}} {
				client, err := rawOver(t, upgraded(t, r.Cluster, upgrade), r.host.ca().pool(), cert, protos)
				if err != nil {
					t.Fatal(err)
				}
				client.open(t, "rawdemo")
				client.wantOpen(t)
			}
			if _, err := rawOver(t, upgraded(t, r.Cluster, upgrade), web, cert, rawPair); err == nil {
				t.Error("the web CA does inside of an upgrade")
			}
		}
	},
}

// wantBadRequest holds that a line is answered by an HTTP server.
func wantBadRequest(t *testing.T, client *rawClient) {
	t.Helper()
	io.WriteString(client.Conn, rawInitialize+"\n")
	resp, err := http.ReadResponse(bufio.NewReader(client.Conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, resp)
	if resp.StatusCode != http.StatusBadRequest || !resp.Close {
		t.Errorf("status %s", resp.Status)
	}
}

// upgraded is a connection to the proxy inside of a websocket.
func upgraded(t *testing.T, c *Cluster, proto string) net.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	client := tlsClient(t, c, tls.Certificate{})
	ws, _, err := websocket.Dial(ctx, c.URL()+"/webapi/connectionupgrade", &websocket.DialOptions{HTTPClient: client, Subprotocols: []string{proto}})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow(); cancel() })
	return websocket.NetConn(ctx, ws, websocket.MessageBinary)
}

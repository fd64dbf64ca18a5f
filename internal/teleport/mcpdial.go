// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// pingSuffix ends the protocols inside of which all bytes are in frames.
const pingSuffix = "-ping"

// mcpProtos is the whole list that is offered for the process of a raw MCP app.
// With another protocol beside them the proxy takes the handler of that one and
// negotiates one of these (protocol.md 13.1).
var mcpProtos = []string{"teleport-mcp" + pingSuffix, "teleport-mcp"}

// DialMCP opens a connection to the stdio or SSE app that cert is for. The app
// service starts a process, or a stream of the SSE server, for it at once. What
// goes over it is JSON-RPC in lines, and nobody greets: whether the app may be
// used shows at the first answer, and an end of file before that says nothing
// (protocol.md 13.2). Like those of an app's transport, its errors lead to the
// alert that the server sent, those of Read and Write too. A proxy that knows no
// raw apps hangs up in the handshake, which is an [io.EOF].
func DialMCP(ctx context.Context, p *Proxy, cert *tls.Certificate) (net.Conn, error) {
	if cert == nil || len(cert.Certificate) == 0 {
		return nil, errNoAppCert
	}
	raw, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := passage{p, mcpTarget(p, cert)}.secure(ctx, raw)
	if err != nil {
		return nil, err
	}
	named := &hangUpConn{Conn: newAlertConn(conn), raw: conn.NetConn()}
	if strings.HasSuffix(conn.ConnectionState().NegotiatedProtocol, pingSuffix) {
		quiet := newQuietConn(named)
		go quiet.watch(func(d time.Duration) bool { return d >= pingsLimit })
		return newPingConn(quiet), nil
	}
	return named, nil
}

var errNoAppCert = errcode.New(errcode.AppCertMissing, "no app certificate")

// mcpTarget is the raw app that cert is for.
func mcpTarget(p *Proxy, cert *tls.Certificate) target {
	return target{config: func(upgraded bool) (*tls.Config, func(tls.ConnectionState) error, error) {
		cfg, asked, err := appTLS(p, cert, upgraded)
		if err != nil {
			return nil, nil, err
		}
		cfg.NextProtos = slices.Clone(mcpProtos)
		return cfg, func(state tls.ConnectionState) error {
			switch {
			case !slices.Contains(mcpProtos, state.NegotiatedProtocol):
				return errALPN
			case !asked():
				return ErrCertNotAsked
			}
			return nil
		}, nil
	}}
}

// hangUpWait is how long the end of a connection may take to be told to a peer
// that reads nothing more.
const hangUpWait = 250 * time.Millisecond

// hangUpConn closes a TLS connection in bounded time: crypto/tls waits five
// seconds for a peer that does not read.
type hangUpConn struct {
	net.Conn
	raw net.Conn
}

func (c *hangUpConn) Close() error {
	late := time.AfterFunc(hangUpWait, func() { c.raw.Close() })
	defer late.Stop()
	return c.Conn.Close()
}

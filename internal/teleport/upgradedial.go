// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	upgradePath = "/webapi/connectionupgrade"
	// upgradeProto asks for the inner connection in binary frames and for a ping
	// every 30 s. Apps get it as well as gRPC: a stream that listens for what an
	// MCP server says is silent for hours, and load balancers cut silent
	// connections after a minute.
	upgradeProto = "alpn-ping"
	// acceptGUID is what RFC 6455 mixes into the answer to a handshake.
	acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
)

// ErrCertNotAsked tells that the TLS handshake of an app connection ended
// without the server asking for the certificate, as the proxy always does.
var ErrCertNotAsked = errcode.Hinted(errcode.TLSIntercepted,
	"the app certificate was not asked for: something on the way to the cluster ends TLS",
	"a load balancer or firewall ends TLS, and lets no websocket through to /webapi/connectionupgrade: ask your network's administrator")

// ErrNoHostCA tells that an app is to be reached through an upgraded connection,
// and Proxy.HostCAs is not set.
var ErrNoHostCA = errcode.Hinted(errcode.HostCAMissing,
	"the cluster's host CA, which a connection through a load balancer needs, did not come with the identity",
	"tbot writes it beside the certificate, as teleport-host-ca.crt; or name an address that leads to the proxy itself")

// UpgradeError tells that a load balancer ends TLS before the proxy, or is said
// to, and that the connection could not be upgraded to pass it.
type UpgradeError struct {
	Status    int   // of the answer to the upgrade; 0: it gave none, or it was 101
	Forbidden bool  // the mode is UpgradeNever, and a test says that it is needed
	Err       error // the cause where Status is 0
}

func (e *UpgradeError) Error() string {
	switch {
	case e.Forbidden:
		return fmt.Sprintf("something before the Teleport proxy ends TLS, and connections must not be upgraded: %v", e.Err)
	case e.Status != 0:
		return fmt.Sprintf("the connection was not upgraded: %s answers %d %s", upgradePath, e.Status, http.StatusText(e.Status))
	}
	return "the connection was not upgraded to a websocket: " + errcode.Words(e.Err)
}

// Unwrap returns the cause.
func (e *UpgradeError) Unwrap() error { return e.Err }

// Retryable tells that the upgrade may succeed the next time. Without an answer
// the cause tells.
func (e *UpgradeError) Retryable() bool { return passing[e.Status] }

// target is the TLS that a connection is for.
type target struct {
	auth bool // for the auth service, which needs TLS routing
	// config returns how to shake hands through an upgraded connection or a
	// direct one, and a function that finds out afterwards whether the one at
	// the other end is who was meant.
	config func(upgraded bool) (*tls.Config, func(tls.ConnectionState) error, error)
}

// name is what the log calls it.
func (t target) name() string {
	if t.auth {
		return "auth service"
	}
	return "app"
}

// authTarget is the auth service: its certificate is its own both ways.
func authTarget(cfg *tls.Config) target {
	check := func(state tls.ConnectionState) error {
		if state.NegotiatedProtocol != protoHTTP2 {
			return errALPN
		}
		return nil
	}
	return target{auth: true, config: func(bool) (*tls.Config, func(tls.ConnectionState) error, error) {
		return cfg, check, nil
	}}
}

// passage is the way to a target behind the proxy's web address, directly or
// through an upgraded connection.
type passage struct {
	*Proxy
	to target
}

// secure makes of a TCP connection to the proxy the TLS connection that is
// wanted, through an upgrade if it takes one. Where that fails and a test says
// that the other way is right, it dials again and goes that way; and also where
// no test is needed, because somebody else answered the handshake: firewalls
// that inspect TLS pass the test by taking over what the proxy negotiates. Where
// the time of a certificate was judged by a wrong clock, it dials again too. raw is
// closed on an error.
func (p passage) secure(ctx context.Context, raw net.Conn) (*tls.Conn, error) {
	upgraded, skew := p.Upgrade.Needed(), p.Clock.Skew()
	conn, err := p.secureBy(ctx, raw, upgraded)
	if otherTime(ctx, p.Proxy, err, skew) {
		if raw, dialErr := p.dial(ctx); dialErr == nil {
			conn, err = p.secureBy(ctx, raw, upgraded)
		}
	}
	if err == nil || ctx.Err() != nil {
		return conn, err
	}
	if p.to.auth {
		if off := p.withoutTLSRouting(ctx, err); off != nil {
			return nil, off
		}
	}
	tested := p.otherWay(ctx, upgraded)
	if !tested && (upgraded || !p.Upgrade.free() || !answeredByAnother(err)) {
		return nil, p.forbidden(ctx, err)
	}
	if raw, dialErr := p.dial(ctx); dialErr == nil {
		var other error
		if conn, other = p.secureBy(ctx, raw, !upgraded); other == nil {
			p.Upgrade.learn(!upgraded)
			return conn, nil
		}
		if tested {
			err = other
		}
	}
	return nil, err
}

// answeredByAnother tells that a handshake was answered by somebody who is
// neither the proxy nor the auth service.
func answeredByAnother(err error) bool {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
	)
	return errors.Is(err, ErrCertNotAsked) || errors.Is(err, errALPN) || errors.As(err, &unknown) || errors.As(err, &name)
}

func (p passage) secureBy(ctx context.Context, raw net.Conn, upgraded bool) (conn *tls.Conn, err error) {
	began, way := time.Now(), "direct"
	if upgraded {
		way = "upgraded"
	}
	defer func() { p.tell("tls handshake", began, err, "way", way, "with", p.to.name()) }()
	cfg, check, err := p.to.config(upgraded)
	if err == nil && upgraded {
		var inner net.Conn
		if inner, err = p.upgrade(ctx, raw); err == nil {
			raw = inner
		}
	}
	if err != nil {
		raw.Close()
		return nil, err
	}
	if conn, err = handshake(ctx, raw, p.Addr, cfg); err != nil {
		return nil, err
	}
	if err = check(conn.ConnectionState()); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// forbidden says so if err comes of an upgrade that the user does not want.
func (p passage) forbidden(ctx context.Context, err error) error {
	if p.Upgrade == nil || p.Upgrade.mode != UpgradeNever || p.probe(ctx) != RouteEnded {
		return err
	}
	return &UpgradeError{Forbidden: true, Err: err}
}

// upgrade turns a TCP connection to the web address into one to the proxy
// behind it (protocol.md 6.4). On an error the caller closes raw.
func (p passage) upgrade(ctx context.Context, raw net.Conn) (net.Conn, error) {
	outer, err := handshake(ctx, raw, p.Addr, p.webTLS())
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	began := time.Now()
	conn, err := openWebsocket(limited, outer, p.Addr, p.UserAgent)
	if err == nil {
		return conn, nil
	}
	if limited.Err() != nil {
		err = limited.Err()
	}
	err = errcode.Silence(err, began, p.Addr, "did not answer the request for one", "")
	var refused *UpgradeError
	if ctx.Err() != nil || errors.As(err, &refused) {
		return nil, err
	}
	return nil, &UpgradeError{Err: nameAlert(err)}
}

// openWebsocket asks the web server at the other end of conn to switch to a
// websocket. The end of ctx interrupts it.
func openWebsocket(ctx context.Context, conn net.Conn, host, agent string) (net.Conn, error) {
	release := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer release()
	var nonce [16]byte
	rand.Read(nonce[:]) // never fails
	key := base64.StdEncoding.EncodeToString(nonce[:])
	req := &http.Request{
		Method: http.MethodGet, Host: host,
		URL: &url.URL{Scheme: "https", Host: host, Path: upgradePath},
		Header: http.Header{
			"User-Agent":             {agent},
			"Upgrade":                {"websocket"},
			"Connection":             {"Upgrade"},
			"Sec-Websocket-Version":  {"13"},
			"Sec-Websocket-Protocol": {upgradeProto},
			"Sec-Websocket-Key":      {key},
		},
	}
	if err := req.Write(conn); err != nil {
		return nil, err
	}
	quiet := newQuietConn(conn)
	limit := &io.LimitedReader{R: quiet, N: maxConnectAnswer}
	in := bufio.NewReader(limit)
	answer, err := http.ReadResponse(in, req)
	if err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	if err := checkSwitched(answer, key); err != nil {
		return nil, err
	}
	if !release() {
		return nil, ctx.Err()
	}
	limit.N = math.MaxInt64 // the rest is the connection
	ws := &wsConn{Conn: quiet, in: in}
	go quiet.watch(ws.over)
	return ws, nil
}

// checkSwitched checks the answer to the handshake with that key.
func checkSwitched(answer *http.Response, key string) error {
	sum := sha1.Sum([]byte(key + acceptGUID))
	switch got := answer.Header; {
	case answer.StatusCode != http.StatusSwitchingProtocols:
		return &UpgradeError{Status: answer.StatusCode}
	case !strings.EqualFold(got.Get("Upgrade"), "websocket"),
		got.Get("Sec-Websocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]):
		return errors.New("the answer is not that of a websocket")
	case got.Get("Sec-Websocket-Protocol") != upgradeProto:
		// A server that does not know the protocol says 101 all the same, and
		// then nothing.
		return errors.New("the proxy does not know the protocol " + upgradeProto)
	}
	return nil
}

// NoTLSRoutingError tells that the cluster runs without TLS routing: its auth
// service is not reached through the web address (protocol.md 6.6).
type NoTLSRoutingError struct {
	Cluster string
	Err     error // of the attempt; nil if there was none
}

func (e *NoTLSRoutingError) Error() string {
	return oneLine(e.Cluster) + " runs without TLS routing: its auth service is not reached through the proxy's web address"
}

// Unwrap returns the cause.
func (e *NoTLSRoutingError) Unwrap() error { return e.Err }

// withoutTLSRouting asks the cluster whether cause comes of that. It returns nil
// if it does not, or if the cluster does not say.
func (p passage) withoutTLSRouting(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	ping, err := p.Find(ctx)
	if err != nil || !ping.Proxy.TLSRoutingOff() {
		return nil
	}
	return &NoTLSRoutingError{Cluster: ping.ClusterName, Err: cause}
}

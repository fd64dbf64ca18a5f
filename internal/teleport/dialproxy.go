// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// maxConnectAnswer bounds the header with which an HTTP proxy answers CONNECT.
const maxConnectAnswer = 64 << 10

// Egress is the way out of a network that lets its machines out only through an
// HTTP or SOCKS5 proxy (protocol.md 6.5). Its Dial is made to be
// [Proxy.Dial]: everything that goes to a cluster, its web API, gRPC and the
// apps, takes the same way, because all of it goes to the same address.
type Egress struct {
	// Setting is what names the proxy to the user: HTTPS_PROXY if it is empty.
	Setting string
	// Find returns the proxy by which to reach a URL, nil for none, as
	// httpproxy.Config.ProxyFunc and http.Transport.Proxy do. It is asked for
	// "https://ADDR": whatever goes to a cluster is TLS. The proxy's scheme is
	// http, https, socks5 or socks5h; its user and password are used.
	Find func(*url.URL) (*url.URL, error)
	// Direct opens the connections to the proxy, and where there is none, those to
	// the cluster; nil means a [Dialer].
	Direct func(ctx context.Context, network, addr string) (net.Conn, error)
	// RootCAs are trusted for a proxy that itself is reached by https; nil
	// means the system's.
	RootCAs *x509.CertPool
}

// EgressError tells that the network's proxy could not be reached, or did not
// connect.
type EgressError struct {
	Setting string // what names the proxy; empty: HTTPS_PROXY
	Proxy   string // host:port
	Status  int    // of an HTTP proxy's answer; 0: it gave none
	Login   bool   // a SOCKS5 proxy wants another user or password
	Refused bool   // a SOCKS5 proxy does not connect
	Err     error  // the cause where Status is 0

	passing bool // Refused, for a reason that may be gone the next time
}

func (e *EgressError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("the network's proxy %s answers %d %s", e.Proxy, e.Status, http.StatusText(e.Status))
	}
	return "the network's proxy " + e.Proxy + ": " + errcode.Words(e.Err)
}

// Unwrap returns the cause.
func (e *EgressError) Unwrap() error { return e.Err }

// Retryable tells that the proxy may connect the next time. Without an answer
// the cause tells.
func (e *EgressError) Retryable() bool { return e.passing || passing[e.Status] }

// passing are the answers of a server on the way that may be others the next
// time: it is too busy, is starting, or does not reach what is behind it.
var passing = map[int]bool{
	http.StatusTooManyRequests: true, http.StatusBadGateway: true,
	http.StatusServiceUnavailable: true, http.StatusGatewayTimeout: true,
}

// Dial connects to addr, host:port, through the proxy that Find names. The name
// is resolved by the proxy. Without a proxy it dials directly.
func (e *Egress) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	via, err := e.Find(&url.URL{Scheme: "https", Host: addr})
	var setting *EgressSettingError
	if errors.As(err, &setting) {
		return nil, setting
	}
	if err != nil {
		// Its text quotes the address of the proxy, password and all.
		return nil, errcode.New(errcode.NetworkProxySetting, "the address of the network's proxy cannot be read")
	}
	if via == nil {
		return e.direct(ctx, network, addr)
	}
	var conn net.Conn
	switch via.Scheme {
	case "http", "https":
		conn, err = e.dialHTTP(ctx, via, addr)
	case "socks5", "socks5h":
		conn, err = e.dialSOCKS(ctx, via, addr)
	default:
		err = fmt.Errorf("proxies of type %q are not known", oneLine(via.Scheme))
	}
	if err == nil {
		return tunnel{conn}, nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		err = ctx.Err() // the caller's end of it, not the noise that it makes
	}
	var refused *EgressError
	if errors.As(err, &refused) {
		refused.Setting = e.Setting
		return nil, err
	}
	return nil, &EgressError{Setting: e.Setting, Proxy: egressAddr(via), Err: err}
}

func (e *Egress) direct(ctx context.Context, network, addr string) (net.Conn, error) {
	if e.Direct != nil {
		return e.Direct(ctx, network, addr)
	}
	return dialer.Dial(ctx, network, addr)
}

// reach is direct to the network's proxy.
func (e *Egress) reach(ctx context.Context, network, addr string) (net.Conn, error) {
	began := time.Now()
	conn, err := e.direct(ctx, network, addr)
	return conn, notTaken(err, began, "it", "")
}

// silentEgress names what the network's proxy, which the text around it names, did not do.
func silentEgress(err error, began time.Time, what string) error {
	return silence(err, began, "it", what, "")
}

// egressAddr is the proxy's host:port.
func egressAddr(via *url.URL) string {
	port := map[string]string{"http": "80", "https": "443"}[via.Scheme]
	return net.JoinHostPort(via.Hostname(), cmp.Or(via.Port(), port, "1080"))
}

func (e *Egress) dialHTTP(ctx context.Context, via *url.URL, addr string) (net.Conn, error) {
	conn, err := e.reach(ctx, "tcp", egressAddr(via))
	if err != nil {
		return nil, err
	}
	if via.Scheme == "https" {
		conn, err = handshake(ctx, conn, "it", &tls.Config{
			ServerName: via.Hostname(),
			RootCAs:    e.RootCAs,
			NextProtos: []string{protoHTTP1},
			MinVersion: tls.VersionTLS12,
		})
		if err != nil {
			return nil, err
		}
	}
	began := time.Now()
	tunnel, err := openTunnel(ctx, conn, via, addr)
	if err != nil {
		conn.Close()
		return nil, silentEgress(err, began, "did not answer CONNECT")
	}
	return tunnel, nil
}

// openTunnel asks the HTTP proxy at the other end of conn to connect to addr.
// The end of ctx interrupts it.
func openTunnel(ctx context.Context, conn net.Conn, via *url.URL, addr string) (net.Conn, error) {
	release := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer release()
	req := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if user := via.User; user != nil {
		password, _ := user.Password()
		credentials := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		req.Header.Set("Proxy-Authorization", "Basic "+credentials)
	}
	if err := req.Write(conn); err != nil {
		return nil, err
	}
	in := bufio.NewReader(io.LimitReader(conn, maxConnectAnswer))
	answer, err := http.ReadResponse(in, req)
	switch {
	case err != nil:
		return nil, fmt.Errorf("its answer cannot be read: %w", err)
	case answer.StatusCode != http.StatusOK:
		return nil, &EgressError{Proxy: egressAddr(via), Status: answer.StatusCode}
	case in.Buffered() > 0:
		// The client speaks first in TLS: this would not be the cluster.
		return nil, errors.New("it sent more than an answer to CONNECT")
	case !release():
		return nil, ctx.Err()
	}
	return conn, nil
}

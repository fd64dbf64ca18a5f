// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// dialSOCKS connects to addr through a SOCKS5 proxy, which resolves the name
// (protocol.md 6.5).
func (e *Egress) dialSOCKS(ctx context.Context, via *url.URL, addr string) (net.Conn, error) {
	var login *proxy.Auth
	if user := via.User; user != nil {
		password, _ := user.Password()
		login = &proxy.Auth{User: user.Username(), Password: password}
	}
	dialer, err := proxy.SOCKS5("tcp", egressAddr(via), login, forwardDialer(e.reach))
	if err != nil {
		return nil, err
	}
	began := time.Now()
	conn, err := dialer.(proxy.ContextDialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, socksError(via, silentEgress(err, began, "did not answer in SOCKS5"))
	}
	return conn, nil
}

// What a connection through a SOCKS5 proxy may fail with. Its client has no types for it.
const (
	socksRefused = "unknown error " // and then why
	socksLogin   = "username/password"
	socksMethods = "no acceptable authentication methods"
	socksUnfit   = "invalid username/password" // said by this side: it cannot be sent
	socksVersion = "unexpected protocol version "
)

// socksPassing are the reasons that may be gone the next time.
var socksPassing = []string{
	"general SOCKS server failure", "network unreachable", "host unreachable", "connection refused", "TTL expired",
}

// socksError is what a SOCKS5 proxy says, without the addresses that its client
// puts before it; an err of the connection to it stays as it is.
func socksError(via *url.URL, err error) error {
	var op *net.OpError
	if isSilent(err) || !errors.As(err, &op) || !strings.HasPrefix(op.Op, "socks ") {
		return err
	}
	failed := &EgressError{Proxy: egressAddr(via), Err: op.Err}
	text := op.Err.Error()
	switch reason, refused := strings.CutPrefix(text, socksRefused); {
	case refused:
		failed.Refused, failed.Err = true, errors.New("it does not connect: "+reason)
		for _, passing := range socksPassing {
			failed.passing = failed.passing || reason == passing
		}
	case strings.HasPrefix(text, socksVersion):
		failed.Err = errors.New("it does not speak SOCKS5")
	case errors.Is(op.Err, io.EOF):
		failed.Err = fmt.Errorf("it gave no answer: %w", op.Err)
	case text == socksUnfit:
		failed.Login, failed.Err = true, errors.New("it asks for a user and a password, of 1 to 255 bytes each")
	case strings.Contains(text, socksLogin), text == socksMethods:
		failed.Login, failed.Err = true, errors.New("it asks for another user or password")
	}
	return failed
}

// forwardDialer makes a function a dialer of golang.org/x/net/proxy.
type forwardDialer func(ctx context.Context, network, addr string) (net.Conn, error)

// Dial is there because the package asks for it, and does not use it.
func (f forwardDialer) Dial(string, string) (net.Conn, error) {
	return nil, errcode.New(errcode.Internal, "dialled without a context")
}

// DialContext is the function.
func (f forwardDialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return f(ctx, network, addr)
}

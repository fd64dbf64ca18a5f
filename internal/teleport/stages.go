// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/url"
)

// The stages of a connection to a proxy, one at a time, for whoever wants to know
// which of them fails. A connection takes the same steps.

// Reach opens a TCP connection to the web address, through the network's proxy if
// there is one, and closes it. Its errors are *[ReachError].
func Reach(ctx context.Context, p *Proxy) error {
	conn, err := p.dial(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Greet shakes hands with the web address as for a request of the web API. Its
// errors are *[ReachError].
func Greet(ctx context.Context, p *Proxy) (tls.ConnectionState, error) {
	raw, err := p.dial(ctx)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	conn, err := handshake(ctx, raw, p.Addr, p.webTLS())
	if err != nil {
		return tls.ConnectionState{}, reaching(err)
	}
	defer conn.Close()
	return conn.ConnectionState(), nil
}

// TryUpgrade asks for an upgraded connection to the proxy, and closes it. An
// *[UpgradeError] tells that there is none, or that the user does not want any.
func TryUpgrade(ctx context.Context, p *Proxy) error {
	if p.Upgrade != nil && p.Upgrade.mode == UpgradeNever {
		return &UpgradeError{Forbidden: true, Err: errors.New("it was tested")}
	}
	raw, err := p.dial(ctx)
	if err != nil {
		return err
	}
	defer raw.Close()
	conn, err := passage{Proxy: p}.upgrade(ctx, raw)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Via is the network's proxy, host:port, by which addr is reached; empty if there
// is none.
func (e *Egress) Via(addr string) (string, error) {
	if e == nil {
		return "", nil
	}
	via, err := e.Find(&url.URL{Scheme: "https", Host: addr})
	if via == nil || err != nil {
		return "", err
	}
	return egressAddr(via), nil
}

// Reach opens a TCP connection to the network's proxy at via, and closes it.
func (e *Egress) Reach(ctx context.Context, via string) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := e.reach(ctx, "tcp", via)
	if err != nil {
		return &EgressError{Setting: e.Setting, Proxy: via, Err: err}
	}
	return conn.Close()
}
